package reference

import "math"

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// softplus is log(1+eˣ) without an overflow.
func softplus(x float64) float64 { return math.Max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }

func softsign(x float64) float64 { return x / (1 + math.Abs(x)) }

func clamp01(x float64) float64 { return math.Max(0, math.Min(1, x)) }

func leakyRelu(alpha float64) func(float64) float64 {
	return func(x float64) float64 { return ifNegative(x, alpha*x) }
}

func elu(alpha float64) func(float64) float64 {
	return func(x float64) float64 {
		if x < 0 {
			return alpha * math.Expm1(x)
		}
		return x
	}
}

func celu(alpha float64) func(float64) float64 {
	return func(x float64) float64 {
		return math.Max(0, x) + math.Min(0, alpha*math.Expm1(x/alpha))
	}
}

func swish(alpha float64) func(float64) float64 {
	return func(x float64) float64 { return x * sigmoid(alpha*x) }
}

func thresholdedRelu(alpha float64) func(float64) float64 {
	return func(x float64) float64 {
		if x > alpha {
			return x
		}
		return 0
	}
}

func hardSigmoid(alpha, beta float64) func(float64) float64 {
	return func(x float64) float64 { return clamp01(alpha*x + beta) }
}

func hardSigmoidOf(c *call) func(float64) float64 {
	return hardSigmoid(c.float("alpha", 0.2), c.float("beta", 0.5))
}

// selu has rounder defaults in opset 1.
func selu(c *call) func(float64) float64 {
	a, g := float32(1.67326319217681884765625), float32(1.05070102214813232421875)
	if c.opset < 6 {
		a, g = 1.6732, 1.0507
	}
	alpha, gamma := c.float("alpha", a), c.float("gamma", g)
	return func(x float64) float64 {
		if x <= 0 {
			return gamma * alpha * math.Expm1(x)
		}
		return gamma * x
	}
}

// gelu is x·Φ(x), Φ the normal distribution, or its approximation by a tanh.
func gelu(c *call) func(float64) float64 {
	if c.string("approximate", "none", "tanh") == "tanh" {
		return func(x float64) float64 {
			return 0.5 * x * (1 + math.Tanh(math.Sqrt(2/math.Pi)*(x+0.044715*x*x*x)))
		}
	}
	return func(x float64) float64 { return 0.5 * x * math.Erfc(-x/math.Sqrt2) }
}
