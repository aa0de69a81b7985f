// Package optim holds what changes parameters in training: the update rules, weight
// decay, gradient clipping and learning-rate schedules. Each is in PyTorch's and in
// Keras's form: the two differ in the constants and in the order of operations, so
// that after one step from the same gradient the parameters are not the same.
package optim

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
)

// Optimizer updates the parameters it was made for, all of a network's or some of them.
// Parameters that are not trained (nn.Role.Trained) keep their values.
type Optimizer interface {
	// Name is how the optimizer is spelled on the command line.
	Name() string
	// Params are the parameters it was made for, in the order they were given in.
	Params() []*nn.Param
	// Step updates the parameters, each by its own gradient. Gradients of other parameters
	// do not matter. If one is missing or of another length, Step returns an error and
	// changes nothing.
	Step(grads nn.Grads) error
	// LR is the learning rate, which SetLR changes between steps.
	LR() float64
	SetLR(lr float64)
	// State is all that the next step depends on besides parameters and settings.
	// Its slices are the optimizer's own: filling them restores a state.
	State() *State
}

// State is what an optimizer remembers from step to step.
type State struct {
	Steps   int
	Moments []Moment
}

// Moment is one remembered vector for each parameter: a momentum buffer, a running mean
// of squares.
type Moment struct {
	Name   string      // the framework's name: "exp_avg", "momentum_buffer"
	Values [][]float32 // in the order of Optimizer.Params
}

// base is what all optimizers share.
type base struct {
	params []*nn.Param
	lr     float64
	decay  decay
	state  State
}

// newBase takes a checked configuration and checked parameters.
func newBase(params []*nn.Param, c Config, moments ...string) base {
	b := base{params: params, lr: c.LR, decay: newDecay(c)}
	for _, name := range moments {
		m := Moment{Name: name}
		for _, p := range params {
			m.Values = append(m.Values, make([]float32, len(p.Data)))
		}
		b.state.Moments = append(b.state.Moments, m)
	}
	return b
}

func (b *base) Params() []*nn.Param { return b.params }
func (b *base) LR() float64         { return b.lr }
func (b *base) SetLR(lr float64)    { b.lr = lr }
func (b *base) State() *State       { return &b.state }

// begin counts a step, unless a gradient that it needs is not there.
func (b *base) begin(grads nn.Grads) error {
	for _, p := range b.params {
		if !p.Role.Trained() {
			continue
		}
		g, ok := grads[p]
		if !ok {
			return fmt.Errorf("parameter %s has no gradient: the gradients must come from the network that the optimizer's parameters belong to", p.FullName())
		}
		if len(g) != len(p.Data) {
			return fmt.Errorf("parameter %s has %d values, its gradient %d", p.FullName(), len(p.Data), len(g))
		}
	}
	b.state.Steps++
	return nil
}

// each calls rule for every parameter that is trained, with the number of the
// parameter, its values and its gradient, after weight decay.
func (b *base) each(grads nn.Grads, rule func(i int, w, g []float32)) {
	for i, p := range b.params {
		if p.Role.Trained() {
			rule(i, p.Data, b.decay.apply(p, grads[p], b.lr))
		}
	}
}

// moment is number k of the vectors remembered for parameter i.
func (b *base) moment(k, i int) []float32 { return b.state.Moments[k].Values[i] }
