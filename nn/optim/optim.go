package optim

import "github.com/gonn-toolkit/gonn/nn"

// Optimizer updates parameters of a network, all or some of them. Parameters that are not trained
// (nn.Param.Trained) keep their values. A parameter that was frozen when the optimizer was made
// has no state; if it is not frozen any more, Step returns an error, and a new optimizer is
// needed.
type Optimizer interface {
	// Name is the name of the optimizer on the command line.
	Name() string
	// Params are its parameters in the order in which they were given, group by group.
	Params() []*nn.Param
	// Step updates the parameters by their gradients. Gradients of other parameters are
	// ignored. If a gradient is missing or of another length, or a parameter is no longer
	// frozen, Step returns an error and changes nothing.
	Step(grads nn.Grads) error
	// LR is the learning rate. SetLR changes it for the next steps, and scales the rates of
	// groups that have their own (Group.LR).
	LR() float64
	SetLR(lr float64)
	// State is everything that the next step depends on besides parameters and settings. Its
	// slices belong to the optimizer: writing to them restores a state.
	State() *State
}

// State is the state that an optimizer keeps between steps.
type State struct {
	Steps   int
	Moments []Moment
}

// Moment is a vector of state for each parameter: a momentum buffer, a running mean of squares.
type Moment struct {
	Name   string      // the framework's name: "exp_avg", "momentum_buffer"
	Values [][]float32 // in the order of Optimizer.Params; nil for those frozen at the start
}
