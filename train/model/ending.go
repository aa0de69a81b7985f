package model

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
)

// EndingIn is the network with a layer behind it that gives probabilities: "softmax" or
// "sigmoid", which has to be that of the loss it was trained with.
func (m *Model) EndingIn(asked string) (*nn.Network, error) {
	loss, err := m.Loss()
	if err != nil {
		return nil, err
	}
	net, err := m.Net.WithProbabilities(loss)
	if err != nil {
		return nil, fmt.Errorf("--%s: %s: %w", asked, m.Name, err)
	}
	right := "softmax"
	if net.Output() == nn.OutputSigmoids {
		right = "sigmoid"
	}
	if asked != right {
		return nil, fmt.Errorf("--%s: the loss of %s is %s, whose probabilities are those of --%s", asked, m.Name, loss.Name(), right)
	}
	return net, nil
}
