package activation_test

import (
	"math"
	"testing"
)

var _ = formula("prelu", actFormula{
	args: []float32{-1, -0.5, 0, 0.25, 1},
	f:    slopeFormula,
	dx:   slopeDerivative,
	da:   func(x, _ float64) float64 { return math.Min(x, 0) },
	kink: func(x, a float64) float64 {
		if x == 0 {
			return 0
		}
		return slopeDerivative(x, a)
	},
})

func TestPReLUHasTheSlopeAtZeroInPyTorchAndNothingInKeras(t *testing.T) {
	checkKink(t, "prelu:one:-0.5", -0.5, 0)
	checkKink(t, "prelu:element:0.25", 0.25, 0)
}
