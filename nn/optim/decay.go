package optim

import "github.com/gonn-toolkit/gonn/nn"

// decay is weight decay in the form of an optimizer and a framework.
type decay struct {
	rate float64
	all  bool
	form decayForm
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

// decays reports whether a parameter shrinks.
func (d decay) decays(p *nn.Param) bool {
	return d.rate != 0 && (d.all || p.Role == nn.Weight)
}

// decayed applies weight decay to parameter i and returns the gradient that the update
// rule takes.
//
// The two decoupled forms are the same but for rounding, which counts: 1 − lr·decay is
// so near to 1 that in float32 a decay of 4e−6 a step is off by up to 0.7 %, and so it
// is in PyTorch.
func (b *base) decayed(i int, g []float32, lr float64) []float32 {
	p, d := b.params[i], b.settings[i].decay
	if !d.decays(p) {
		return g
	}
	w, rate, lr32 := p.Data, float32(d.rate), float32(lr)
	switch d.form {
	case keptShare:
		kept := float32(1 - lr*d.rate)
		for k := range w {
			w[k] *= kept
		}
	case decoupled:
		for k := range w {
			w[k] -= float32(float32(w[k]*rate) * lr32)
		}
	default:
		return b.withPenalty(w, g, rate)
	}
	return g
}

// withPenalty leaves the caller's gradient as it is.
func (b *base) withPenalty(w, g []float32, rate float32) []float32 {
	if cap(b.sum) < len(w) {
		b.sum = make([]float32, len(w))
	}
	sum := b.sum[:len(w)]
	for i := range sum {
		sum[i] = g[i] + float32(rate*w[i])
	}
	return sum
}
