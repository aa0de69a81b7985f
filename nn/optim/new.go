package optim

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
)

// New returns the optimizer c.Name for parameters of a network, all or some of them, in any
// order. It returns an error for settings that the optimizer does not have, for parameters that
// are nil (as nn.Network.Param returns for an unknown name) or repeated, and if none is trained
// (nn.Param.Trained).
func New(c Config, params []*nn.Param) (Optimizer, error) {
	return NewGroups(c, []Group{{Params: params}})
}

// NewFor is New for all parameters of a network. It is not an error if none is trained: the
// optimizer does nothing then, and train.Fit rejects it.
func NewFor(net *nn.Network, c Config) (Optimizer, error) {
	b, err := newBase(c, []Group{{Params: net.Params()}})
	if err != nil {
		return nil, err
	}
	return b.build(), nil
}

// Trains reports whether any of the parameters is trained.
func Trains(params []*nn.Param) bool { return slices.ContainsFunc(params, (*nn.Param).Trained) }

// newBase checks a configuration and groups of parameters.
func newBase(c Config, groups []Group) (base, error) {
	all := c.DecayAll
	if slices.ContainsFunc(groups, func(g Group) bool { return g.WeightDecay != 0 }) {
		c.DecayAll = false // applies to that group: not an error without the optimizer's decay
	}
	c, err := c.WithDefaults()
	if err != nil {
		return base{}, err
	}
	c.DecayAll = all
	if err := checkParams(groups); err != nil {
		return base{}, fmt.Errorf("optimizer %s%w", c.Name, err)
	}
	b := base{config: c, lr: c.LR}
	for i, g := range groups {
		own, err := g.config(c)
		if err != nil {
			return base{}, fmt.Errorf("optimizer %s%s%w", c.Name, groupName(i, len(groups)), err)
		}
		b.params = append(b.params, g.Params...)
		for _, p := range g.Params {
			b.settings = append(b.settings, paramSettings{lr: g.LR, decay: newDecay(own), frozen: p.Frozen})
		}
	}
	return b, nil
}

// build returns the optimizer.
func (b base) build() Optimizer { return kinds[slices.Index(Names, b.config.Name)].build(b) }

// newNamed is New for constructors of one type, such as NewAdam. c.Name may be empty.
func newNamed[O Optimizer](name string, params []*nn.Param, c Config) (made O, err error) {
	if c.Name != "" && c.Name != name {
		return made, fmt.Errorf("optimizer %s: its configuration has the name %q: leave it empty, or call New", name, c.Name)
	}
	c.Name = name
	o, err := New(c, params)
	if err != nil {
		return made, err
	}
	return o.(O), nil
}
