// Package optim holds what changes parameters in training: the update rules, weight
// decay, gradient clipping and learning-rate schedules. Each is in PyTorch's and in
// Keras's form: the two differ in the constants and in the order of operations, so
// that after one step from the same gradient the parameters are not the same.
package optim

import "github.com/gonn-toolkit/gonn/nn"

// Optimizer updates the parameters it was made for, all of a network's or some of them.
// Parameters that are not trained (nn.Param.Trained) keep their values. One that was frozen
// when the optimizer was made has no state: training it later takes a new optimizer, and
// Step says so.
type Optimizer interface {
	// Name is how the optimizer is spelled on the command line.
	Name() string
	// Params are the parameters it was made for, in the order they were given in, those of
	// one group after those of another.
	Params() []*nn.Param
	// Step updates the parameters, each by its own gradient. Gradients of other parameters
	// do not matter. If one is missing or of another length, or a parameter is no longer
	// frozen, Step returns an error and changes nothing.
	Step(grads nn.Grads) error
	// LR is the learning rate, which SetLR changes between steps. The rates of groups that
	// have their own (Group.LR) change in proportion.
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
	Values [][]float32 // in the order of Optimizer.Params; nil for those frozen at the start
}
