package bench

import (
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
)

// Acts are the activations of the study that are measured if none is asked for.
var Acts = []string{"leaky:-0.5", "prelu:channel", "prelu", "swish", "swish-beta", "mish"}

// Batches are the sizes that inference is measured with if none is asked for.
var Batches = []int{1, 16, 128}

// TrainBatch is the number of samples a step of training if none is asked for.
const TrainBatch = 128

// Config says how to measure.
type Config struct {
	Batch   int     // samples a step of training
	Batches []int   // samples a batch of inference, each size measured
	Workers []int   // numbers of workers in training, each measured
	Seconds float64 // for each figure, and as much for the peak beside it
}

// NeedsSamples is the number of samples that Subject.Data must have.
func (c Config) NeedsSamples() int { return max(c.Batch, slices.Max(c.Batches)) }

// Subject is what is measured: a network, with data for it.
type Subject struct {
	Act string      // the activation of a preset, "" for other networks
	Net *nn.Network // in inference; nil if Forward is set
	// Fit is the network that training fits by Loss, whose last layers may be others than those
	// of Net. It is nil if there is nothing to train. Its parameters do not change.
	Fit  *nn.Network
	Loss nn.Loss
	Data nn.Dataset // nn.Samples or nn.TargetSamples
	// Forward, if not nil, prepares inference of the first n samples outside package nn. A call
	// of what it returns runs them once.
	Forward func(n int) (func() error, error)
}
