package reference

import (
	"fmt"
	"math"
	"slices"
)

// activationOps are the activation functions that work on each number by itself.
// Attributes are float32 in a file; the functions take them as they are written there.
var activationOps = map[string]op{
	"Relu":            relu,
	"PRelu":           prelu,
	"Shrink":          shrink,
	"SwiGLU":          swiGLU,
	"Sigmoid":         curve(sigmoid),
	"Tanh":            curve(math.Tanh),
	"Softplus":        curve(softplus),
	"Softsign":        curve(softsign),
	"Mish":            curve(func(x float64) float64 { return x * math.Tanh(softplus(x)) }),
	"HardSwish":       curve(func(x float64) float64 { return x * clamp01(x/6+0.5) }),
	"LeakyRelu":       alphaCurve(leakyRelu, 0.01),
	"Elu":             alphaCurve(elu, 1),
	"Celu":            alphaCurve(celu, 1),
	"Swish":           alphaCurve(swish, 1),
	"ThresholdedRelu": alphaCurve(thresholdedRelu, 1),
	"HardSigmoid":     curves(hardSigmoidOf),
	"Selu":            curves(selu),
	"Gelu":            curves(gelu),
}

// curve makes an operator of a function of one number.
func curve(f func(float64) float64) op {
	return curves(func(*call) func(float64) float64 { return f })
}

// alphaCurve makes an operator of a function that the attribute alpha shapes.
func alphaCurve(f func(alpha float64) func(float64) float64, def float32) op {
	return curves(func(c *call) func(float64) float64 { return f(c.float("alpha", def)) })
}

// curves makes an operator of a function of one number that attributes shape.
func curves(shaped func(c *call) func(float64) float64) op {
	return func(c *call) ([]*Tensor, error) {
		f := shaped(c)
		x, err := c.floats(0)
		if err != nil {
			return nil, err
		}
		return []*Tensor{like(x, each(x.Floats, f))}, nil
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
		y := make([]float64, len(x.Floats))
		parallelRuns(len(y), 1, 2, func(low, high int) { reluLoop(y[low:high], x.Floats[low:high]) })
		return []*Tensor{like(x, y)}, nil
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

// swiGLU is Swish of input 0 times input 1.
func swiGLU(c *call) ([]*Tensor, error) {
	gate, err := c.floats(0)
	if err != nil {
		return nil, err
	}
	x, err := c.floats(1)
	if err != nil {
		return nil, err
	}
	if gate.Type != x.Type || !slices.Equal(gate.Shape, x.Shape) {
		return nil, fmt.Errorf("%v of shape %v and %v of shape %v must be the same", gate.Type, gate.Shape, x.Type, x.Shape)
	}
	f, y := swish(c.float("alpha", 1)), make([]float64, len(x.Floats))
	for i, v := range gate.Floats {
		y[i] = f(v) * x.Floats[i]
	}
	return []*Tensor{like(x, y)}, nil
}
