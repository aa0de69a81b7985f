package optim

import (
	"errors"
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
)

// Group is a group of parameters with its own settings, as PyTorch's parameter groups. Keras has
// no groups; it needs one optimizer for each.
type Group struct {
	Params []*nn.Param
	// LR is the group's learning rate; 0 means the optimizer's. SetLR scales it too: after
	// SetLR(lr) it is LR·lr/Config.LR. PyTorch's schedulers do the same, except that lower
	// bounds (eta_min, min_lr) apply to each group there, and to the optimizer's rate here.
	LR float64
	// WeightDecay is the group's weight decay; 0 means the optimizer's. Config.DecayAll applies
	// to all groups.
	WeightDecay float64
	// NoDecay sets the weight decay of the group to 0.
	NoDecay bool
}

// NewGroups returns the optimizer c.Name for groups of parameters. It returns an error in the
// same cases as New: no parameter may be in two groups, and at least one must be trained. A
// single group may be empty, or have frozen parameters only.
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

// config is the configuration for the parameters of a group; c is the optimizer's, with
// defaults. Errors continue after the group's name.
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

// groupName names group i in errors. It is empty if there is only one group.
func groupName(i, groups int) string {
	if groups == 1 {
		return ""
	}
	return fmt.Sprintf(": group %d", i+1)
}

// checkParams returns an error for parameters that are nil, repeated, or not in a network.
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
			case p.CheckData() != nil:
				return fmt.Errorf("%s: %w", in, p.CheckData())
			case len(p.Data) != p.Shape.Size():
				return fmt.Errorf("%s: parameter %s of shape %v has %d values: take it from a network that is built", in, p.FullName(), p.Shape, len(p.Data))
			}
			seen[p] = true
		}
	}
	return nil
}
