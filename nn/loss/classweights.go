package loss

import (
	"fmt"
	"math"

	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// ClassWeighted is a loss under Keras's class_weight: that of a sample, and its
// gradient, is multiplied by the weight of its class. The mean divides by the number of
// samples all the same, so that weights of 2 double it; PyTorch's weights, which do not,
// are CrossEntropy's own.
//
// Keras weights only what fit trains on: to do the same, evaluate with Loss alone.
type ClassWeighted struct {
	Loss    Loss
	Weights []float64 // one a class
}

func (c ClassWeighted) Name() string                        { return c.Loss.Name() }
func (c ClassWeighted) Probabilities() bool                 { return c.Loss.Probabilities() }
func (c ClassWeighted) Weight(t *Targets, lane int) float64 { return c.Loss.Weight(t, lane) }

func (c ClassWeighted) Check(output op.Shape, t TargetSpec) error {
	if err := checkWeights(c.Weights, t.Classes); err != nil {
		return err
	}
	return c.Loss.Check(output, t)
}

func (c ClassWeighted) Block(out op.Block, t *Targets, dout op.Block, scale float32) [op.Lanes]float64 {
	losses := c.Loss.Block(out, t, dout, scale)
	var by [op.Lanes]float32
	for l, class := range t.Classes[:t.N] {
		losses[l] *= c.Weights[class]
		by[l] = float32(c.Weights[class])
	}
	kernel.ScaleLanes(dout.Data, by)
	return losses
}

// WithClassWeights gives a loss the weights in a framework's way: CrossEntropy.Weights
// in PyTorch's, ClassWeighted in Keras's. PyTorch has no weights of classes for the
// other losses.
func WithClassWeights(l Loss, weights []float64, s op.Semantics) (Loss, error) {
	if s == op.Keras {
		return ClassWeighted{Loss: l, Weights: weights}, nil
	}
	if ce, ok := l.(CrossEntropy); ok {
		ce.Weights = weights
		return ce, nil
	}
	return nil, fmt.Errorf("class weights: PyTorch has none for %s: choose cross-entropy, the weight of bce-logits, or Keras's semantics", l.Name())
}

// BalancedWeights are those with which every class counts alike in a data set that has so
// many samples of each: samples/(classes·samples of the class), as scikit-learn's
// class_weight="balanced". A class without samples is an error.
func BalancedWeights(counts []int) ([]float64, error) {
	samples := 0
	for _, n := range counts {
		samples += n
	}
	w := make([]float64, len(counts))
	for k, n := range counts {
		if n == 0 {
			return nil, fmt.Errorf("balanced class weights: class %d has no samples; give the weights as numbers", k)
		}
		w[k] = float64(samples) / (float64(len(counts)) * float64(n))
	}
	return w, nil
}

// ParseClassWeights reads weights between commas, class 0 first: "1,2,0.5".
func ParseClassWeights(list string) ([]float64, error) {
	w, err := parseNumbers(list)
	if err == nil {
		err = checkWeights(w, len(w))
	}
	if err != nil {
		return nil, fmt.Errorf("class weights: %w", err)
	}
	return w, nil
}

// FormatClassWeights is the inverse of ParseClassWeights.
func FormatClassWeights(w []float64) string { return formatNumbers(w) }

// checkWeights is an error unless there is one weight a class, none below 0 and not all 0.
func checkWeights(w []float64, classes int) error {
	if len(w) != classes {
		return fmt.Errorf("%d class weights for %d classes: need one for each", len(w), classes)
	}
	sum := 0.0
	for _, v := range w {
		if !(v >= 0) || math.IsInf(v, 0) {
			return fmt.Errorf("class weight %v is not a finite number of 0 or more", v)
		}
		sum += v
	}
	if sum == 0 {
		return fmt.Errorf("all class weights are 0: need one above")
	}
	return nil
}
