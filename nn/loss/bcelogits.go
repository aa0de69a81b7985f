package loss

import (
	"errors"
	"fmt"
	"math"

	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// BCELogits is binary cross-entropy of p = sigmoid(z) on logits z, the mean over the
// outputs of
//
//	−w·t·ln p − (1 − t)·ln(1 − p)       derivative p for t = 0, w·(p − 1) for t = 1
//
// computed from z, so that it is exact where p rounds to 0 or 1 and neither value nor
// derivative need a clamp as in BCE. It is PyTorch's BCEWithLogitsLoss(pos_weight=w) and
// Keras's BinaryCrossentropy(from_logits=True), which has no w.
type BCELogits struct {
	// PosWeight is w: one for each output or one for all; nil for 1. Above 1 a missed
	// sample of a class costs more than a false alarm.
	PosWeight []float64
}

// Name is bce-logits, or bce-logits:3 with a weight.
func (b BCELogits) Name() string {
	if b.PosWeight == nil {
		return "bce-logits"
	}
	return "bce-logits:" + formatNumbers(b.PosWeight)
}

func (BCELogits) Probabilities() bool          { return false }
func (BCELogits) Weight(*Targets, int) float64 { return 1 }

func (b BCELogits) Check(output op.Shape, t TargetSpec) error {
	if n := len(b.PosWeight); n > 1 && n != output.Size() {
		return fmt.Errorf("%d weights of positive targets for %d outputs: need one for all or one for each", n, output.Size())
	}
	for _, w := range b.PosWeight {
		if !(w >= 0) || math.IsInf(w, 0) {
			return fmt.Errorf("weight %v of positive targets is not a finite number of 0 or more", w)
		}
	}
	return checkElementwise(output, t)
}

func (b BCELogits) Block(out op.Block, t *Targets, dout op.Block, scale float32) [op.Lanes]float64 {
	return elementwise(out, t, dout, scale, func(k int, z, t float64) (float64, float64) {
		w := b.weight(k)
		s, rest := kernel.Logistic(z)
		switch t {
		case 0:
			return logOfOdds(z), s
		case 1:
			return w * logOfOdds(-z), -w * rest
		}
		return w*t*logOfOdds(-z) + (1-t)*logOfOdds(z), (1-t)*s - w*t*rest
	})
}

// weight is w of output k.
func (b BCELogits) weight(k int) float64 {
	switch len(b.PosWeight) {
	case 0:
		return 1
	case 1:
		return b.PosWeight[0]
	}
	return b.PosWeight[k]
}

// logOfOdds is ln(1 + eᶻ) to full precision: losses are in float64.
func logOfOdds(z float64) float64 { return max(z, 0) + math.Log1p(math.Exp(-math.Abs(z))) }

// parseBCELogits reads the weights.
func parseBCELogits(args []float64, s op.Semantics) (Loss, error) {
	if args != nil && s == op.Keras {
		return nil, errors.New("Keras's BinaryCrossentropy has no weight of positive targets: leave it out, give class weights, or choose PyTorch's semantics")
	}
	l := BCELogits{PosWeight: args}
	for _, w := range args {
		if w < 0 {
			return nil, fmt.Errorf("weights of positive targets are 0 or more, got %s", formatNumbers(args))
		}
	}
	return l, nil
}
