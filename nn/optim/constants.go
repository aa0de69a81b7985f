package optim

import (
	"cmp"
	"fmt"
	"math"

	"github.com/gonn-toolkit/gonn/nn"
)

// Constants are the numbers in the formulas of optimizers. 0 means the framework's default, which
// is what the tables of Adam, RMSprop and Adagrad say.
type Constants struct {
	Beta1   float64 // adam, adamw: β₁, PyTorch's betas[0] and Keras's beta_1
	Beta2   float64 // adam, adamw: β₂
	Rho     float64 // rmsprop: ρ, PyTorch's alpha
	Epsilon float64 // all but sgd: ε
	Start   float64 // adagrad: the sum before the first step, both frameworks' initial_accumulator_value
}

// constantsOf are the framework's defaults, by nn.Semantics.
var constantsOf = map[string][2]Constants{
	"adam":    {{Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8}, {Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-7}},
	"adamw":   {{Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8}, {Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-7}},
	"rmsprop": {{Rho: 0.99, Epsilon: 1e-8}, {Rho: 0.9, Epsilon: 1e-7}},
	"adagrad": {{Epsilon: 1e-10}, {Epsilon: 1e-7, Start: 0.1}},
}

// list has the constants with their names.
func (c Constants) list() []constant {
	return []constant{{"beta1", c.Beta1, 1}, {"beta2", c.Beta2, 1}, {"rho", c.Rho, 1}, {"epsilon", c.Epsilon, math.Inf(1)}, {"start", c.Start, math.Inf(1)}}
}

type constant struct {
	name         string
	value, limit float64 // it is from 0 to below the limit
}

// check returns an error for constants that the optimizer does not have, or that are out of range.
func (c Constants) check(name string, s nn.Semantics) error {
	takes := constantsOf[name][s].list()
	for i, v := range c.list() {
		switch {
		case v.value == 0:
		case takes[i].value == 0 && !(name == "adagrad" && v.name == "start"):
			return fmt.Errorf(" has no constant %s", v.name)
		case !(v.value > 0 && v.value < v.limit):
			return fmt.Errorf(": %s %v is not above 0 and below %v", v.name, v.value, v.limit)
		}
	}
	return nil
}

// constants are the configuration's, with defaults.
func (c Config) constants() Constants {
	d := constantsOf[c.Name][c.Semantics]
	return Constants{
		Beta1: cmp.Or(c.Constants.Beta1, d.Beta1), Beta2: cmp.Or(c.Constants.Beta2, d.Beta2), Rho: cmp.Or(c.Constants.Rho, d.Rho),
		Epsilon: cmp.Or(c.Constants.Epsilon, d.Epsilon), Start: cmp.Or(c.Constants.Start, d.Start),
	}
}
