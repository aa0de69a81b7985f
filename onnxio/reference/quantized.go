package reference

import (
	"fmt"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// quantizedOps are products and convolutions of numbers of 8 bits. Their sums are exact.
var quantizedOps = map[string]op{
	"MatMulInteger": matMulInteger,
	"ConvInteger":   convInteger,
	"QLinearMatMul": qLinearMatMul,
	"QLinearConv":   qLinearConv,
}

// matMulInteger is MatMul of inputs 0 and 1 minus their zero points, inputs 2 and 3.
func matMulInteger(c *call) ([]*Tensor, error) {
	y, err := c.integerProduct([2]int{0, 2}, [2]int{1, 3})
	if err != nil {
		return nil, err
	}
	return []*Tensor{asInt32(y)}, nil
}

// integerProduct multiplies matrices; a and b say which inputs are one and its zero point.
func (c *call) integerProduct(a, b [2]int) (*Tensor, error) {
	av, err := c.bytes(a[0], a[1], rowwise)
	if err != nil {
		return nil, err
	}
	bv, err := c.bytes(b[0], b[1], everywhere)
	if err != nil {
		return nil, err
	}
	y, shape, err := multiply(av.Floats, bv.Floats, av.Shape, bv.Shape, c.matrixProduct)
	return FromFloat64s(graph.Double, shape, y), err
}

// convInteger is Conv of inputs 0 and 1 minus their zero points, inputs 2 and 3.
func convInteger(c *call) ([]*Tensor, error) {
	y, err := c.integerConv([2]int{0, 2}, [2]int{1, 3}, nil)
	if err != nil {
		return nil, err
	}
	return []*Tensor{asInt32(y)}, nil
}

func (c *call) integerConv(x, w [2]int, bias *Tensor) (*Tensor, error) {
	xv, err := c.bytes(x[0], x[1], everywhere)
	if err != nil {
		return nil, err
	}
	wv, err := c.bytes(w[0], w[1], perKernel)
	if err != nil {
		return nil, err
	}
	if len(xv.Shape) < 3 || len(wv.Shape) < 3 {
		return nil, fmt.Errorf("shapes %v and %v must have at least 3 axes: batch, channels, space", xv.Shape, wv.Shape)
	}
	if bias == nil {
		return c.convolve(xv, wv, nil)
	}
	if !slices.Equal(bias.Shape, wv.Shape[:1]) {
		return nil, fmt.Errorf("the bias has shape %v, it must have shape %v", bias.Shape, wv.Shape[:1])
	}
	return c.convolve(xv, wv, bias.Floats)
}

// Ways in which a zero point or a scale belongs to a tensor.
type granularity func(t *Tensor, shape []int) (*Tensor, error)

func everywhere(t *Tensor, shape []int) (*Tensor, error) { return t.spread(shape) }

func perKernel(t *Tensor, shape []int) (*Tensor, error) { return t.along(0, shape) }

// rowwise: a vector holds one number for each row of a matrix.
func rowwise(t *Tensor, shape []int) (*Tensor, error) {
	if len(t.Shape) == 1 && t.Shape[0] != 1 {
		return t.along(max(len(shape)-2, 0), shape)
	}
	return t.spread(shape)
}

// bytes is input k, of 8 bits, minus input zero, which may be missing.
func (c *call) bytes(k, zero int, g granularity) (*Tensor, error) {
	t, err := c.numbers(k)
	if err != nil {
		return nil, err
	}
	typ := c.in[k].Type
	if typ != graph.Int8 && typ != graph.Uint8 {
		return nil, fmt.Errorf("input %d has element type %v, it must be INT8 or UINT8", k, typ)
	}
	if c.optional(zero) == nil {
		return t, nil
	}
	z, err := c.numbers(zero)
	if err != nil {
		return nil, err
	}
	if z, err = g(z, t.Shape); err != nil {
		return nil, fmt.Errorf("input %d: %w", zero, err)
	}
	v := slices.Clone(t.Floats)
	addScaled(v, -1, z.Floats, 1)
	return FromFloat64s(graph.Double, t.Shape, v), nil
}

func asInt32(t *Tensor) *Tensor {
	v := make([]int64, len(t.Floats))
	for i, x := range t.Floats {
		v[i] = wrap(graph.Int32, int64(x))
	}
	return FromInt64s(graph.Int32, t.Shape, v)
}

// qLinearMatMul is MatMul of quantized matrices: a, its scale and zero point, b, its scale
// and zero point, the scale and zero point of the result.
func qLinearMatMul(c *call) ([]*Tensor, error) {
	y, err := c.integerProduct([2]int{0, 2}, [2]int{3, 5})
	if err != nil {
		return nil, err
	}
	return one(c.requantized(y, rowwise, everywhere))
}

// qLinearConv is Conv of quantized numbers: x, its scale and zero point, the weights, their
// scales and zero points, the scale and zero point of the result, and a bias in units of
// the product of the first two scales.
func qLinearConv(c *call) ([]*Tensor, error) {
	var bias *Tensor
	var err error
	if c.optional(8) != nil {
		if bias, err = c.numbers(8); err != nil {
			return nil, err
		}
	}
	y, err := c.integerConv([2]int{0, 2}, [2]int{3, 5}, bias)
	if err != nil {
		return nil, err
	}
	perChannel := func(t *Tensor, shape []int) (*Tensor, error) { return t.along(1, shape) }
	return one(c.requantized(y, everywhere, perChannel))
}

// requantized multiplies sums by the scales of both factors, inputs 1 and 4, divides them
// by that of the result, input 6, and adds its zero point, input 7.
func (c *call) requantized(y *Tensor, first, second granularity) (*Tensor, error) {
	var scales [3][]float64
	for i, k := range []int{1, 4, 6} {
		s, err := c.floats(k)
		if err != nil {
			return nil, err
		}
		if s, err = []granularity{first, second, everywhere}[i](s, y.Shape); err != nil {
			return nil, fmt.Errorf("input %d: %w", k, err)
		}
		scales[i] = s.Floats
	}
	zero, err := c.numbers(7)
	if err != nil {
		return nil, err
	}
	if !narrow(c.in[7].Type) || len(zero.Floats) != 1 {
		return nil, fmt.Errorf("input 7 has shape %v and element type %v, it must be one number of INT8 or UINT8", zero.Shape, c.in[7].Type)
	}
	v := make([]int64, len(y.Floats))
	for i, x := range y.Floats {
		x = math.RoundToEven(x * scales[0][i] * scales[1][i] / scales[2][i])
		v[i] = saturated(c.in[7].Type, x+zero.Floats[0])
	}
	return FromInt64s(c.in[7].Type, y.Shape, v), nil
}
