package op

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

// String formats the shape as Keras and NumPy do: (8, 22, 22).
func (s Shape) String() string {
	parts := make([]string, len(s))
	for i, d := range s {
		parts[i] = fmt.Sprint(d)
	}
	return "(" + strings.Join(parts, ", ") + ")"
}

// Batched formats the shape of a batch of such samples: (N, 8, 22, 22).
func (s Shape) Batched() string { return "(N, " + s.String()[1:] }

// MaxElements is the limit for the elements of one sample's feature map, so that a mistaken
// shape is an error instead of exhausted memory. A block of that size takes 1 GiB.
const MaxElements = 1 << 24

// Check returns an error unless all dimensions are positive and their product is at most
// limit.
func (s Shape) Check(limit int) error {
	n := 1
	for _, d := range s {
		if d < 1 {
			return fmt.Errorf("shape %v has a dimension below 1", s)
		}
		if d > limit/n {
			return fmt.Errorf("shape %v has more than %d elements", s, limit)
		}
		n *= d
	}
	return nil
}
