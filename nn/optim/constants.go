package optim

import (
	"cmp"
	"fmt"
	"math"

	"github.com/gonn-toolkit/gonn/nn"
)

// Constants are the numbers in the formulas of optimizers. nil means the framework's default, which
// is what the tables of Adam, RMSprop and Adagrad say; new(0.0) is 0.
type Constants struct {
	Beta1   *float64 // adam, adamw: β₁ in [0, 1), PyTorch's betas[0] and Keras's beta_1
	Beta2   *float64 // adam, adamw: β₂ in [0, 1)
	Rho     *float64 // rmsprop: ρ in [0, 1), PyTorch's alpha
	Epsilon *float64 // all but sgd: ε, from 0 on
	Start   *float64 // adagrad: the sum before the first step, both frameworks' initial_accumulator_value, from 0 on
}

// constantsOf are the framework's defaults, by nn.Semantics.
var constantsOf = map[string][2]Constants{
	"adam":    {adamConstants(1e-8), adamConstants(1e-7)},
	"adamw":   {adamConstants(1e-8), adamConstants(1e-7)},
	"rmsprop": {{Rho: new(0.99), Epsilon: new(1e-8)}, {Rho: new(0.9), Epsilon: new(1e-7)}},
	"adagrad": {{Epsilon: new(1e-10), Start: new(0.0)}, {Epsilon: new(1e-7), Start: new(0.1)}},
}

func adamConstants(epsilon float64) Constants {
	return Constants{Beta1: new(0.9), Beta2: new(0.999), Epsilon: new(epsilon)}
}

// list has the constants with their names.
func (c Constants) list() []constant {
	return []constant{{"beta1", c.Beta1, 1}, {"beta2", c.Beta2, 1}, {"rho", c.Rho, 1}, {"epsilon", c.Epsilon, math.Inf(1)}, {"start", c.Start, math.Inf(1)}}
}

type constant struct {
	name  string
	value *float64
	limit float64 // the value is from 0 to below it
}

// needed says which values there are.
func (c constant) needed() string {
	if math.IsInf(c.limit, 1) {
		return "a finite number of at least 0"
	}
	return fmt.Sprintf("at least 0 and below %v", c.limit)
}

// check returns an error for constants that the optimizer does not have, or that are out of range.
func (c Constants) check(name string, s nn.Semantics) error {
	takes := constantsOf[name][s].list()
	for i, v := range c.list() {
		switch {
		case v.value == nil:
		case takes[i].value == nil:
			return fmt.Errorf(" has no constant %s", v.name)
		case !(*v.value >= 0 && *v.value < v.limit):
			return fmt.Errorf(": %s is %v, need %s", v.name, *v.value, v.needed())
		}
	}
	return nil
}

// constants are the configuration's, with defaults. They are copies.
func (c Config) constants() Constants {
	given, d := c.Constants, constantsOf[c.Name][c.Semantics]
	return Constants{
		Beta1: copyOf(given.Beta1, d.Beta1), Beta2: copyOf(given.Beta2, d.Beta2), Rho: copyOf(given.Rho, d.Rho),
		Epsilon: copyOf(given.Epsilon, d.Epsilon), Start: copyOf(given.Start, d.Start),
	}
}

// copyOf copies a constant, or its default.
func copyOf(v, byDefault *float64) *float64 {
	if v = cmp.Or(v, byDefault); v == nil {
		return nil
	}
	return new(*v)
}
