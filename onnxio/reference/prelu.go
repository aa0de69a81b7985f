package reference

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// prelu is x where it is not negative and slope·x where it is. From opset 7 on the slope
// broadcasts to x aligned at the end: [C, 1, 1] is a slope for each channel of a map.
// Before that a slope of shape [C] belongs to axis 1.
func prelu(c *call) ([]*Tensor, error) {
	x, err := c.input(0)
	if err != nil {
		return nil, err
	}
	slope, err := c.input(1)
	switch {
	case err != nil:
		return nil, err
	case slope.Type != x.Type:
		return nil, fmt.Errorf("the slope has element type %v, the input %v", slope.Type, x.Type)
	}
	if n := len(x.Shape); c.opset < 7 && len(slope.Shape) == 1 && n > 2 {
		if slope, err = slope.reshape(append([]int{slope.Shape[0]}, slices.Repeat([]int{1}, n-2)...)); err != nil {
			return nil, err
		}
	}
	if slope, err = slope.spread(x.Shape); err != nil {
		return nil, err
	}
	switch {
	case isFloat(x.Type):
		return []*Tensor{like(x, pairsByLoop(x.Floats, slope.Floats, slopeLoop))}, nil
	case x.Type == graph.Int32 || x.Type == graph.Int64:
		y := bent(x.Ints, slope.Ints)
		for i, v := range y {
			y[i] = wrap(x.Type, v)
		}
		return []*Tensor{FromInt64s(x.Type, x.Shape, y)}, nil
	case x.Type == graph.Uint32 || x.Type == graph.Uint64: // never negative
		return []*Tensor{x}, nil
	}
	return nil, fmt.Errorf("input 0 has element type %v, which the operator does not take", x.Type)
}

// bent multiplies negative numbers by the slopes.
func bent(x, slope []int64) []int64 {
	y := make([]int64, len(x))
	for i, v := range x {
		if v < 0 {
			v *= slope[i]
		}
		y[i] = v
	}
	return y
}
