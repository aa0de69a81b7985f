package sweep

import (
	"errors"
	"fmt"
	"math"

	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/train"
)

// check finds what the scripts do not write.
func (f *Framework) check() error {
	p := f.Protocol
	finite := func(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
	switch {
	case len(f.Cells) == 0:
		return errors.New("it has no trainings")
	case f.Framework != "torch" && f.Framework != "keras":
		return fmt.Errorf("framework is %q, need torch or keras", f.Framework)
	case f.Versions[f.Framework] == "":
		return fmt.Errorf("versions has none of %s", f.Framework)
	case p.Batch < 1 || p.Epochs < 1 || p.Limit < 0:
		return fmt.Errorf("protocol: batch is %d, epochs is %d, limit is %d: need at least 1, 1 and 0", p.Batch, p.Epochs, p.Limit)
	case !(p.LR > 0) || !finite(p.LR):
		return fmt.Errorf("protocol: lr is %v, need a finite number above 0", p.LR)
	case !(p.HeldOut > 0 && p.HeldOut < 1):
		return fmt.Errorf("protocol: held_out is %v, need a share between 0 and 1", p.HeldOut)
	}
	type training struct {
		act  actKey
		seed uint64
	}
	seen := map[training]bool{}
	for i := range f.Cells {
		c := &f.Cells[i]
		act, err := keyOf(c.Act)
		if err == nil {
			if err = c.check(p.Epochs); err == nil && seen[training{act, c.Seed}] {
				err = errors.New("it is there twice")
			}
		}
		if err != nil {
			return fmt.Errorf("cell %d (act %q, seed %d): %w", i+1, c.Act, c.Seed, err)
		}
		seen[training{act, c.Seed}] = true
	}
	return nil
}

// actKey is the same for all spellings of an activation, where learned parameters start from 0
// unless they say otherwise.
type actKey struct {
	function     *activation.Func
	value, start float32
	sharing      string
}

func keyOf(act string) (actKey, error) {
	l, err := activation.Parse(act)
	if err != nil {
		return actKey{}, err
	}
	if l.Func.Arg != activation.Learned {
		l = asLeaky(l)
		return actKey{function: l.Func, value: l.Value}, nil
	}
	k := actKey{function: l.Func, sharing: l.Sharing.String()}
	if l.Start != nil {
		k.start = *l.Start
	}
	return k, nil
}

// check finds what is wrong with a training of so many epochs.
func (c *FrameworkCell) check(epochs int) error {
	if len(c.Epochs) != epochs {
		return fmt.Errorf("epochs has %d, and those of the protocol are %d", len(c.Epochs), epochs)
	}
	for i, e := range c.Epochs {
		m := train.EpochMetrics{Epoch: i + 1, Values: []train.Value{
			{Name: "loss", Value: e.Loss}, {Name: "accuracy", Value: e.Accuracy}, {Name: "val_loss", Value: e.ValLoss}, {Name: "val_accuracy", Value: e.ValAccuracy},
		}}
		if err := m.Check(); err != nil {
			return fmt.Errorf("epoch %d: %w", i+1, err)
		}
	}
	if c.BestEpoch < 1 || c.BestEpoch > epochs {
		return fmt.Errorf("best_epoch is %d, and there are %d", c.BestEpoch, epochs)
	}
	best := c.Epochs[c.BestEpoch-1].ValLoss
	for i, e := range c.Epochs {
		if e.ValLoss < best {
			return fmt.Errorf("best_epoch is %d, whose val_loss is %v, and epoch %d has %v", c.BestEpoch, best, i+1, e.ValLoss)
		}
	}
	if !(c.CPUSeconds >= 0) || math.IsInf(c.CPUSeconds, 0) {
		return fmt.Errorf("cpu_seconds is %v, need a finite number from 0", c.CPUSeconds)
	}
	for _, m := range []struct {
		name string
		FrameworkMoment
	}{{"last", c.Last}, {"best", c.Best}} {
		if err := m.check(); err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
	}
	if c.BestEpoch == epochs && (c.Best.Train != c.Last.Train || c.Best.Test != c.Last.Test) {
		return fmt.Errorf("best_epoch is the last one, and best has other results than last")
	}
	return nil
}

func (m FrameworkMoment) check() error {
	for _, s := range []struct {
		name string
		frameworkScore
	}{{"train", m.Train}, {"test", m.Test}} {
		if s.frameworkScore == (frameworkScore{}) {
			return fmt.Errorf("%s has no results", s.name)
		}
		e := train.EpochMetrics{Epoch: 1, Values: []train.Value{{Name: "loss", Value: s.Loss}, {Name: "accuracy", Value: s.Accuracy}}}
		if err := e.Check(); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	for layer, s := range m.Slopes {
		if !(s.Std >= 0) {
			return fmt.Errorf("slopes: %s: std is %v, need a number from 0", layer, s.Std)
		}
	}
	return nil
}
