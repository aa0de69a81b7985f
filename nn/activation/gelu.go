package activation

import "math"

// GELU (Hendrycks and Gimpel 2016) is x·Φ(x) with the distribution function Φ and
// the density φ of the standard normal distribution:
//
//	f(x)  = x·Φ(x) = x·(1 + erf(x/√2))/2
//	f'(x) = Φ(x) + x·φ(x)
//
// It is the default of PyTorch's GELU and of Keras's activation "gelu". Its approximation
// by tanh, which is another function, is gelu-tanh.
//
// ONNX: Div, Erf, Add, Mul, Mul before opset 20, Gelu from it on.
var GELU = &Func{
	Name:    "gelu",
	Formula: "x·(1 + erf(x/sqrt(2)))/2",
	Forward: forward64(func(x, _ float64) float64 {
		x = max(x, -far)
		p, _ := normal(x)
		return x * p
	}),
	Backward: backward64(func(x, _ float64) float64 {
		x = min(max(x, -far), far)
		p, density := normal(x)
		return p + x*density
	}),
}

// millsRatio are the coefficients, from k⁰ on, of a polynomial in k = 1/(1 + t/4) for
// Mills' ratio Φ(−t)/φ(t), divided by √(2π)·k. It interpolates at the 13 Chebyshev nodes
// of the k of 0 ≤ t ≤ 40, and is within 6e-10 of the ratio between them.
var millsRatio = [...]float64{
	0.09973566921467192,
	0.09973131765890007,
	0.09358044414924,
	0.08021387278679616,
	0.06897619496953683,
	0.01873740552960579,
	0.09922878579234266,
	-0.15621784311290385,
	0.23912524769867163,
	-0.24325561977358612,
	0.1323477227691951,
	-0.03605540424284938,
	0.003852206522952288,
}

// normal gives Φ(x) and φ(x) for |x| ≤ far, with a relative error of 6e-10 even where Φ is
// small. math.Erfc is exact to the last bit of float64, which float32 has no use for, and
// takes twice as long.
func normal(x float64) (distribution, density float64) {
	k := 1 / (1 + math.Abs(x)/4)
	var p float64
	for i := len(millsRatio) - 1; i >= 0; i-- {
		p = p*k + millsRatio[i]
	}
	e := math.Exp(-x * x / 2)
	distribution = e * k * p
	if x > 0 {
		distribution = 1 - distribution
	}
	return distribution, e / math.Sqrt(2*math.Pi)
}
