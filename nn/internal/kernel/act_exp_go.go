package kernel

import "math"

// The functions made of exponentials, in float64: the vector kernels are held against
// them, within the ulps that their tests state.

func expGo(y, x []float32) {
	y = y[:len(x)]
	for i, v := range x {
		y[i] = float32(math.Exp(float64(v)))
	}
}

// Logistic gives σ(z) and 1 − σ(z), each to full relative precision.
func Logistic(z float64) (s, c float64) {
	e := math.Exp(-math.Abs(z))
	s, c = 1/(1+e), e/(1+e)
	if z < 0 {
		s, c = c, s
	}
	return s, c
}

func sigmoid(x, _ float64) float64 {
	s, _ := Logistic(x)
	return s
}

func sigmoidGrad(x, _ float64) float64 {
	s, c := Logistic(x)
	return s * c
}

func tanh(x, _ float64) float64 { return math.Tanh(x) }

// tanhGrad is 1 − tanh²(x) as 4q/(1 + q)² with q = e^(−2|x|), which does not cancel for
// large |x|.
func tanhGrad(x, _ float64) float64 {
	q := math.Exp(-2 * math.Abs(x))
	return 4 * q / ((1 + q) * (1 + q))
}

func swishForwardGo(y, x, a []float32) {
	y = y[:len(x)]
	n := sharing(len(x), len(a))
	for i, v := range x {
		y[i] = float32(swish(float64(v), float64(a[i/n])))
	}
}

func swishBackwardGo(dx, dy, x, a, da []float32) {
	dy = dy[:len(x)]
	n := sharing(len(x), len(a))
	for lo := 0; lo < len(x); lo += n {
		beta, sum := float64(a[lo/n]), 0.0
		for i := lo; i < min(lo+n, len(x)); i++ {
			d, db := swishGrad(float64(x[i]), beta)
			g := float64(dy[i])
			sum += g * db
			if dx != nil {
				dx[i] = float32(g * d)
			}
		}
		if da != nil {
			da[lo/n] += float32(sum)
		}
	}
}

func swish(x, b float64) float64 {
	if math.IsInf(x, 0) { // the limit, where the formula would be ∞·0
		switch {
		case b == 0:
			return x / 2
		case (b > 0) == (x > 0):
			return x
		}
		return 0
	}
	return x * sigmoid(b*x, 0)
}

// swishGrad gives ∂f/∂x and ∂f/∂β.
func swishGrad(x, b float64) (dx, db float64) {
	if b == 0 && x == x {
		return 0.5, x * x / 4 // even where x is infinite
	}
	s, c := Logistic(b * x)
	if s == 0 || c == 0 { // saturated: x·s·c is 0 even where x is infinite
		return s, 0
	}
	return s + b*x*s*c, x * x * s * c
}

// mishLinear is where 1 − tanh(softplus(x)) ≈ 2e⁻²ˣ and the derivative's x·4e⁻²ˣ
// have long fallen below half a unit in the last place of a float32.
const mishLinear = 20

// mish is x·n/(n + 2) with n = eˣ(eˣ + 2): no logarithm is needed and nothing cancels.
func mish(x, _ float64) float64 {
	switch {
	case x > mishLinear:
		return x
	case math.IsInf(x, -1):
		return 0 // the limit, where the formula would be ∞·0
	}
	n := mishN(x)
	return x * (n / (n + 2))
}

func mishN(x float64) float64 {
	e := math.Exp(x)
	return e * (e + 2)
}

func mishGrad(x, _ float64) float64 {
	switch {
	case x > mishLinear:
		return 1
	case x < -800: // e^x is 0, x may be −∞
		return 0
	}
	n := mishN(x)
	return n/(n+2) + x*sigmoid(x, 0)*4*(n+1)/((n+2)*(n+2))
}
