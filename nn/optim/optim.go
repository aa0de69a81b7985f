// Package optim holds the update rules of training, each in PyTorch's and in
// Keras's form: the two differ in the constants and in the order of operations, so
// that after one step from the same gradient the parameters are not the same.
package optim

import (
	"fmt"
	"math"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
)

// Optimizer changes the parameters it was made for by one gradient after another.
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

// Config chooses an optimizer by name. Fields that do not concern it must be zero.
type Config struct {
	Name      string // "sgd" or "adam"
	Semantics nn.Semantics
	LR        float64 // 0 means the framework's default for this optimizer
	Momentum  float64 // sgd
	Nesterov  bool    // sgd
}

// Names are the optimizers that New knows.
var Names = []string{"adam", "sgd"}

// New makes an optimizer for the parameters.
func New(c Config, params []*nn.Param) (Optimizer, error) {
	if !(c.LR >= 0) || math.IsInf(c.LR, 0) {
		return nil, fmt.Errorf("optimizer %s: learning rate %v is not a positive finite number", c.Name, c.LR)
	}
	switch c.Name {
	case "adam":
		if c.Momentum != 0 || c.Nesterov {
			return nil, fmt.Errorf("optimizer adam has no momentum setting: choose sgd")
		}
		return NewAdam(params, c), nil
	case "sgd":
		if c.Momentum < 0 || c.Momentum >= 1 || c.Momentum != c.Momentum {
			return nil, fmt.Errorf("optimizer sgd: momentum %v is not in [0, 1)", c.Momentum)
		}
		if c.Nesterov && c.Momentum == 0 {
			return nil, fmt.Errorf("optimizer sgd: Nesterov needs a momentum above 0")
		}
		return NewSGD(params, c), nil
	}
	return nil, fmt.Errorf("unknown optimizer %q: choose one of %s", c.Name, strings.Join(Names, ", "))
}

// base is what all optimizers share.
type base struct {
	params []*nn.Param
	lr     float64
	state  State
}

func newBase(params []*nn.Param, lr, byDefault float64, moments ...string) base {
	if lr == 0 {
		lr = byDefault
	}
	b := base{params: params, lr: lr}
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
