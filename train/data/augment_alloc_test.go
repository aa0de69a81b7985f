//go:build !race

package data

import (
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

// The race detector makes a sync.Pool forget at random, which this would count.
func TestAugmentDoesNotAllocate(t *testing.T) {
	s := must(Normalize(augment(t, testImages(t, 40, nn.Shape{3, 8, 8}), everyChange, 1), Norm{}))(t)
	b, idx := nn.NewBlock(s.Shape()), []int{5, 4, 39, 2}
	if n := testing.AllocsPerRun(100, func() { s.Fill(b, idx) }); n >= 1 {
		t.Errorf("%v allocations a Fill, want 0", n)
	}
}
