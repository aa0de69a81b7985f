package bench

import (
	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/preset"
)

// Acts are the activations of the study that are measured if none is asked for.
var Acts = []string{"leaky:-0.5", "prelu:channel", "prelu", "swish", "swish-beta", "mish"}

// Config says what to measure on. The network is the study's.
type Config struct {
	Samples nn.Samples
	Batch   int     // samples a step of training
	Workers []int   // numbers of workers, each measured
	Seconds float64 // for each figure, and as much for the peak beside it
}

// network is the study's, with start values, as gonn train makes it.
func (c Config) network(act string) (*nn.Network, error) {
	a, err := activation.Parse(act)
	if err != nil {
		return nil, err
	}
	a.Kink = nn.Keras
	net, err := preset.Build("study", c.Samples.Shape(), c.Samples.Classes(), a)
	if err != nil {
		return nil, err
	}
	net.Init(nn.KerasInit, 1)
	return net, nil
}
