package activation

import (
	"math"

	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
)

// GELUTanh is the approximation of GELU by tanh that its authors give. With
// u = √(2/π)·(x + 0.044715·x³):
//
//	f(x)  = x·(1 + tanh(u))/2 = x·σ(2u)
//	f'(x) = σ(2u) + x·σ(2u)·(1 − σ(2u))·2u'
//
// It is within 5e-4 of GELU. PyTorch has it as GELU(approximate="tanh"), Keras as
// gelu(approximate=True).
//
// ONNX: nine nodes around Tanh before opset 20, Gelu with approximate = "tanh" from it on.
var GELUTanh = &Func{
	Name:    "gelu-tanh",
	Formula: "x·(1 + tanh(sqrt(2/pi)·(x + 0.044715·x³)))/2",
	Forward: forward64(func(x, _ float64) float64 {
		x = max(x, -far)
		z, _ := geluArg(x)
		return x / (1 + math.Exp(-z))
	}),
	Backward: backward64(func(x, _ float64) float64 {
		x = min(max(x, -far), far)
		z, dz := geluArg(x)
		s, c := kernel.Logistic(z)
		return s + x*dz*s*c
	}),
}

// geluArg gives 2u and 2u'.
func geluArg(x float64) (z, dz float64) {
	const twice, cubic = 2 * math.Sqrt2 / math.SqrtPi, 0.044715
	return twice * x * (1 + cubic*x*x), twice * (1 + 3*cubic*x*x)
}
