package optim

import (
	"errors"
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
)

// New makes the optimizer c.Name for the parameters: all of a network, or some of them in
// any order. Settings that the optimizer does not take are an error, and so are parameters
// that are nil (which Network.Param gives for a name that is not there) or given twice, and
// none that is trained.
func New(c Config, params []*nn.Param) (Optimizer, error) {
	c, err := c.WithDefaults()
	if err != nil {
		return nil, err
	}
	err = checkParams(params)
	if err == nil && !Trains(params) {
		err = errors.New("there are no parameters to train")
	}
	if err != nil {
		return nil, fmt.Errorf("optimizer %s: %w", c.Name, err)
	}
	return kinds[slices.Index(Names, c.Name)].build(slices.Clone(params), c), nil
}

// NewFor is New for all parameters of a network. It may be one without any that are trained:
// then there is an optimizer with nothing to do, and train.Fit refuses it.
func NewFor(net *nn.Network, c Config) (Optimizer, error) {
	c, err := c.WithDefaults()
	if err != nil {
		return nil, err
	}
	return kinds[slices.Index(Names, c.Name)].build(slices.Clone(net.Params()), c), nil
}

// Trains reports whether one of the parameters is trained.
func Trains(params []*nn.Param) bool {
	return slices.ContainsFunc(params, func(p *nn.Param) bool { return p.Role.Trained() })
}

// newNamed is New for the constructor of one type. c need not repeat the name.
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

func checkParams(params []*nn.Param) error {
	seen := map[*nn.Param]bool{}
	for i, p := range params {
		switch {
		case p == nil:
			return fmt.Errorf("parameter %d of %d is nil", i+1, len(params))
		case seen[p]:
			return fmt.Errorf("parameter %s is given twice", p.FullName())
		case len(p.Data) != p.Shape.Size():
			return fmt.Errorf("parameter %s of shape %v has %d values: take it from a network that is built", p.FullName(), p.Shape, len(p.Data))
		}
		seen[p] = true
	}
	return nil
}
