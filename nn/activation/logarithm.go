package activation

import (
	"math"

	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
)

// Logarithm makes logits of probabilities, for losses on logits: ln x, of numbers below the
// smallest normal one ln of that. It is not in the table of activations, since networks of
// users end in layer.LogSoftmax.
var Logarithm = &Func{
	Name:     "ln",
	Formula:  "ln(x)",
	Forward:  kernel.Forward64(func(x, _ float64) float64 { return math.Log(max(x, smallest)) }),
	Backward: func(dx, dy, x, a, _ []float32) { logarithmBackward(dx, dy, x, a) },
}

var logarithmBackward = kernel.Backward64(func(x, _ float64) float64 { return 1 / max(x, smallest) })

// smallest is the least normal float32.
const smallest = 0x1p-126
