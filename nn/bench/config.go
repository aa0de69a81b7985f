package bench

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
)

// Acts are the activations of the study that are measured if none is asked for.
var Acts = []string{"leaky:-0.5", "prelu:channel", "prelu", "swish", "swish-beta", "mish"}

// Batches are the sizes that inference is measured with if none is asked for.
var Batches = []int{1, 16, 128}

// TrainBatch is the number of samples a step of training if none is asked for.
const TrainBatch = 128

// Config says how to measure. Zero values are defaults.
type Config struct {
	Batch   int     // samples a step of training; 0 for TrainBatch
	Batches []int   // samples a batch of inference, each size measured; none for Batches
	Workers []int   // numbers of workers in training, each measured; none for Scale
	Seconds float64 // for each figure, and as much for the peak beside it; 0 for 1
}

// WithDefaults checks a configuration and returns it with defaults in place of zero values.
func (c Config) WithDefaults() (Config, error) {
	below1 := func(n int) bool { return n < 1 }
	if c.Batch == 0 {
		c.Batch = TrainBatch
	}
	if len(c.Batches) == 0 {
		c.Batches = Batches
	}
	if len(c.Workers) == 0 {
		c.Workers = Scale()
	}
	if c.Seconds == 0 {
		c.Seconds = 1
	}
	switch {
	case c.Batch < 1:
		return c, fmt.Errorf("bench: Config.Batch is %d, need at least 1, or 0 for %d", c.Batch, TrainBatch)
	case slices.ContainsFunc(c.Batches, below1):
		return c, fmt.Errorf("bench: Config.Batches are %d, need at least 1 each", c.Batches)
	case slices.ContainsFunc(c.Workers, below1):
		return c, fmt.Errorf("bench: Config.Workers are %d, need at least 1 each", c.Workers)
	case !(c.Seconds > 0) || math.IsInf(c.Seconds, 0):
		return c, fmt.Errorf("bench: Config.Seconds is %v, need a number above 0, or 0 for 1", c.Seconds)
	}
	return c, nil
}

// of is WithDefaults of a measurement whose subject passes a check.
func (c Config) of(check func() error) (Config, error) {
	c, err := c.WithDefaults()
	if err == nil {
		err = check()
	}
	return c, err
}

// NeedsSamples is the number of samples that Subject.Data must have; 0 if the configuration is in
// error.
func (c Config) NeedsSamples() int {
	c, err := c.WithDefaults()
	if err != nil {
		return 0
	}
	return max(c.Batch, slices.Max(c.Batches))
}

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

// checkTraining is an error if there is nothing to train, or nothing to train with.
func (s Subject) checkTraining() error {
	switch {
	case s.Fit == nil:
		return errors.New("bench: Subject.Fit is nil: training needs a network")
	case s.Loss == nil:
		return errors.New("bench: Subject.Loss is nil: training needs one")
	case s.Data == nil || s.Data.Len() == 0:
		return errors.New("bench: Subject.Data has no samples: training needs some")
	}
	return nil
}

// checkInference is an error if there is nothing to run.
func (s Subject) checkInference() error {
	switch {
	case s.Forward != nil:
		return nil
	case s.Net == nil:
		return errors.New("bench: Subject.Net and Forward are nil: inference needs one of them")
	case s.Data == nil:
		return errors.New("bench: Subject.Data is nil: inference of a network needs samples")
	}
	return nil
}

// checkLayers is an error if there is no network to run.
func (s Subject) checkLayers() error {
	if s.Net == nil {
		return errors.New("bench: Subject.Net is nil: measuring layers needs a network")
	}
	return s.checkInference()
}
