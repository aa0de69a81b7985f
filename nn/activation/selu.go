package activation

import "math"

// seluAlpha and seluScale make mean 0 and variance 1 a fixed point of a wide layer with
// SELU and independent weights of mean 0 and variance 1/n.
const (
	seluAlpha = 1.6732632423543772848170429916717
	seluScale = 1.0507009873554804934193349852946
)

// SELU (Klambauer et al. 2017) is ELU with two fixed constants, λ = 1.0507… and
// α = 1.6733…:
//
//	f(x)  = λ·x for x > 0, λ·α·(eˣ − 1) otherwise
//	f'(x) = λ   for x > 0, λ·α·eˣ       otherwise
//
// The derivative at 0 is λ·α in PyTorch, λ in Keras.
//
// ONNX: Selu, with alpha and gamma always written.
var SELU = &Func{
	Name:    "selu",
	Formula: "1.0507·(x for x > 0, 1.6733·(e^x - 1) otherwise)",
	Forward: forward64(func(x, _ float64) float64 {
		if x > 0 {
			return seluScale * x
		}
		return seluScale * seluAlpha * math.Expm1(x)
	}),
	Backward: backward64(func(x, _ float64) float64 {
		if x > 0 {
			return seluScale
		}
		return seluScale * seluAlpha * math.Exp(x)
	}),
	BackwardKeras: backward64(func(x, _ float64) float64 {
		if x >= 0 {
			return seluScale
		}
		return seluScale * seluAlpha * math.Exp(x)
	}),
}
