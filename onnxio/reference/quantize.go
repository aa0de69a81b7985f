package reference

import (
	"fmt"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// quantizeOps turn numbers into integers of few bits and back. What is rounded to an
// integer is first rounded to the type of the scale, as ONNX says, so that ties fall as
// they do elsewhere.
var quantizeOps = map[string]op{
	"QuantizeLinear":        quantizeLinear,
	"DequantizeLinear":      dequantizeLinear,
	"DynamicQuantizeLinear": dynamicQuantizeLinear,
}

// quantizeLinear is x/scale, rounded to even, plus the zero point, within the range of the
// type. Scale and zero point are one number, one for each place of an axis, or one for each
// block along an axis.
func quantizeLinear(c *call) ([]*Tensor, error) {
	x, err := c.numbers(0)
	if err != nil {
		return nil, err
	}
	scale, err := c.grains(1, x.Shape)
	if err != nil {
		return nil, err
	}
	typ, zero := graph.DataType(c.int("output_dtype", 0)), make([]float64, len(x.Floats))
	if z := c.optional(2); z != nil {
		typ = z.Type
		if z, err = c.grains(2, x.Shape); err != nil {
			return nil, err
		}
		zero = z.Floats
	}
	if typ == graph.Undefined {
		typ = graph.Uint8
	}
	if !narrow(typ) {
		return nil, fmt.Errorf("numbers are not quantized to element type %v", typ)
	}
	precision := graph.DataType(c.int("precision", int(c.in[1].Type)))
	y := make([]int64, len(x.Floats))
	for i, v := range x.Floats {
		y[i] = saturated(typ, math.RoundToEven(round(precision, v/scale.Floats[i]))+zero[i])
	}
	return []*Tensor{FromInt64s(typ, x.Shape, y)}, nil
}

// narrow reports whether numbers are quantized to a type.
func narrow(t graph.DataType) bool {
	return t == graph.Uint8 || t == graph.Int8 || t == graph.Uint16 || t == graph.Int16
}

// dequantizeLinear is (x − zero point)·scale, in the type of the scale.
func dequantizeLinear(c *call) ([]*Tensor, error) {
	x, err := c.numbers(0)
	if err != nil {
		return nil, err
	}
	scale, err := c.grains(1, x.Shape)
	if err != nil {
		return nil, err
	}
	y := slices.Clone(x.Floats)
	if c.optional(2) != nil {
		zero, err := c.grains(2, x.Shape)
		if err != nil {
			return nil, err
		}
		addScaled(y, -1, zero.Floats, 1)
	}
	for i := range y {
		y[i] *= scale.Floats[i]
	}
	typ := graph.DataType(c.int("output_dtype", int(c.in[1].Type)))
	if !isFloat(typ) {
		return nil, fmt.Errorf("numbers are not dequantized to element type %v", typ)
	}
	return []*Tensor{FromFloat64s(typ, x.Shape, y)}, nil
}

// grains is input k, a scale or a zero point, repeated to the shape that it is for.
func (c *call) grains(k int, shape []int) (*Tensor, error) {
	t, err := c.numbers(k)
	if err != nil {
		return nil, err
	}
	if len(t.Floats) == 1 {
		return FromFloat64s(t.Type, nil, t.Floats).spread(shape)
	}
	axis := c.axis("axis", 1, max(len(shape), 2))
	if len(shape) <= 1 {
		axis = 0
	}
	block := c.count("block_size", 0, 0)
	switch {
	case c.err != nil:
		return nil, c.err
	case len(shape) == 0:
		return nil, fmt.Errorf("input %d has shape %v, but there is one number to quantize", k, t.Shape)
	case block == 0:
		t, err = t.along(axis, shape)
	default:
		t, err = t.blocked(axis, block, shape)
	}
	if err != nil {
		return nil, fmt.Errorf("input %d: %w", k, err)
	}
	return t, nil
}

// along repeats a vector to a shape in which it runs along an axis; one number goes
// everywhere.
func (t *Tensor) along(axis int, shape []int) (*Tensor, error) {
	if t.Len() == 1 {
		t, err := t.reshape(nil)
		if err != nil {
			return nil, err
		}
		return t.spread(shape)
	}
	if len(t.Shape) != 1 || axis >= len(shape) || t.Shape[0] != shape[axis] {
		return nil, fmt.Errorf("shape %v is not that of one number, or of one for each place of axis %d of %v", t.Shape, axis, shape)
	}
	t, err := t.reshape(append([]int{shape[axis]}, slices.Repeat([]int{1}, len(shape)-axis-1)...))
	if err != nil {
		return nil, err
	}
	return t.spread(shape)
}

// blocked repeats each number size times along an axis, up to a shape.
func (t *Tensor) blocked(axis, size int, shape []int) (*Tensor, error) {
	want := slices.Clone(shape)
	want[axis] = ceilDiv(shape[axis], size)
	if !slices.Equal(t.Shape, want) {
		return nil, fmt.Errorf("shape %v is not %v, one number for each block of %d along axis %d of %v", t.Shape, want, size, axis, shape)
	}
	of := make([]int, shape[axis]) // the block of each place
	for i := range of {
		of[i] = i / size
	}
	return t.gather(axis, []int{len(of)}, of)
}

// dynamicQuantizeLinear quantizes to UINT8 with the scale and zero point that just take in
// all of x and 0, which are the other results.
func dynamicQuantizeLinear(c *call) ([]*Tensor, error) {
	x, err := c.floats(0)
	if err != nil {
		return nil, err
	}
	low, high := 0.0, 0.0
	for _, v := range x.Floats {
		low, high = math.Min(low, v), math.Max(high, v)
	}
	scale := round(graph.Float, round(graph.Float, high-low)/math.MaxUint8)
	zero := saturated(graph.Uint8, math.RoundToEven(round(graph.Float, -low/scale)))
	y := make([]int64, len(x.Floats))
	for i, v := range x.Floats {
		y[i] = saturated(graph.Uint8, math.RoundToEven(round(graph.Float, v/scale))+float64(zero))
	}
	return []*Tensor{
		FromInt64s(graph.Uint8, x.Shape, y),
		FromFloat64s(graph.Float, nil, []float64{scale}),
		FromInt64s(graph.Uint8, nil, []int64{zero}),
	}, nil
}
