package nn

import "fmt"

// Dataset is a data set as a network reads it. Implementations are safe for concurrent use:
// several goroutines fill blocks at once.
type Dataset interface {
	// Len is the number of samples.
	Len() int
	// Shape is the shape of one sample, (C, H, W).
	Shape() Shape
	// Fill writes sample idx[l] into lane l of dst and zero into the lanes
	// beyond len(idx). An error ends the run that reads.
	Fill(dst Block, idx []int) error
}

// Samples is a data set of one class a sample.
type Samples interface {
	Dataset
	// Classes is the number of classes.
	Classes() int
	// Label is the class of sample i, 0 ≤ label < Classes.
	Label(i int) int
}

// TargetSamples is a data set with numbers as targets: vectors to be approximated, several
// labels, maps.
type TargetSamples interface {
	Dataset
	// TargetShape is the shape of the target of one sample.
	TargetShape() Shape
	// FillTargets writes the target of sample idx[l] into lane l of dst and zero into the
	// lanes beyond len(idx). An error ends the run that reads.
	FillTargets(dst Block, idx []int) error
}

// SampleReader is a data set that can also give one sample by itself, so that a few large
// ones need not the memory of a block.
type SampleReader interface {
	Dataset
	// ReadSample writes sample i, row-major, into dst.
	ReadSample(dst []float32, i int) error
}

// ReadSample writes sample i of a data set into dst, row-major.
func ReadSample(dst []float32, data Dataset, i int) error {
	if r, ok := data.(SampleReader); ok {
		return r.ReadSample(dst, i)
	}
	b := NewBlock(data.Shape())
	if err := data.Fill(b, []int{i}); err != nil {
		return err
	}
	b.Sample(0, dst)
	return nil
}

// TensorSamples is a data set held in a tensor (N, C, H, W).
type TensorSamples struct {
	X          *Tensor
	Labels     []int
	NumClasses int
}

// NewTensorSamples checks that x has one label a sample, each below classes.
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

// TensorTargets is a data set held in two tensors: samples X (N, C, H, W) and their targets
// Y (N, …).
type TensorTargets struct{ X, Y *Tensor }

// NewTensorTargets checks that there is one target a sample.
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

// CheckClasses is an error if there is nothing to learn from a training set: all of its
// samples are of one class. An empty set is another error, which training reports.
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
