package kernel

import "math"

// Functions made of one exponential, and their derivatives.

func elu(x, a float64) float64 {
	if x > 0 {
		return x
	}
	return a * math.Expm1(x)
}

func eluGrad(x, a float64) float64 {
	if x > 0 {
		return 1
	}
	return a * math.Exp(x)
}

// seluAlpha and seluScale make mean 0 and variance 1 a fixed point of a wide layer with
// SELU and independent weights of mean 0 and variance 1/n.
const (
	seluAlpha = 1.6732632423543772848170429916717
	seluScale = 1.0507009873554804934193349852946
)

func selu(x, _ float64) float64 {
	if x > 0 {
		return seluScale * x
	}
	return seluScale * seluAlpha * math.Expm1(x)
}

func seluGrad(x, _ float64) float64 {
	if x > 0 {
		return seluScale
	}
	return seluScale * seluAlpha * math.Exp(x)
}

// seluGradKeras is the derivative from the right at 0.
func seluGradKeras(x, _ float64) float64 {
	if x >= 0 {
		return seluScale
	}
	return seluScale * seluAlpha * math.Exp(x)
}

func celu(x, a float64) float64 {
	if x > 0 {
		return x
	}
	return a * math.Expm1(x/a)
}

func celuGrad(x, a float64) float64 {
	if x > 0 {
		return 1
	}
	return math.Exp(x / a)
}

// celuGradKeras: at 0 both max(x, 0) and min(x, 0) pass a gradient on.
func celuGradKeras(x, a float64) float64 {
	if x == 0 {
		return 2
	}
	return celuGrad(x, a)
}

func softplus(x, b float64) float64 { return logOnePlusExp(b*x) / b }

func softplusGrad(x, b float64) float64 { return sigmoid(b*x, 0) }

func logSigmoid(x, _ float64) float64 { return -logOnePlusExp(-x) }

func logSigmoidGrad(x, _ float64) float64 { return sigmoid(-x, 0) }

// logOnePlusExp is ln(1 + e^z), which neither overflows nor cancels. With e = e^(−|z|) and
// s = e/(2 + e) ≤ 1/3, ln(1 + e) is 2·artanh(s) = 2·(s + s³/3 + s⁵/5 + …): nine terms are
// within 2e-10 of it, and take half the time of math.Log1p.
func logOnePlusExp(z float64) float64 {
	e := math.Exp(-math.Abs(z))
	s := e / (2 + e)
	q := s * s
	sum := 1 + q*(1./3+q*(1./5+q*(1./7+q*(1./9+q*(1./11+q*(1./13+q*(1./15+q*(1./17))))))))
	return max(z, 0) + 2*s*sum
}
