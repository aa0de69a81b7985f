package train

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/optim"
)

// Config says how Fit trains.
type Config struct {
	Loss nn.Loss
	// Optimizer was made for parameters of the network that Fit gets: for all of them, or
	// for those that are to be trained. The others keep their values, as frozen ones do, but
	// for running statistics, which follow the batches.
	Optimizer optim.Optimizer
	// Schedule, if not nil, sets the learning rate of each step. A Plateau in it hears of
	// each epoch's loss: that of validation, if there is any.
	Schedule optim.Schedule
	// LR is the rate that Schedule starts from; 0 means the optimizer's when Fit begins,
	// which is right unless a training is resumed. Groups of parameters with a rate of their
	// own follow in proportion (optim.Group).
	LR float64
	// Clip limits the gradient of each step; its norm is that of the parameters trained.
	Clip optim.Clip
	// Epochs is the total, those before Start included.
	Epochs int
	// Batch is the number of samples a step; the last step of an epoch takes what is
	// left.
	Batch int
	// Seed sets the order of the samples, a new one each epoch.
	Seed uint64
	// Workers is the number of goroutines, 0 for one a processor. It does not change
	// the result.
	Workers int
	// Validation, if not nil, is evaluated after each epoch.
	Validation nn.Samples
	// Callbacks are called in this order, at the end of training in reverse.
	Callbacks []Callback
	// Start is where training goes on; its zero value is the beginning.
	Start Position
}

// Position is a place between two steps of a training. Together with the values of
// the parameters, the optimizer's state and what callbacks remember it is all that
// the rest of the training depends on.
type Position struct {
	Epoch   int      // epochs finished
	Step    int      // steps done in the epoch after those
	Running nn.Stats // sums over these steps' samples
}

// steps is the number of batches in an epoch of n samples.
func (c *Config) steps(n int) int { return (n-1)/c.Batch + 1 }

func (c *Config) check(net *nn.Network, data nn.Samples) error {
	switch {
	case net == nil:
		return errors.New("no network is given")
	case c.Loss == nil:
		return errors.New("no loss is set")
	case c.Optimizer == nil:
		return errors.New("no optimizer is set")
	case !(c.LR >= 0) || math.IsInf(c.LR, 0):
		return fmt.Errorf("learning rate %v: need a number above 0, or 0 for the optimizer's", c.LR)
	case !(c.Optimizer.LR() > 0) || math.IsInf(c.Optimizer.LR(), 0):
		return fmt.Errorf("the optimizer's learning rate is %v: need a number above 0", c.Optimizer.LR())
	case c.Workers < 0:
		return fmt.Errorf("workers is %d, need 1 or more, or 0 for one a processor", c.Workers)
	case c.Epochs < 1:
		return fmt.Errorf("epochs is %d, need at least 1", c.Epochs)
	case c.Batch < 1:
		return fmt.Errorf("batch is %d, need at least 1", c.Batch)
	case data.Len() == 0:
		return errors.New("the data has no samples")
	}
	if err := nn.CheckClasses(data); err != nil {
		return err
	}
	if err := net.CheckBatch(min(c.Batch, data.Len())); err != nil {
		return err
	}
	if last := data.Len() % c.Batch; last > 0 {
		if err := net.CheckBatch(last); err != nil {
			return fmt.Errorf("the last of %d samples in batches of %d: %w; or choose another batch size", data.Len(), c.Batch, err)
		}
	}
	if !optim.Trains(c.Optimizer.Params()) {
		return errors.New("the optimizer has no parameters to train: the network has none, or they are frozen")
	}
	for _, p := range c.Optimizer.Params() {
		if !slices.Contains(net.Params(), p) {
			return fmt.Errorf("the optimizer's parameter %s is not of the network to be trained: make the optimizer from that network's parameters", p.FullName())
		}
	}
	if err := c.Clip.Check(); err != nil {
		return err
	}
	if v := c.Validation; v != nil {
		if v.Len() == 0 {
			return errors.New("the validation data has no samples")
		}
		if !v.Shape().Equal(data.Shape()) || v.Classes() != data.Classes() {
			return fmt.Errorf("the validation data has samples of shape %v in %d classes, the training data %v in %d",
				v.Shape(), v.Classes(), data.Shape(), data.Classes())
		}
	}
	return c.checkStart(data.Len())
}

// checkStart finds positions that belong to other data or another batch size.
func (c *Config) checkStart(samples int) error {
	p := c.Start
	if p.Epoch < 0 || p.Step < 0 || p.Step > c.steps(samples) || p.Running.Samples != min(p.Step*c.Batch, samples) {
		return fmt.Errorf("cannot go on after epoch %d, step %d with %d samples seen: an epoch has %d samples in batches of %d; resume with the data and the batch size of the start",
			p.Epoch, p.Step, p.Running.Samples, samples, c.Batch)
	}
	return nil
}
