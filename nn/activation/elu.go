package activation

import "math"

// ELU is the exponential linear unit (Clevert et al. 2015) with any α, by default 1:
//
//	f(x)  = x for x > 0, α·(eˣ − 1) otherwise
//	f'(x) = 1 for x > 0, α·eˣ       otherwise
//
// The derivative at 0 is α in PyTorch and in Keras.
//
// ONNX: Elu.
var ELU = &Func{
	Name:    "elu",
	Formula: "x for x > 0, a·(e^x - 1) otherwise",
	Arg:     Fixed,
	Param:   "alpha",
	Default: new(float32(1)),
	Forward: forward64(func(x, a float64) float64 {
		if x > 0 {
			return x
		}
		return a * math.Expm1(x)
	}),
	Backward: backward64(func(x, a float64) float64 {
		if x > 0 {
			return 1
		}
		return a * math.Exp(x)
	}),
}
