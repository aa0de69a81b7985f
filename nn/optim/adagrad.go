package optim

import (
	"math"

	"github.com/gonn-toolkit/gonn/nn"
)

// Adagrad (Duchi et al. 2011) divides the gradient by the root of the sum of all its
// squares:
//
//	s = s + g²
//
//	PyTorch  w −= lr·g/(√s + 1e−10)    s from 0, lr 0.01
//	Keras    w −= lr·g/√(s + 1e−7)     s from 0.1, lr 0.001
//
// With Keras's start a gradient far below 0.3 moves a parameter little; with PyTorch's
// the first step is lr whatever the gradient.
type Adagrad struct {
	base
	semantics nn.Semantics
}

// NewAdagrad makes the optimizer from LR, Semantics and the weight decay of c. Its errors
// are those of New.
func NewAdagrad(params []*nn.Param, c Config) (*Adagrad, error) {
	return newNamed[*Adagrad]("adagrad", params, c)
}

func newAdagrad(params []*nn.Param, c Config) Optimizer {
	if c.Semantics != nn.Keras {
		return &Adagrad{newBase(params, c, "sum"), c.Semantics}
	}
	a := &Adagrad{newBase(params, c, "accumulator"), c.Semantics}
	for _, s := range a.state.Moments[0].Values {
		for i := range s {
			s[i] = 0.1
		}
	}
	return a
}

func (*Adagrad) Name() string { return "adagrad" }

func (a *Adagrad) Step(grads nn.Grads) error {
	if err := a.begin(grads); err != nil {
		return err
	}
	inside, outside := float32(0), float32(1e-10)
	if a.semantics == nn.Keras {
		inside, outside = 1e-7, 0
	}
	lr := float32(a.lr)
	a.each(grads, func(i int, w, g []float32) {
		s := a.moment(0, i)
		for k := range w {
			s[k] += float32(g[k] * g[k])
			root := float32(math.Sqrt(float64(s[k] + inside)))
			w[k] -= float32(lr*g[k]) / (root + outside)
		}
	})
	return nil
}
