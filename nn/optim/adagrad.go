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
type Adagrad struct{ base }

// NewAdagrad makes the optimizer from LR, Semantics and the weight decay of c. Its errors
// are those of New.
func NewAdagrad(params []*nn.Param, c Config) (*Adagrad, error) {
	return newNamed[*Adagrad]("adagrad", params, c)
}

func newAdagrad(b base) Optimizer {
	name := "sum"
	if b.config.Semantics == nn.Keras {
		name = "accumulator"
	}
	b.remember(float32(*b.config.Constants.Start), name)
	return &Adagrad{b}
}

func (a *Adagrad) Step(grads nn.Grads) error { return a.step(grads, a.update) }

func (a *Adagrad) update(i int, w, g []float32, lr float64) {
	inside, outside := float32(0), float32(*a.config.Constants.Epsilon)
	if a.config.Semantics == nn.Keras {
		inside, outside = outside, 0
	}
	s, rate := a.moment(0, i), float32(lr)
	for k := range w {
		s[k] += float32(g[k] * g[k])
		root := float32(math.Sqrt(float64(s[k] + inside)))
		w[k] -= float32(rate*g[k]) / (root + outside)
	}
}
