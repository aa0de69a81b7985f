package kernel

import (
	"math"
	"testing"
)

// The hash is of bits, in their order.
func TestHashTellsNumbersApart(t *testing.T) {
	list := []float32{1, 2, 0}
	h := Hash([][]float32{list, {3}})
	if h != Hash([][]float32{{1, 2, 0}, {3}}) {
		t.Error("equal numbers have two hashes")
	}
	for _, other := range [][][]float32{{{2, 1, 0}, {3}}, {{3}, list}, {{1, 2, float32(math.Copysign(0, -1))}, {3}}, {{1, 2, 0}, {4}}, {{1, 2, 0}}} {
		if Hash(other) == h {
			t.Errorf("%g has the hash of others", other)
		}
	}
}
