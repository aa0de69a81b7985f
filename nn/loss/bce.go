package loss

import (
	"math"

	"github.com/gonn-toolkit/gonn/nn/op"
)

// BCE is binary cross-entropy on probabilities, the mean over the outputs of
//
//	−t·ln p − (1 − t)·ln(1 − p)
//
// A binary classifier that answers 0.5 starts at ln 2 ≈ 0.69. At p = 0 or 1 the
// formula is infinite. PyTorch's BCELoss clamps each logarithm at −100 (and the
// denominator p(1 − p) of the derivative at 1e−12); Keras's BinaryCrossentropy clips p
// to [1e−7, 1 − 1e−7], outside which the derivative is 0.
//
// Keras does so only with a p whose origin it does not know. When p comes straight out
// of a sigmoid, as in fit and evaluate of a model that ends in one, it goes back to the
// sigmoid's argument z and computes BCELogits. Such a model is trained here without the
// sigmoid, with BCELogits.
type BCE struct{ Semantics op.Semantics }

func (BCE) Name() string                              { return "bce" }
func (BCE) Probabilities() bool                       { return true }
func (BCE) Check(output op.Shape, t TargetSpec) error { return checkElementwise(output, t) }
func (BCE) Weight(*Targets, int) float64              { return 1 }

func (b BCE) Block(out op.Block, t *Targets, dout op.Block, scale float32) [op.Lanes]float64 {
	f := bcePyTorch
	if b.Semantics == op.Keras {
		f = bceKeras
	}
	return elementwise(out, t, dout, scale, f)
}

func bcePyTorch(_ int, p, t float64) (v, d float64) {
	v = -t*max(math.Log(p), -100) - (1-t)*max(math.Log(1-p), -100)
	return v, (p - t) / max(p*(1-p), 1e-12)
}

func bceKeras(_ int, p, t float64) (v, d float64) {
	const eps = 1e-7
	q := min(max(p, eps), float64(1-float32(eps))) // Keras takes 1 − ε in float32, 1 − 1.19e−7
	v = -t*math.Log(q) - (1-t)*math.Log(1-q)
	if q == p {
		d = (p - t) / (p * (1 - p))
	}
	return v, d
}
