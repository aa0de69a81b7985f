package nn_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

// tensors are inputs, outputs or seeds by their names.
type tensors = map[string]*nn.Tensor

// ported is a network with two inputs and two outputs, of which one is read again.
func ported(t testing.TB) *nn.Network {
	t.Helper()
	k3, same := [2]int{3, 3}, [4]int{1, 1, 1, 1}
	net, err := nn.NewBuilder(nil).Input("image", nn.Shape{2, 8, 8}).Input("hint", nn.Shape{5}).
		Add("conv", layer.Conv{Out: 4, Kernel: k3, Pads: same}).Add("bn", layer.BatchNorm{}).Add("act", activation.Must("relu")).
		Add("drop", layer.Dropout{Rate: 0.3}).Add("flat", layer.Flatten{}).Add("features", layer.Dense{Out: 6}).
		Add("embed", layer.Dense{Out: 6}, "hint").Add("gate", activation.Must("sigmoid")).
		Add("mul", layer.Mul{}, "features", "gate").Add("scores", layer.Dense{Out: 3}).
		Outputs("scores", "features").Build()
	if err != nil {
		t.Fatal(err)
	}
	net.Init(nn.PyTorchInit, 2)
	return net
}

func portedInputs(n int) tensors {
	return tensors{"image": randomTensor(1, n, 2, 8, 8), "hint": randomTensor(2, n, 5)}
}

func executor(t testing.TB, net *nn.Network, cfg nn.ExecutorConfig) *nn.Executor {
	t.Helper()
	e, err := nn.NewExecutor(net, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func execute(t testing.TB, e *nn.Executor, inputs, seeds tensors) *nn.Result {
	t.Helper()
	r, err := e.Run(inputs, seeds)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Several inputs, outputs and seeds, in training and in inference, against a computation by hand.
func TestExecutorEqualsComputationByHand(t *testing.T) {
	const n = 37
	inputs := portedInputs(n)
	seeds := tensors{"scores": randomTensor(3, n, 3), "features": randomTensor(4, n, 6), "act": randomTensor(5, n, 4, 8, 8)}
	for _, mode := range []nn.Mode{nn.Inference, nn.Training} {
		net := ported(t)
		w := forwardByHand(t, net, mode, inputs, 9, 4)
		w.back(seeds)
		e := executor(t, net, nn.ExecutorConfig{
			Mode: mode, Workers: 2, Outputs: append(layerNames(net), "image", "hint"),
			Seeds: slices.Sorted(maps.Keys(seeds)), Gradients: []string{"image", "hint", "features", "act", "drop", "conv"},
		})
		e.Seed(9, 4)
		r := execute(t, e, inputs, seeds)
		for name, y := range r.Outputs {
			sameTensor(t, fmt.Sprintf("mode %d: output of %s", mode, name), y, w.tensor(w.values[name]))
		}
		for name, dy := range r.Gradients {
			sameTensor(t, fmt.Sprintf("mode %d: gradient of %s", mode, name), dy, w.tensor(w.grads[name]))
		}
		for _, p := range net.Params() {
			if g, ok := r.Params[p]; ok != p.Trained() || ok && !slices.Equal(g, w.gradient(p)) {
				t.Errorf("mode %d: the gradient of %s is not that computed by hand", mode, p.FullName())
			}
		}
	}
}

func TestExecutorWithoutSeedsForARun(t *testing.T) {
	net := ported(t)
	e := executor(t, net, nn.ExecutorConfig{Seeds: []string{"scores", "act"}, Gradients: []string{"image"}})
	const n = 17
	one := execute(t, e, portedInputs(n), tensors{"scores": randomTensor(3, n, 3)})
	both := execute(t, e, portedInputs(n), tensors{"scores": randomTensor(3, n, 3), "act": nn.NewTensor(n, 4, 8, 8)})
	sameTensor(t, "a seed that is not given counts as zeros", one.Gradients["image"], both.Gradients["image"])
	if norm(one.Gradients["image"].Data) == 0 {
		t.Error("no gradient at all")
	}
	none := execute(t, e, portedInputs(n), nil)
	if none.Gradients != nil || none.Params != nil || norm(none.Outputs["scores"].Data) == 0 {
		t.Error("without seeds: want the outputs alone")
	}
	if empty := execute(t, executor(t, net, nn.ExecutorConfig{}), portedInputs(0), nil); empty.Outputs["scores"].Shape[0] != 0 || empty.Params != nil {
		t.Errorf("of no samples: %+v", empty)
	}
}

func TestExecutorRefuses(t *testing.T) {
	net := ported(t)
	for name, c := range map[string]struct {
		cfg   nn.ExecutorConfig
		words []string
	}{
		"an unknown output":       {nn.ExecutorConfig{Outputs: []string{"none"}}, []string{`output "none"`, "no layer of that name"}},
		"an unknown gradient":     {nn.ExecutorConfig{Seeds: []string{"act"}, Gradients: []string{"none"}}, []string{`gradient "none"`}},
		"a seed at an input":      {nn.ExecutorConfig{Seeds: []string{"image"}}, []string{`seed "image"`}},
		"an output twice":         {nn.ExecutorConfig{Outputs: []string{"act", "act"}}, []string{`output "act"`, "twice"}},
		"gradients without seeds": {nn.ExecutorConfig{Gradients: []string{"image"}}, []string{`gradient "image"`, "no seed"}},
		"a gradient behind":       {nn.ExecutorConfig{Seeds: []string{"act"}, Gradients: []string{"scores"}}, []string{`gradient "scores"`, "no seed"}},
		"a gradient beside":       {nn.ExecutorConfig{Seeds: []string{"act"}, Gradients: []string{"hint"}}, []string{`gradient "hint"`, "no seed"}},
		"another mode":            {nn.ExecutorConfig{Mode: 2}, []string{"mode 2"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := nn.NewExecutor(net, c.cfg)
			wantError(t, err, c.words...)
		})
	}
	seed := func(n int) tensors { return tensors{"scores": randomTensor(3, n, 3)} }
	good := portedInputs(5)
	for name, c := range map[string]struct {
		inputs, seeds tensors
		words         []string
	}{
		"a missing input":   {tensors{"image": good["image"]}, nil, []string{`input "hint" is missing`, "image, hint"}},
		"an unknown input":  {tensors{"image": good["image"], "hint": good["hint"], "more": good["hint"]}, nil, []string{`no input "more"`}},
		"another shape":     {tensors{"image": good["hint"], "hint": good["hint"]}, nil, []string{`input "image"`, "(N, 2, 8, 8)", "(5, 5)"}},
		"other samples":     {tensors{"image": good["image"], "hint": randomTensor(1, 4, 5)}, nil, []string{`"hint" has 4 samples`, "5"}},
		"too few values":    {tensors{"image": good["image"], "hint": {Shape: []int{5, 5}}}, nil, []string{`input "hint"`, "0 values"}},
		"no shape":          {tensors{"image": good["image"], "hint": {}}, nil, []string{`input "hint"`}},
		"an unknown seed":   {good, tensors{"act": randomTensor(1, 5, 4, 8, 8)}, []string{`seed "act"`}},
		"a seed's shape":    {good, tensors{"scores": randomTensor(1, 5, 4)}, []string{`seed "scores"`, "(N, 3)"}},
		"a seed's samples":  {good, seed(4), []string{`seed "scores" has 4 samples`, "5"}},
		"a seed of nothing": {good, tensors{"scores": nil}, []string{`seed "scores"`}},
		"no samples":        {portedInputs(0), seed(0), []string{"at least one sample"}},
	} {
		t.Run(name, func(t *testing.T) {
			e := executor(t, net, nn.ExecutorConfig{Seeds: []string{"scores"}})
			r, err := e.Run(c.inputs, c.seeds)
			wantError(t, err, c.words...)
			if r != nil {
				t.Error("both a result and an error")
			}
			execute(t, e, good, seed(5))
		})
	}
}
