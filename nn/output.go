package nn

import (
	"math"

	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
)

// Output says what the numbers mean that a network gives for a sample.
type Output int

const (
	// OutputLogits are any numbers: a loss on logits decides whether a softmax or a
	// sigmoid makes probabilities of them.
	OutputLogits Output = iota
	// OutputLogProbabilities are the logarithms of OutputProbabilities. They are logits too:
	// their softmax is what they are the logarithm of.
	OutputLogProbabilities
	// OutputProbabilities are one distribution over the classes, by a softmax.
	OutputProbabilities
	// OutputSigmoids are probabilities each by itself, by sigmoids. A single one is that
	// of class 1.
	OutputSigmoids
	// OutputLogSigmoids are the logarithms of OutputSigmoids.
	OutputLogSigmoids
)

var outputNames = [...]string{"logits", "log-probabilities", "probabilities of a softmax", "probabilities of sigmoids", "logarithms of sigmoids"}

// String names the output in messages.
func (o Output) String() string {
	if o < 0 || int(o) >= len(outputNames) {
		return "unknown"
	}
	return outputNames[o]
}

// Probabilities reports whether the numbers are probabilities as they are.
func (o Output) Probabilities() bool { return o == OutputProbabilities || o == OutputSigmoids }

// Class is the class that the output y of one sample stands for: that of the largest
// number, the first of equal ones. A single number says 1 above even odds, else 0.
func (o Output) Class(y []float32) int {
	return classOf(len(y), o.even(), func(k int) float32 { return y[k] })
}

// even is a single output at even odds.
func (o Output) even() float32 {
	switch o {
	case OutputProbabilities, OutputSigmoids:
		return 0.5
	case OutputLogProbabilities, OutputLogSigmoids:
		return -math.Ln2
	}
	return 0
}

// classOf is the one place where numbers become a class.
func classOf(outputs int, even float32, at func(k int) float32) int {
	if outputs == 1 {
		if at(0) > even {
			return 1
		}
		return 0
	}
	best := 0
	for k := 1; k < outputs; k++ {
		if at(k) > at(best) {
			best = k
		}
	}
	return best
}

// ClassProbabilities gives the probabilities that the output y of one sample stands for, one
// a class; y stays as it is. A single output becomes those of classes 0 and 1. Of logits
// the loss says whether each stands for a probability by itself (BCELogits) or all for one
// distribution, a single one always by itself; nil is cross-entropy.
func (o Output) ClassProbabilities(loss Loss, y []float32) []float32 {
	p := append([]float32(nil), y...)
	switch {
	case o.Probabilities():
	case o == OutputLogProbabilities, o == OutputLogSigmoids:
		for k, v := range p {
			p[k] = float32(math.Exp(float64(v)))
		}
	case len(p) == 1 || ofSigmoids(loss):
		for k, z := range p {
			p[k] = float32(1 / (1 + math.Exp(-float64(z))))
		}
	default:
		layer.Probabilities(p)
	}
	if len(p) == 1 {
		return []float32{1 - p[0], p[0]}
	}
	return p
}

// ofSigmoids reports whether a loss on logits makes each a probability by itself.
func ofSigmoids(l Loss) bool {
	if w, ok := l.(loss.ClassWeighted); ok {
		l = w.Loss
	}
	_, ok := l.(loss.BCELogits)
	return ok
}

// OutputLayer is a layer that says by itself what its output means, for those that only its
// author knows.
type OutputLayer interface {
	Layer
	Output() Output
}
