package nn

import "github.com/gonn-toolkit/gonn/nn/internal/exec"

// Memory is an estimate of the memory that running a network takes, in bytes, from the memory
// plan of the executor. It does not include data sets, optimizers, and Go's runtime.
type Memory struct {
	Parameters  int // values of all parameters
	Activations int // outputs of layers, and their gradients in training
	Gradients   int // gradients of parameters in training: one set for each block, and the sum
}

// Total is the sum.
func (m Memory) Total() int { return m.Parameters + m.Activations + m.Gradients }

const floatBytes = 4

// Memory estimates the memory of running batches of so many samples: by Forward in Inference
// mode, by a Stepper in Training mode. workers is the number of goroutines, 0 for one a
// processor.
func (n *Network) Memory(mode Mode, batch, workers int) Memory {
	c := exec.Config{Workers: workers, Outputs: n.outputValues(), Fast: n.FastConv()}
	if mode == Training {
		c.Training, c.Seeds = true, c.Outputs
	}
	e := exec.New(n.graph(), c)
	u := e.Usage(batch)
	m := Memory{Parameters: len(n.flat) * floatBytes, Activations: u.Values * floatBytes}
	if mode == Training {
		m.Gradients = (u.Gradients + e.NumGradients()) * floatBytes
	}
	return m
}
