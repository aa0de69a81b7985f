package reference

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// constantOps are the operators that make values of attributes or sizes.
var constantOps = map[string]op{
	"Constant":        constant,
	"ConstantOfShape": constantOfShape,
	"Range":           rangeOp,
	"EyeLike":         eyeLike,
}

// constant is its one attribute.
func constant(c *call) ([]*Tensor, error) {
	if len(c.node.Attrs) != 1 {
		return nil, fmt.Errorf("it has %d attributes, it must have one, the value", len(c.node.Attrs))
	}
	switch v := c.node.Attrs[0].Value.(type) {
	case *graph.Tensor:
		return one(FromGraph(v))
	case float32:
		return one(FromFloat32s(nil, []float32{v}), nil)
	case []float32:
		return one(FromFloat32s([]int{len(v)}, v), nil)
	case int64:
		return one(FromInt64s(graph.Int64, nil, []int64{v}), nil)
	case []int64:
		return one(FromInt64s(graph.Int64, []int{len(v)}, slices.Clone(v)), nil)
	case string:
		return one(fromStrings(nil, []string{v}), nil)
	case []string:
		return one(fromStrings([]int{len(v)}, slices.Clone(v)), nil)
	}
	return nil, fmt.Errorf("attribute %q is of kind %v, which makes no value", c.node.Attrs[0].Name, c.node.Attrs[0].Kind())
}

// tensor is the value of a TENSOR attribute, nil if there is none.
func (c *call) tensor(name string) (*Tensor, error) {
	a := c.node.Attr(name)
	if a == nil {
		return nil, nil
	}
	t, ok := a.Value.(*graph.Tensor)
	if !ok {
		return nil, fmt.Errorf("attribute %q is of kind %v, it must be TENSOR", name, a.Kind())
	}
	return FromGraph(t)
}

// constantOfShape repeats one value, a FLOAT zero if none is given.
func constantOfShape(c *call) ([]*Tensor, error) {
	if _, err := c.input(0); err != nil {
		return nil, err
	}
	value, err := c.tensor("value")
	switch {
	case err != nil:
		return nil, err
	case value == nil:
		value = FromFloat32s(nil, []float32{0})
	case value.Len() != 1:
		return nil, fmt.Errorf("attribute %q has shape %v, it must have one element", "value", value.Shape)
	}
	shape := c.list(0)
	return one(value.view(shape, make([]int, len(shape)), 0))
}

// rangeOp counts from the first input to before the second in steps of the third.
func rangeOp(c *call) ([]*Tensor, error) {
	in, err := c.inputs(3)
	if err != nil {
		return nil, err
	}
	for _, t := range in {
		if t.Type != in[0].Type || t.Len() != 1 {
			return nil, fmt.Errorf("its inputs are %v of shape %v and %v of shape %v, they must be numbers of one type", in[0].Type, in[0].Shape, t.Type, t.Shape)
		}
	}
	switch {
	case isFloat(in[0].Type):
		return one(floatRange(in))
	case isSigned(in[0].Type):
		return one(intRange(in))
	}
	return nil, fmt.Errorf("its inputs have type %v, which has no range", in[0].Type)
}

func floatRange(in []*Tensor) (*Tensor, error) {
	start, limit, step := in[0].Floats[0], in[1].Floats[0], in[2].Floats[0]
	n := math.Ceil((limit - start) / step)
	if !(n <= MaxElements) { // NaN too
		return nil, fmt.Errorf("from %v to %v in steps of %v there are too many numbers", start, limit, step)
	}
	v := make([]float64, int(max(0, n)))
	for i := range v {
		v[i] = start + float64(i)*step
	}
	return FromFloat64s(in[0].Type, []int{len(v)}, v), nil
}

func intRange(in []*Tensor) (*Tensor, error) {
	start, limit, step := in[0].Ints[0], in[1].Ints[0], in[2].Ints[0]
	var distance, by uint64 // both without sign, which int64 may not hold
	switch {
	case step == 0:
		return nil, errors.New("its step is 0")
	case step > 0 && limit > start:
		distance, by = uint64(limit)-uint64(start), uint64(step)
	case step < 0 && limit < start:
		distance, by = uint64(start)-uint64(limit), -uint64(step)
	default:
		by = 1
	}
	n := distance / by
	if distance%by > 0 {
		n++
	}
	if n > MaxElements {
		return nil, fmt.Errorf("from %d to %d in steps of %d there are too many numbers", start, limit, step)
	}
	v := make([]int64, n)
	for i := range v {
		v[i] = start + int64(i)*step
	}
	return FromInt64s(in[0].Type, []int{len(v)}, v), nil
}

// eyeLike has ones on a diagonal, and the shape of its input.
func eyeLike(c *call) ([]*Tensor, error) {
	x, err := c.input(0)
	if err != nil {
		return nil, err
	}
	if x.Rank() != 2 {
		return nil, fmt.Errorf("its input has shape %v, it must have 2 axes", x.Shape)
	}
	r, err := newTensor(graph.Double, x.Shape...)
	if err != nil {
		return nil, err
	}
	k := c.int("k", 0)
	for i := range x.Shape[0] {
		if j := i + k; j >= 0 && j < x.Shape[1] {
			r.Floats[i*x.Shape[1]+j] = 1
		}
	}
	return one(cast(r, graph.DataType(c.int("dtype", int(x.Type)))))
}
