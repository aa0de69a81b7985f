package reference

import (
	"fmt"
	"math"
)

// activationOps are the activation functions that work on each number by itself.
// Attributes are float32 in a file; the functions take them as they are written there.
var activationOps = map[string]op{
	"Relu":            relu,
	"PRelu":           prelu,
	"Shrink":          shrink,
	"Sigmoid":         curve(sigmoid),
	"Tanh":            curve(math.Tanh),
	"Softplus":        curve(softplus),
	"Softsign":        curve(func(x float64) float64 { return x / (1 + math.Abs(x)) }),
	"Mish":            curve(func(x float64) float64 { return x * math.Tanh(softplus(x)) }),
	"HardSwish":       curve(func(x float64) float64 { return x * clamp01(x/6+0.5) }),
	"LeakyRelu":       curves(leakyRelu),
	"Elu":             curves(elu),
	"Selu":            selu,
	"Celu":            curves(celu),
	"Gelu":            curves(gelu),
	"HardSigmoid":     curves(hardSigmoid),
	"Swish":           curves(swish),
	"ThresholdedRelu": curves(thresholdedRelu),
}

// curve makes an operator of a function of one number.
func curve(f func(float64) float64) op {
	return curves(func(*call) func(float64) float64 { return f })
}

// curves makes an operator of a function of one number that attributes shape.
func curves(shaped func(c *call) func(float64) float64) op {
	return func(c *call) ([]*Tensor, error) {
		f := shaped(c)
		x, err := c.floats(0)
		if err != nil {
			return nil, err
		}
		y := make([]float64, len(x.Floats))
		for i, v := range x.Floats {
			y[i] = f(v)
		}
		return []*Tensor{like(x, y)}, nil
	}
}

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// softplus is log(1+eˣ) without an overflow.
func softplus(x float64) float64 { return math.Max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }

func clamp01(x float64) float64 { return math.Max(0, math.Min(1, x)) }

func leakyRelu(c *call) func(float64) float64 {
	alpha := c.float("alpha", 0.01)
	return func(x float64) float64 {
		if x < 0 {
			return alpha * x
		}
		return x
	}
}

func elu(c *call) func(float64) float64 {
	alpha := c.float("alpha", 1)
	return func(x float64) float64 {
		if x < 0 {
			return alpha * math.Expm1(x)
		}
		return x
	}
}

// selu has rounder defaults in opset 1.
func selu(c *call) ([]*Tensor, error) {
	a, g := float32(1.67326319217681884765625), float32(1.05070102214813232421875)
	if c.opset < 6 {
		a, g = 1.6732, 1.0507
	}
	return curves(func(c *call) func(float64) float64 {
		alpha, gamma := c.float("alpha", a), c.float("gamma", g)
		return func(x float64) float64 {
			if x <= 0 {
				return gamma * alpha * math.Expm1(x)
			}
			return gamma * x
		}
	})(c)
}

func celu(c *call) func(float64) float64 {
	alpha := c.float("alpha", 1)
	return func(x float64) float64 {
		return math.Max(0, x) + math.Min(0, alpha*math.Expm1(x/alpha))
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

func hardSigmoid(c *call) func(float64) float64 {
	alpha, beta := c.float("alpha", 0.2), c.float("beta", 0.5)
	return func(x float64) float64 { return clamp01(alpha*x + beta) }
}

func swish(c *call) func(float64) float64 {
	alpha := c.float("alpha", 1)
	return func(x float64) float64 { return x * sigmoid(alpha*x) }
}

func thresholdedRelu(c *call) func(float64) float64 {
	alpha := c.float("alpha", 1)
	return func(x float64) float64 {
		if x > alpha {
			return x
		}
		return 0
	}
}

// relu takes integers too, from opset 14 on.
func relu(c *call) ([]*Tensor, error) {
	x, err := c.input(0)
	if err != nil {
		return nil, err
	}
	switch {
	case isFloat(x.Type):
		return curve(func(v float64) float64 {
			if v < 0 {
				return 0
			}
			return v
		})(c)
	case isSigned(x.Type):
		y := make([]int64, len(x.Ints))
		for i, v := range x.Ints {
			y[i] = max(v, 0)
		}
		return []*Tensor{FromInt64s(x.Type, x.Shape, y)}, nil
	}
	return nil, fmt.Errorf("input 0 has element type %v, the operator takes signed numbers", x.Type)
}

// shrink moves numbers towards zero by bias and drops those within lambd of it.
func shrink(c *call) ([]*Tensor, error) {
	bias, lambd := c.float("bias", 0), c.float("lambd", 0.5)
	x, err := c.numbers(0)
	if err != nil {
		return nil, err
	}
	y := make([]float64, len(x.Floats))
	for i, v := range x.Floats {
		switch {
		case v < -lambd:
			y[i] = v + bias
		case v > lambd:
			y[i] = v - bias
		}
	}
	return []*Tensor{like(x, y).as(c.in[0].Type)}, nil
}
