package optim

import (
	"math"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
)

// Adam (Kingma & Ba 2015) with β₁ = 0.9, β₂ = 0.999 and learning rate 0.001, the
// defaults of both frameworks:
//
//	m = β₁·m + (1 − β₁)·g        v = β₂·v + (1 − β₂)·g²
//
//	PyTorch  w −= lr/(1 − β₁ᵗ) · m / (√v/√(1 − β₂ᵗ) + 1e−8)
//	Keras    w −= lr·√(1 − β₂ᵗ)/(1 − β₁ᵗ) · m / (√v + 1e−7)
//
// Keras's ε stands before the bias correction, so it weighs √(1 − β₂ᵗ) less in
// PyTorch's terms: for a gradient of 1e−6 the first steps differ fourfold.
//
// AdamW (Loshchilov & Hutter 2019) differs in weight decay alone: it has one by default,
// and in PyTorch's form not in the gradient. In Keras's form the two are the same
// otherwise.
//
// The numbers are defaults: Constants has others.
type Adam struct{ base }

// NewAdam makes the optimizer from LR, Semantics and the weight decay of c. Its errors are
// those of New.
func NewAdam(params []*nn.Param, c Config) (*Adam, error) { return newNamed[*Adam]("adam", params, c) }

// NewAdamW makes AdamW of the same settings.
func NewAdamW(params []*nn.Param, c Config) (*Adam, error) {
	return newNamed[*Adam]("adamw", params, c)
}

func newAdam(b base) Optimizer {
	if b.config.Semantics == nn.Keras {
		b.remember(0, "momentum", "velocity")
	} else {
		b.remember(0, "exp_avg", "exp_avg_sq")
	}
	return &Adam{b}
}

func (a *Adam) Step(grads nn.Grads) error { return a.step(grads, a.update) }

func (a *Adam) update(i int, w, g []float32, lr float64) {
	m, v, c := a.moment(0, i), a.moment(1, i), a.config.Constants
	if a.config.Semantics == nn.PyTorch { // the kernel's m + (g − m) is g exactly, as in PyTorch, from m = 0 only
		if *c.Beta1 == 0 {
			clear(m)
		}
		if *c.Beta2 == 0 {
			clear(v)
		}
	}
	kernel.Adam(w, g, m, v, a.rates(lr))
}

// rates are those of both forms: w −= rate · m / (√v/scale + ε).
func (a *Adam) rates(lr float64) kernel.AdamRates {
	t, c := float64(a.state.Steps), a.config.Constants
	beta1, beta2 := *c.Beta1, *c.Beta2
	r := kernel.AdamRates{OneMinus1: float32(1 - beta1), OneMinus2: float32(1 - beta2), Eps: float32(*c.Epsilon)}
	if a.config.Semantics == nn.Keras {
		r.Rate, r.Scale = c.kerasRate(lr, t), 1
		return r
	}
	r.Rate = float32(lr / (1 - math.Pow(beta1, t)))
	r.Scale = float32(math.Sqrt(1 - math.Pow(beta2, t)))
	return r
}

// kerasRate is lr·√(1 − β₂ᵗ)/(1 − β₁ᵗ) as Keras computes it, in float32 all through.
// 1 − β₂ cancels there: the first rate is 6.4e−6 below the true one, which is more
// than all the rest of a step's rounding.
func (c Constants) kerasRate(lr, t float64) float32 {
	correction := func(beta float64) float32 { return 1 - float32(math.Pow(float64(float32(beta)), t)) }
	root := float32(math.Sqrt(float64(correction(*c.Beta2))))
	return float32(float32(lr)*root) / correction(*c.Beta1)
}
