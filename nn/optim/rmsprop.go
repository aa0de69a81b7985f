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
type RMSprop struct {
	base
	semantics nn.Semantics
	momentum  float32
	centered  bool
}

// NewRMSprop makes the optimizer from LR, Semantics, Momentum, Centered and the weight
// decay of c. Its errors are those of New.
func NewRMSprop(params []*nn.Param, c Config) (*RMSprop, error) {
	return newNamed[*RMSprop]("rmsprop", params, c)
}

func newRMSprop(params []*nn.Param, c Config) Optimizer {
	names := []string{"square_avg", "momentum_buffer", "grad_avg"}
	if c.Semantics == nn.Keras {
		names = []string{"velocity", "momentum", "average_gradient"}
	}
	moments := names[:1:1]
	if c.Momentum != 0 {
		moments = append(moments, names[1])
	}
	if c.Centered {
		moments = append(moments, names[2])
	}
	return &RMSprop{newBase(params, c, moments...), c.Semantics, float32(c.Momentum), c.Centered}
}

func (*RMSprop) Name() string { return "rmsprop" }

// Both forms are q = before·g/(√(v + inside) + outside) and w −= after·(sum of q).
type rmspropRates struct {
	keep, take      float32 // ρ and 1 − ρ
	inside, outside float32 // ε
	before, after   float32 // lr
	momentum        float32
}

func (r *RMSprop) Step(grads nn.Grads) error {
	if err := r.begin(grads); err != nil {
		return err
	}
	rho := 0.99
	c := rmspropRates{outside: 1e-8, before: 1, after: float32(r.lr), momentum: r.momentum}
	if r.semantics == nn.Keras {
		rho = 0.9
		c = rmspropRates{inside: 1e-7, before: float32(r.lr), after: 1, momentum: r.momentum}
	}
	c.keep, c.take = float32(rho), float32(1-rho)
	r.each(grads, func(i int, w, g []float32) {
		var m, a []float32
		if r.momentum != 0 {
			m = r.moment(1, i)
		}
		if r.centered {
			a = r.moment(len(r.state.Moments)-1, i)
		}
		c.update(w, g, r.moment(0, i), m, a)
	})
	return nil
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
