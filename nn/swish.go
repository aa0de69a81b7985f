package nn

import "math"

// swish is x·σ(βx) (Ramachandran et al. 2017) with a fixed β, by default 1, which
// is SiLU:
//
//	f(x)  = x·σ(βx)
//	f'(x) = σ(βx) + βx·σ(βx)·(1 − σ(βx))
//
// β = 0 gives x/2, β → ∞ gives ReLU.
//
// ONNX: Sigmoid and Mul.
var swish = ActFunc{
	Name:    "swish",
	Formula: "x·sigmoid(b·x)",
	Arg:     Fixed,
	Param:   "beta",
	Default: new(float32(1)),
	Forward: swishForward,
	Backward: func(dx, dy, x []float32, b float32) float32 {
		for i, v := range x {
			d, _ := swishGrad(float64(v), float64(b))
			dx[i] = float32(float64(dy[i]) * d)
		}
		return 0
	},
}

// swishBeta is Swish with a learned β, which moves a unit between linear and ReLU:
//
//	∂f/∂β = x²·σ(βx)·(1 − σ(βx))
//
// β starts at 1.
//
// ONNX: Mul, Sigmoid, Mul with β as an initializer.
var swishBeta = ActFunc{
	Name:    "swish-beta",
	Formula: "x·sigmoid(b·x), b learned",
	Arg:     Learned,
	Param:   "beta",
	Role:    Beta,
	Forward: swishForward,
	Backward: func(dx, dy, x []float32, b float32) float32 {
		var db float64
		for i, v := range x {
			d, e := swishGrad(float64(v), float64(b))
			g := float64(dy[i])
			dx[i] = float32(g * d)
			db += g * e
		}
		return float32(db)
	},
}

func swishForward(y, x []float32, b float32) {
	for i, v := range x {
		if math.IsInf(float64(v), 0) {
			y[i] = swishAtInf(v, b)
			continue
		}
		s, _ := logistic(float64(b) * float64(v))
		y[i] = float32(float64(v) * s)
	}
}

// swishAtInf is the limit at ±∞, where the formula would be ∞·0.
func swishAtInf(x, b float32) float32 {
	switch {
	case b == 0:
		return x / 2
	case (b > 0) == (x > 0):
		return x
	}
	return 0
}

// swishGrad gives ∂f/∂x and ∂f/∂β.
func swishGrad(x, b float64) (dx, db float64) {
	s, c := logistic(b * x)
	if s == 0 || c == 0 { // saturated: x·s·c is 0 even where x is infinite
		return s, 0
	}
	return s + b*x*s*c, x * x * s * c
}

// logistic gives σ(z) and 1 − σ(z), each to full relative precision.
func logistic(z float64) (s, c float64) {
	e := math.Exp(-math.Abs(z))
	s, c = 1/(1+e), e/(1+e)
	if z < 0 {
		s, c = c, s
	}
	return s, c
}
