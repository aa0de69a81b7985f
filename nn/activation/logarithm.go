package activation

import "math"

// Logarithm makes logits of probabilities, for losses on logits: ln x, of numbers below the
// smallest normal one ln of that. It is not in the table of activations, since networks of
// users end in layer.LogSoftmax.
var Logarithm = &Func{
	Name:     "ln",
	Formula:  "ln(x)",
	Forward:  forward64(func(x, _ float64) float64 { return math.Log(max(x, smallest)) }),
	Backward: backward64(func(x, _ float64) float64 { return 1 / max(x, smallest) }),
}

// smallest is the least normal float32.
const smallest = 0x1p-126
