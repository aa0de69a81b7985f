package optim

import (
	"math"

	"github.com/gonn-toolkit/gonn/nn"
)

// RMSprop (Hinton 2012) divides the gradient by the root of a running mean of its
// square; centered, by an estimate of its standard deviation. With a momentum μ the
// quotients are summed up:
//
//	v = ρ·v + (1 − ρ)·g²        centered: a = ρ·a + (1 − ρ)·g, and v − a² in v's place
//
//	PyTorch  q = g/(√v + 1e−8)        b = μ·b + q    w −= lr·b    ρ = 0.99, lr 0.01
//	Keras    q = lr·g/√(v + 1e−7)     m = μ·m + q    w −= m       ρ = 0.9, lr 0.001
//
// Where a gradient hardly changes, rounding can make v − a² negative: then PyTorch's
// root is NaN, and so it is here.
type RMSprop struct{ base }

// NewRMSprop makes the optimizer from LR, Semantics, Momentum, Centered and the weight
// decay of c. Its errors are those of New.
func NewRMSprop(params []*nn.Param, c Config) (*RMSprop, error) {
	return newNamed[*RMSprop]("rmsprop", params, c)
}

func newRMSprop(b base) Optimizer {
	names := []string{"square_avg", "momentum_buffer", "grad_avg"}
	if b.config.Semantics == nn.Keras {
		names = []string{"velocity", "momentum", "average_gradient"}
	}
	b.remember(0, names[0])
	if b.config.Momentum != 0 {
		b.remember(0, names[1])
	}
	if b.config.Centered {
		b.remember(0, names[2])
	}
	return &RMSprop{b}
}

func (r *RMSprop) Step(grads nn.Grads) error { return r.step(grads, r.update) }

func (r *RMSprop) update(i int, w, g []float32, lr float64) {
	var m, a []float32
	if r.config.Momentum != 0 {
		m = r.moment(1, i)
	}
	if r.config.Centered {
		a = r.moment(len(r.state.Moments)-1, i)
	}
	r.rates(lr).update(w, g, r.moment(0, i), m, a)
}

// Both forms are q = before·g/(√(v + inside) + outside) and w −= after·(sum of q).
type rmspropRates struct {
	keep, take      float32 // ρ and 1 − ρ
	inside, outside float32 // ε
	before, after   float32 // lr
	momentum        float32
}

func (r *RMSprop) rates(lr float64) rmspropRates {
	k := r.config.Constants
	rho, epsilon := *k.Rho, float32(*k.Epsilon)
	c := rmspropRates{outside: epsilon, before: 1, after: float32(lr)}
	if r.config.Semantics == nn.Keras {
		c = rmspropRates{inside: epsilon, before: float32(lr), after: 1}
	}
	c.keep, c.take, c.momentum = float32(rho), float32(1-rho), float32(r.config.Momentum)
	return c
}

// update goes without m or a if they are nil.
func (c rmspropRates) update(w, g, v, m, a []float32) {
	for i := range w {
		v[i] = float32(c.keep*v[i]) + float32(c.take*float32(g[i]*g[i]))
		square := v[i]
		if a != nil {
			a[i] = float32(c.keep*a[i]) + float32(c.take*g[i])
			square -= float32(a[i] * a[i])
		}
		root := float32(math.Sqrt(float64(square + c.inside)))
		q := float32(c.before*g[i]) / (root + c.outside)
		if m != nil {
			m[i] = float32(c.momentum*m[i]) + q
			q = m[i]
		}
		w[i] -= float32(c.after * q)
	}
}
