package model

import (
	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/landscape"
)

// Objective is a loss over samples as a function of the model's parameters. workers is the number
// of goroutines, 0 for one a processor. A file that has no trainable form has none.
func (m *Model) Objective(s nn.Samples, loss nn.Loss, workers int) (*landscape.Objective, error) {
	if m.Foreign != nil {
		return nil, m.Untrainable()
	}
	net, s, err := m.measured(s, loss, workers)
	if err != nil {
		return nil, err
	}
	return &landscape.Objective{Net: net, Data: s, Loss: loss, Workers: workers}, nil
}
