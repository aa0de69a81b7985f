package nn

import (
	"fmt"
	"strings"
)

// Shape is the shape of one sample, without the batch axis: (C, H, W) for a
// feature map, (N) for a vector.
type Shape []int

// Size is the number of elements of one sample.
func (s Shape) Size() int {
	n := 1
	for _, d := range s {
		n *= d
	}
	return n
}

// Equal reports whether two shapes are the same.
func (s Shape) Equal(t Shape) bool {
	if len(s) != len(t) {
		return false
	}
	for i := range s {
		if s[i] != t[i] {
			return false
		}
	}
	return true
}

// String gives the shape as Keras and NumPy print it: (8, 22, 22).
func (s Shape) String() string {
	parts := make([]string, len(s))
	for i, d := range s {
		parts[i] = fmt.Sprint(d)
	}
	return "(" + strings.Join(parts, ", ") + ")"
}

// Batched spells the shape of a batch of such samples: (N, 8, 22, 22).
func (s Shape) Batched() string { return "(N, " + s.String()[1:] }

// Tensor is a dense float32 tensor outside the network: row-major, batch first
// (N, C, H, W). Inside a network the same values travel as Blocks.
type Tensor struct {
	Shape []int
	Data  []float32
}

// NewTensor returns a tensor of zeros.
func NewTensor(shape ...int) *Tensor {
	return &Tensor{Shape: shape, Data: make([]float32, Shape(shape).Size())}
}

// Sample returns the values of sample i, a view of t.
func (t *Tensor) Sample(i int) []float32 {
	n := Shape(t.Shape[1:]).Size()
	return t.Data[i*n : (i+1)*n]
}

// check reports whether a tensor that a caller put together holds what it says.
func (t *Tensor) check() error {
	if n := Shape(t.Shape).Size(); t.Shape[0] < 0 || len(t.Data) != n {
		return fmt.Errorf("a tensor of shape %v with %d values, need %d", Shape(t.Shape), len(t.Data), n)
	}
	return nil
}
