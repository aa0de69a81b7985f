package optim

import "github.com/gonn-toolkit/gonn/nn"

// decay is weight decay in the form of an optimizer and a framework.
type decay struct {
	rate float64
	all  bool
	form decayForm
	sum  []float32 // room for a gradient with the decay in it
}

type decayForm int

const (
	inGradient decayForm = iota // g + decay·w: PyTorch's, the L2 penalty
	keptShare                   // w·(1 − lr·decay): PyTorch's AdamW
	decoupled                   // w − w·decay·lr: Keras's
)

func newDecay(c Config) decay {
	d := decay{rate: c.WeightDecay, all: c.DecayAll}
	switch {
	case c.Semantics == nn.Keras:
		d.form = decoupled
	case c.Name == "adamw":
		d.form = keptShare
	}
	return d
}

// decays tells which parameters shrink.
func (d *decay) decays(p *nn.Param) bool {
	return d.rate != 0 && (d.all || p.Role == nn.Weight)
}

// apply decays a parameter and returns the gradient that the update rule takes.
//
// The two decoupled forms are the same but for rounding, which counts: 1 − lr·decay is
// so near to 1 that in float32 a decay of 4e−6 a step is off by up to 0.7 %, and so it
// is in PyTorch.
func (d *decay) apply(p *nn.Param, g []float32, lr float64) []float32 {
	if !d.decays(p) {
		return g
	}
	w, rate, lr32 := p.Data, float32(d.rate), float32(lr)
	switch d.form {
	case keptShare:
		kept := float32(1 - lr*d.rate)
		for i := range w {
			w[i] *= kept
		}
	case decoupled:
		for i := range w {
			w[i] -= float32(float32(w[i]*rate) * lr32)
		}
	default:
		return d.withPenalty(w, g, rate)
	}
	return g
}

// withPenalty leaves the caller's gradient as it is.
func (d *decay) withPenalty(w, g []float32, rate float32) []float32 {
	if cap(d.sum) < len(w) {
		d.sum = make([]float32, len(w))
	}
	sum := d.sum[:len(w)]
	for i := range sum {
		sum[i] = g[i] + float32(rate*w[i])
	}
	return sum
}
