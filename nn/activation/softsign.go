package activation

import "math"

// Softsign is x/(1 + |x|) (Turian et al. 2009), with derivative 1/(1 + |x|)².
//
// ONNX: Softsign.
var Softsign = &Func{
	Name:    "softsign",
	Formula: "x/(1 + |x|)",
	Forward: forward64(func(x, _ float64) float64 {
		x = min(max(x, -math.MaxFloat32), math.MaxFloat32) // at ±∞ it would be ∞/∞
		return x / (1 + math.Abs(x))
	}),
	Backward: backward64(func(x, _ float64) float64 {
		d := 1 + math.Abs(x)
		return 1 / (d * d)
	}),
}
