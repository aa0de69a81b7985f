package activation

import "math"

// Logarithm makes logits of probabilities, for losses on logits: ln x, of numbers below the
// smallest normal one ln of that. It is not in the table of activations, since networks of
// users end in layer.LogSoftmax.
var Logarithm = &Func{
	Name:    "ln",
	Formula: "ln(x)",
	Forward: func(y, x, _ []float32) {
		for i, v := range x {
			y[i] = float32(math.Log(float64(max(v, smallest))))
		}
	},
	Backward: func(dx, dy, x, _, _ []float32) {
		for i, v := range x {
			dx[i] = dy[i] / max(v, smallest)
		}
	},
}

// smallest is the least normal float32.
const smallest = 0x1p-126
