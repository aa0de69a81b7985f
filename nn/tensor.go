package nn

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// Tensor is a dense, row-major float32 tensor, batch axis first: (N, C, H, W).
type Tensor struct {
	Shape []int
	Data  []float32
}

// NewTensor returns a tensor of zeros.
func NewTensor(shape ...int) *Tensor {
	return &Tensor{Shape: shape, Data: make([]float32, Shape(shape).Size())}
}

// Sample returns the values of sample i, a view of t.
func (t *Tensor) Sample(i int) []float32 { return t.samples(i, 1) }

// samples returns the values of n samples, a view of t.
func (t *Tensor) samples(first, n int) []float32 {
	size := Shape(t.Shape[1:]).Size()
	return t.Data[first*size : (first+n)*size]
}

// check returns an error unless the data has the size of the shape.
func (t *Tensor) check() error {
	if slices.Min(t.Shape) < 0 {
		return fmt.Errorf("a tensor of shape %v with %d values: a dimension is below 0", Shape(t.Shape), len(t.Data))
	}
	if err := Shape(t.Shape).Check(math.MaxInt); err != nil && slices.Min(t.Shape) > 0 {
		return fmt.Errorf("a tensor with %d values: %w", len(t.Data), err)
	}
	if n := Shape(t.Shape).Size(); len(t.Data) != n {
		return fmt.Errorf("a tensor of shape %v with %d values, need %d", Shape(t.Shape), len(t.Data), n)
	}
	return nil
}

// checkSamples returns an error unless a tensor holds samples of any shape.
func (t *Tensor) checkSamples() error {
	if t == nil {
		return errors.New("got no tensor, need (N, …)")
	}
	if len(t.Shape) < 2 {
		return fmt.Errorf("a tensor of shape %v has no sample axis; need (N, …)", Shape(t.Shape))
	}
	return t.check()
}

// checkBatch returns an error unless a tensor holds samples of a shape.
func (t *Tensor) checkBatch(s Shape) error {
	if t == nil {
		return fmt.Errorf("got no tensor, need %s", s.Batched())
	}
	if len(t.Shape) == 0 || !Shape(t.Shape[1:]).Equal(s) {
		return fmt.Errorf("got %v, need %s", Shape(t.Shape), s.Batched())
	}
	return t.check()
}
