// Package optim holds what changes parameters in training: the update rules, weight
// decay, gradient clipping and learning-rate schedules. Each is in PyTorch's and in
// Keras's form: the two differ in the constants and in the order of operations, so
// that after one step from the same gradient the parameters are not the same.
package optim

import "github.com/gonn-toolkit/gonn/nn"

// Optimizer changes the parameters it was made for by one gradient after another.
// Parameters that are not trained (nn.Role.Trained) keep their values.
type Optimizer interface {
	// Name is how the optimizer is spelled on the command line.
	Name() string
	// Step updates the parameters; grads are their gradients, in their order.
	Step(grads [][]float32)
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

// Moment is one remembered vector a parameter: a momentum buffer, a running mean
// of squares.
type Moment struct {
	Name   string // the framework's name: "exp_avg", "momentum_buffer"
	Values [][]float32
}

// base is what all optimizers share.
type base struct {
	params []*nn.Param
	lr     float64
	decay  decay
	state  State
}

// newBase takes a configuration whose defaults are filled in.
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

func (b *base) LR() float64      { return b.lr }
func (b *base) SetLR(lr float64) { b.lr = lr }
func (b *base) State() *State    { return &b.state }

// each calls rule for every parameter that is trained, with the number of the
// parameter, its values and its gradient, after weight decay.
func (b *base) each(grads [][]float32, rule func(i int, w, g []float32)) {
	for i, p := range b.params {
		if p.Role.Trained() {
			rule(i, p.Data, b.decay.apply(p, grads[i], b.lr))
		}
	}
}

// moment is number k of the vectors remembered for parameter i.
func (b *base) moment(k, i int) []float32 { return b.state.Moments[k].Values[i] }
