package loss

import (
	"fmt"
	"math"

	"github.com/gonn-toolkit/gonn/nn/op"
)

// Huber is the mean over the outputs of a function of e = p − t, t being the one-hot
// target, that is a parabola near 0 and a line farther out:
//
//	e²/2            for |e| ≤ δ, with derivative e
//	δ·(|e| − δ/2)   beyond, with derivative ±δ
//
// Value and derivative have no jump at |e| = δ. Outputs in [0, 1] are never farther than 1
// from their target, so that from δ = 1 on it is half of MSE.
//
// It is PyTorch's HuberLoss(delta=δ) and Keras's Huber(delta=δ), both with δ = 1 by
// default. PyTorch's SmoothL1Loss(beta=δ) is this by δ, and for δ = 1 the same.
type Huber struct {
	Delta float64 // δ, above 0; 0 means 1
}

// Name is huber, or huber:0.5 with another δ than 1.
func (h Huber) Name() string {
	if h.delta() == 1 {
		return "huber"
	}
	return "huber:" + formatNumbers([]float64{h.Delta})
}

func (Huber) Probabilities() bool          { return true }
func (Huber) Weight(*Targets, int) float64 { return 1 }

func (h Huber) Check(output op.Shape, t TargetSpec) error {
	if !(h.Delta >= 0) {
		return fmt.Errorf("δ of the Huber loss is %v, need a number above 0", h.Delta)
	}
	return checkElementwise(output, t)
}

func (h Huber) Block(out op.Block, t *Targets, dout op.Block, scale float32) [op.Lanes]float64 {
	delta := h.delta()
	return elementwise(out, t, dout, scale, func(_ int, p, t float64) (float64, float64) {
		e := p - t
		if math.Abs(e) <= delta {
			return e * e / 2, e
		}
		return delta * (math.Abs(e) - delta/2), math.Copysign(delta, e)
	})
}

func (h Huber) delta() float64 {
	if h.Delta == 0 {
		return 1
	}
	return h.Delta
}

// parseHuber reads δ.
func parseHuber(args []float64, _ op.Semantics) (Loss, error) {
	if args == nil {
		return Huber{Delta: 1}, nil
	}
	if len(args) != 1 || !(args[0] > 0) {
		return nil, fmt.Errorf("δ is one number above 0, got %s", formatNumbers(args))
	}
	return Huber{Delta: args[0]}, nil
}
