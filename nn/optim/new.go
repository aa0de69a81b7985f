package optim

import (
	"errors"
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
)

// New makes the optimizer c.Name for the parameters: all of a network, or some of them in
// any order. Settings that the optimizer does not take are an error, and so are parameters
// that are nil, given twice or none.
func New(c Config, params []*nn.Param) (Optimizer, error) {
	c, err := c.WithDefaults()
	if err != nil {
		return nil, err
	}
	if err := checkParams(params); err != nil {
		return nil, fmt.Errorf("optimizer %s: %w", c.Name, err)
	}
	return kinds[slices.Index(Names, c.Name)].build(slices.Clone(params), c), nil
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
	if len(params) == 0 {
		return errors.New("there are no parameters to train")
	}
	seen, trained := map[*nn.Param]bool{}, false
	for i, p := range params {
		switch {
		case p == nil:
			return fmt.Errorf("parameter %d of %d is nil; Network.Param gives nil for a name that the network does not have", i+1, len(params))
		case seen[p]:
			return fmt.Errorf("parameter %s is given twice", p.FullName())
		case len(p.Data) != p.Shape.Size():
			return fmt.Errorf("parameter %s of shape %v has %d values: take it from a network that is built", p.FullName(), p.Shape, len(p.Data))
		}
		seen[p] = true
		trained = trained || p.Role.Trained()
	}
	if !trained {
		return fmt.Errorf("none of the parameters is trained: %s is a running statistic, which follows the batches", params[0].FullName())
	}
	return nil
}
