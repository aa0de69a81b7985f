package nn

import "math"

// gelu is GELU (Hendrycks and Gimpel 2016), x·Φ(x) with the distribution function Φ and
// the density φ of the standard normal distribution:
//
//	f(x)  = x·Φ(x) = x·(1 + erf(x/√2))/2
//	f'(x) = Φ(x) + x·φ(x)
//
// It is the default of PyTorch's GELU and of Keras's activation "gelu". Its approximation
// by tanh, which is another function, is gelu-tanh.
//
// ONNX: Div, Erf, Add, Mul, Mul before opset 20, Gelu from it on.
var gelu = ActFunc{
	Name:    "gelu",
	Formula: "x·(1 + erf(x/sqrt(2)))/2",
	Forward: forward64(func(x, _ float64) float64 {
		x = max(x, -far)
		return x * normal(x)
	}),
	Backward: backward64(func(x, _ float64) float64 {
		x = min(max(x, -far), far)
		return normal(x) + x*math.Exp(-x*x/2)/math.Sqrt(2*math.Pi)
	}),
}

// normal is Φ(x), to full relative precision where it is small.
func normal(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 }
