package nn

import (
	"github.com/gonn-toolkit/gonn/nn/internal/exec"
)

// Memory is what a network takes, in bytes: an estimate from the plan of its buffers. What
// data sets, optimizers and Go itself take comes on top.
type Memory struct {
	Parameters  int // the values of all parameters
	Activations int // outputs of layers, and in training their gradients
	Gradients   int // of parameters: in training, one set a block of samples and their sum
}

// Total is all of it.
func (m Memory) Total() int { return m.Parameters + m.Activations + m.Gradients }

const floatBytes = 4

// Memory is what runs on batches of so many samples take: Forward in Inference mode, Stepper
// in Training mode. workers is the number of goroutines, 0 for one a processor.
func (n *Network) Memory(mode Mode, batch, workers int) Memory {
	c := exec.Config{Workers: workers, Outputs: n.outputValues()}
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
