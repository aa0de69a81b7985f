package activation_test

import "testing"

// At −∞ a slope of 0 gives 0·∞, which is NaN, as it does in PyTorch.
var _ = formula("leaky", actFormula{
	args: []float32{-1, -0.5, 0, 0.01, 0.3, 1},
	f:    slopeFormula,
	dx:   slopeDerivative,
})

func slopeFormula(x, a float64) float64 {
	if x > 0 {
		return x
	}
	return a * x
}

func slopeDerivative(x, a float64) float64 {
	if x > 0 {
		return 1
	}
	return a
}

func TestLeakyHasTheSlopeAtZeroInBothFrameworks(t *testing.T) {
	checkKink(t, "leaky:-0.5", -0.5, -0.5)
	checkKink(t, "leaky:1", 1, 1)
}
