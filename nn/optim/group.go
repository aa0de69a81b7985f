package optim

import (
	"errors"
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
)

// Group is parameters with settings of their own, as in PyTorch's parameter groups. Keras
// has none: there the same takes an optimizer for each.
type Group struct {
	Params []*nn.Param
	// LR is the group's learning rate; 0 means the optimizer's. The two stay in proportion:
	// when SetLR has changed the optimizer's rate from Config.LR to lr, the group's is
	// LR·lr/Config.LR. PyTorch's schedulers do the same, but for lower bounds (eta_min,
	// min_lr), which are there of every group and here of the optimizer's rate.
	LR float64
	// WeightDecay is the group's own; 0 means the optimizer's. Which parameters it shrinks
	// Config.DecayAll decides for all groups.
	WeightDecay float64
	// NoDecay stands for a weight decay of 0.
	NoDecay bool
}

// NewGroups makes the optimizer c.Name for parameters in groups. What is an error in New is
// one here, for all groups together: the parameters must be different ones, and one of them
// trained. A group may be empty, or all frozen.
func NewGroups(c Config, groups []Group) (Optimizer, error) {
	b, err := newBase(c, groups)
	if err != nil {
		return nil, err
	}
	if !Trains(b.params) {
		return nil, fmt.Errorf("optimizer %s: %w", c.Name, nothingToTrain(b.params))
	}
	return b.build(), nil
}

func nothingToTrain(params []*nn.Param) error {
	if slices.ContainsFunc(params, func(p *nn.Param) bool { return p.Frozen && p.Role.Trained() }) {
		return errors.New("there are no parameters to train: they are frozen")
	}
	return errors.New("there are no parameters to train")
}

// config is the configuration for the parameters of a group, where c is the optimizer's,
// with its defaults. The errors go on after the group's name.
func (g Group) config(c Config) (Config, error) {
	if g.LR != 0 {
		c.LR = g.LR
	}
	if g.WeightDecay != 0 {
		c.WeightDecay = g.WeightDecay
	}
	switch err := c.checkValues(); {
	case err != nil:
		return Config{}, err
	case g.NoDecay && g.WeightDecay != 0:
		return Config{}, fmt.Errorf(": its weight decay is %v, and NoDecay is set: choose one", g.WeightDecay)
	case g.WeightDecay != 0 && !slices.ContainsFunc(g.Params, newDecay(c).decays):
		return Config{}, fmt.Errorf(": its weight decay %v shrinks weights alone, of which it has none: set Config.DecayAll to shrink other parameters", g.WeightDecay)
	case g.NoDecay:
		c.WeightDecay = 0
	}
	return c, nil
}

// groupName is empty if there is one group.
func groupName(i, groups int) string {
	if groups == 1 {
		return ""
	}
	return fmt.Sprintf(": group %d", i+1)
}

// checkParams finds parameters that no optimizer takes.
func checkParams(groups []Group) error {
	seen := map[*nn.Param]bool{}
	for k, g := range groups {
		for i, p := range g.Params {
			in := groupName(k, len(groups))
			switch {
			case p == nil:
				return fmt.Errorf("%s: parameter %d of %d is nil", in, i+1, len(g.Params))
			case seen[p]:
				return fmt.Errorf("%s: parameter %s is given twice", in, p.FullName())
			case len(p.Data) != p.Shape.Size():
				return fmt.Errorf("%s: parameter %s of shape %v has %d values: take it from a network that is built", in, p.FullName(), p.Shape, len(p.Data))
			}
			seen[p] = true
		}
	}
	return nil
}
