package nn

import "fmt"

// TensorSamples is a data set in memory: samples X, of shape (N, …), and their classes.
type TensorSamples struct {
	X          *Tensor
	Labels     []int
	NumClasses int
}

// NewTensorSamples returns a data set. It checks that there is one label for each sample, from 0
// to classes−1.
func NewTensorSamples(x *Tensor, labels []int, classes int) (*TensorSamples, error) {
	if err := x.checkSamples(); err != nil {
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

// Fill never fails.
func (s *TensorSamples) Fill(dst Block, idx []int) error {
	fillFrom(dst, s.X, idx)
	return nil
}

// ReadSample never fails.
func (s *TensorSamples) ReadSample(dst []float32, i int) error {
	copy(dst, s.X.Sample(i))
	return nil
}

// fillFrom writes samples of a tensor into lanes.
func fillFrom(dst Block, x *Tensor, idx []int) {
	if len(idx) < Lanes {
		clear(dst.Data)
	}
	for l, i := range idx {
		dst.SetSample(l, x.Sample(i))
	}
}

// TensorTargets is a data set in memory: samples X and their targets Y, both of shape (N, …).
type TensorTargets struct{ X, Y *Tensor }

// NewTensorTargets returns a data set. It checks that there is one target for each sample.
func NewTensorTargets(x, y *Tensor) (*TensorTargets, error) {
	if err := x.checkSamples(); err != nil {
		return nil, fmt.Errorf("samples: %w", err)
	}
	if err := y.checkSamples(); err != nil {
		return nil, fmt.Errorf("targets: %w", err)
	}
	if x.Shape[0] != y.Shape[0] {
		return nil, fmt.Errorf("samples: %d targets for %d samples", y.Shape[0], x.Shape[0])
	}
	return &TensorTargets{x, y}, nil
}

func (s *TensorTargets) Len() int           { return s.X.Shape[0] }
func (s *TensorTargets) Shape() Shape       { return s.X.Shape[1:] }
func (s *TensorTargets) TargetShape() Shape { return s.Y.Shape[1:] }

// Fill never fails.
func (s *TensorTargets) Fill(dst Block, idx []int) error {
	fillFrom(dst, s.X, idx)
	return nil
}

// FillTargets never fails.
func (s *TensorTargets) FillTargets(dst Block, idx []int) error {
	fillFrom(dst, s.Y, idx)
	return nil
}
