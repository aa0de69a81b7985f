package nn

import "fmt"

// Samples is a labelled data set as a network reads it. Implementations are
// safe for concurrent use: several goroutines fill blocks at once.
type Samples interface {
	// Len is the number of samples.
	Len() int
	// Shape is the shape of one sample, (C, H, W).
	Shape() Shape
	// Classes is the number of classes.
	Classes() int
	// Label is the class of sample i, 0 ≤ label < Classes.
	Label(i int) int
	// Fill writes sample idx[l] into lane l of dst and zero into the lanes
	// beyond len(idx).
	Fill(dst Block, idx []int)
}

// TensorSamples is a data set held in a tensor (N, C, H, W).
type TensorSamples struct {
	X          *Tensor
	Labels     []int
	NumClasses int
}

// NewTensorSamples checks that x has one label a sample, each below classes.
func NewTensorSamples(x *Tensor, labels []int, classes int) (*TensorSamples, error) {
	if len(x.Shape) < 2 {
		return nil, fmt.Errorf("samples: a tensor of shape %v has no sample axis; need (N, …)", Shape(x.Shape))
	}
	if err := x.check(); err != nil {
		return nil, fmt.Errorf("samples: %w", err)
	}
	if len(labels) != x.Shape[0] {
		return nil, fmt.Errorf("samples: %d labels for %d samples", len(labels), x.Shape[0])
	}
	for i, l := range labels {
		if l < 0 || l >= classes {
			return nil, fmt.Errorf("samples: label %d of sample %d is not in 0…%d", l, i, classes-1)
		}
	}
	return &TensorSamples{X: x, Labels: labels, NumClasses: classes}, nil
}

func (s *TensorSamples) Len() int        { return s.X.Shape[0] }
func (s *TensorSamples) Shape() Shape    { return s.X.Shape[1:] }
func (s *TensorSamples) Classes() int    { return s.NumClasses }
func (s *TensorSamples) Label(i int) int { return s.Labels[i] }

func (s *TensorSamples) Fill(dst Block, idx []int) {
	if len(idx) < Lanes {
		clear(dst.Data)
	}
	for l, i := range idx {
		dst.SetSample(l, s.X.Sample(i))
	}
}

// CheckClasses is an error if there is nothing to learn from a training set: all of its
// samples are of one class. No samples are another error, which training tells.
func CheckClasses(data Samples) error {
	for i := range data.Len() {
		if data.Label(i) != data.Label(0) {
			return nil
		}
	}
	if data.Len() == 0 {
		return nil
	}
	return fmt.Errorf("all %d training samples are of class %d: need samples of at least two classes", data.Len(), data.Label(0))
}
