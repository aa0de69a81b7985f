package nn

import "github.com/gonn-toolkit/gonn/nn/internal/exec"

// MaxSingle is up to how many samples run through a network one by one.
func MaxSingle(n *Network) int {
	return exec.New(n.graph(), exec.Config{Outputs: n.outputValues()}).MaxSingle()
}

// ForwardSingle runs one sample through a network, which so many goroutines share. All layers must
// be able to.
func ForwardSingle(n *Network, x []float32, workers int) []float32 {
	e := exec.New(n.graph(), exec.Config{Workers: workers, Outputs: n.outputValues(), PlanarWorkers: workers})
	if e.MaxSingle() == 0 {
		panic("a layer cannot run on one sample")
	}
	y := make([]float32, n.OutputShape().Size())
	err := e.Run(1, exec.Job{
		Load:         func(u *exec.Unit) error { u.Value(exec.Input(0)).Write(x); return nil },
		AfterForward: func(u *exec.Unit) error { u.Value(n.outputValues()[0]).Read(y); return nil },
	})
	if err != nil {
		panic(err)
	}
	return y
}

// ObserveSingle is ForwardSingle that gives the input and the outputs of all layers.
func ObserveSingle(n *Network, x []float32, workers int) map[string][]float32 {
	seen := map[string][]float32{InputName: make([]float32, len(x))}
	observed := []exec.Value{exec.Input(0)}
	for i, node := range n.nodes {
		seen[node.Name] = make([]float32, node.Shape.Size())
		observed = append(observed, exec.Value(i))
	}
	e := exec.New(n.graph(), exec.Config{Workers: workers, Observed: observed, PlanarWorkers: workers})
	err := e.Run(1, exec.Job{
		Load: func(u *exec.Unit) error { u.Value(exec.Input(0)).Write(x); return nil },
		Observe: func(u *exec.Unit, v exec.Value) {
			name := InputName
			if v >= 0 {
				name = n.nodes[v].Name
			}
			u.Value(v).Read(seen[name])
		},
	})
	if err != nil {
		panic(err)
	}
	return seen
}
