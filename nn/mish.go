package nn

import "math"

// mish is x·tanh(softplus(x)) (Misra 2019). With n = eˣ(eˣ + 2):
//
//	f(x)  = x·n/(n + 2)
//	f'(x) = n/(n + 2) + x·σ(x)·4(n + 1)/(n + 2)²
//
// No logarithm is needed and nothing cancels. For large x, where n overflows in
// the end, tanh(softplus(x)) is 1 to the last bit.
//
// ONNX: Softplus, Tanh, Mul before opset 18, Mish from it on.
var mish = ActFunc{
	Name:    "mish",
	Formula: "x·tanh(ln(1 + e^x))",
	Forward: func(y, x []float32, _ float32) {
		for i, v := range x {
			switch {
			case v > mishLinear:
				y[i] = v
			case math.IsInf(float64(v), -1):
				y[i] = 0 // the limit, where the formula would be ∞·0
			default:
				n := mishN(float64(v))
				y[i] = float32(float64(v) * (n / (n + 2)))
			}
		}
	},
	Backward: func(dx, dy, x []float32, _ float32) float32 {
		for i, v := range x {
			dx[i] = float32(float64(dy[i]) * mishGrad(float64(v)))
		}
		return 0
	},
}

// mishLinear is where 1 − tanh(softplus(x)) ≈ 2e⁻²ˣ and the derivative's x·4e⁻²ˣ
// have long fallen below half a unit in the last place of a float32.
const mishLinear = 20

func mishN(x float64) float64 {
	e := math.Exp(x)
	return e * (e + 2)
}

func mishGrad(x float64) float64 {
	switch {
	case x > mishLinear:
		return 1
	case x < -800: // e^x is 0, x may be −∞
		return 0
	}
	n := mishN(x)
	s, _ := logistic(x)
	return n/(n+2) + x*s*4*(n+1)/((n+2)*(n+2))
}
