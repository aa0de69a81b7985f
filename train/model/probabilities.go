package model

import (
	"math"

	"github.com/gonn-toolkit/gonn/nn"
)

// Probabilities turns one result of the network into one probability a class, as loss makes
// them of logits, unless the network has done so. A single output is the probability of
// class 1. y may be changed.
func (m *Model) Probabilities(loss nn.Loss, y []float32) []float32 {
	switch {
	case loss.Probabilities() || m.Net.Logits() != m.Net:
	case ofSigmoids(loss):
		for k, z := range y {
			y[k] = float32(1 / (1 + math.Exp(-float64(z))))
		}
	default:
		nn.Probabilities(y)
	}
	if len(y) == 1 {
		return []float32{1 - y[0], y[0]}
	}
	return y
}

// ofSigmoids reports whether a loss on logits makes each a probability by itself, and not
// all together by a softmax.
func ofSigmoids(loss nn.Loss) bool {
	if w, ok := loss.(nn.ClassWeighted); ok {
		loss = w.Loss
	}
	_, ok := loss.(nn.BCELogits)
	return ok
}
