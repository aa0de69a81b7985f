package nn

import (
	"math"

	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
)

// Output is the meaning of a network's output.
type Output int

const (
	// OutputLogits are any numbers. The loss decides whether a softmax or a sigmoid maps them to
	// probabilities.
	OutputLogits Output = iota
	// OutputLogProbabilities are the logarithms of OutputProbabilities. They are logits too:
	// their softmax is the probabilities.
	OutputLogProbabilities
	// OutputProbabilities are one distribution over the classes, as of a softmax.
	OutputProbabilities
	// OutputSigmoids are independent probabilities, as of sigmoids. A single one is the
	// probability of class 1.
	OutputSigmoids
	// OutputLogSigmoids are the logarithms of OutputSigmoids.
	OutputLogSigmoids
)

var outputNames = [...]string{"logits", "log-probabilities", "probabilities of a softmax", "probabilities of sigmoids", "logarithms of sigmoids"}

// String returns the name that messages use.
func (o Output) String() string {
	if o < 0 || int(o) >= len(outputNames) {
		return "unknown"
	}
	return outputNames[o]
}

// Probabilities reports whether the outputs are probabilities.
func (o Output) Probabilities() bool { return o == OutputProbabilities || o == OutputSigmoids }

// NoClass is the predicted class of an output that gives none: one of its numbers is NaN or +∞,
// or all of several are −∞.
const NoClass = -1

// Class is the predicted class for the output y of one sample: the index of the largest number,
// the first of equal ones. For a single number it is 1 if the probability is above 0.5, else 0.
// An output that is not a number has NoClass.
func (o Output) Class(y []float32) int {
	return classOf(len(y), o.even(), func(k int) float32 { return y[k] })
}

// even is the single output for a probability of 0.5.
func (o Output) even() float32 {
	switch o {
	case OutputProbabilities, OutputSigmoids:
		return 0.5
	case OutputLogProbabilities, OutputLogSigmoids:
		return -math.Ln2
	}
	return 0
}

// classOf is Class for numbers at(0)…at(outputs−1).
func classOf(outputs int, even float32, at func(k int) float32) int {
	best, largest := NoClass, float32(math.Inf(-1))
	for k := range outputs {
		switch v := at(k); {
		case v != v || v > math.MaxFloat32:
			return NoClass
		case v > largest:
			best, largest = k, v
		}
	}
	switch {
	case outputs > 1:
		return best
	case largest > even:
		return 1
	}
	return 0
}

// ClassProbabilities returns the probabilities of all classes for the output y of one sample. A
// single output gives those of classes 0 and 1. For logits the loss decides between sigmoids
// (BCELogits) and a softmax; nil means cross-entropy. A single logit always gets a sigmoid.
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

// ofSigmoids reports whether a loss on logits contains a sigmoid.
func ofSigmoids(l Loss) bool {
	if w, ok := l.(loss.ClassWeighted); ok {
		l = w.Loss
	}
	_, ok := l.(loss.BCELogits)
	return ok
}

// OutputLayer is a layer that declares the meaning of its output, for custom layers.
type OutputLayer interface {
	Layer
	Output() Output
}
