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
	right, layer := "softmax", nn.Layer(nn.Softmax{})
	if ofSigmoids(loss) {
		right, layer = "sigmoid", nn.MustActivation("sigmoid")
	}
	switch {
	case loss.Probabilities():
		return nil, fmt.Errorf("--%s: the network ends in a sigmoid and gives probabilities already", asked)
	case asked != right:
		return nil, fmt.Errorf("--%s: %s was trained with %s, whose probabilities are those of --%s", asked, m.Name, loss.Name(), right)
	}
	return m.Net.Builder(nil).Add(right, layer).Build()
}
