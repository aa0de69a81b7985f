package reference

import (
	"errors"
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// shapeOps are the operators that tell a shape, or change it and keep the elements in
// their order.
var shapeOps = map[string]op{
	"Shape":     shapeOf,
	"Size":      size,
	"Reshape":   reshape,
	"Flatten":   flatten,
	"Squeeze":   squeeze,
	"Unsqueeze": unsqueeze,
	"Identity":  identity,
}

func identity(c *call) ([]*Tensor, error) { return one(c.input(0)) }

// shapeOf gives the sizes from axis start up to axis end. Axes beyond the ends are the
// ends.
func shapeOf(c *call) ([]*Tensor, error) {
	x, err := c.input(0)
	if err != nil {
		return nil, err
	}
	rank := x.Rank()
	start := clampAxis(c.int("start", 0), rank)
	end := clampAxis(c.int("end", rank), rank)
	return one(vector(x.Shape[start:max(start, end)]), nil)
}

func clampAxis(axis, rank int) int {
	if axis < 0 {
		axis += rank
	}
	return min(max(axis, 0), rank)
}

func size(c *call) ([]*Tensor, error) {
	x, err := c.input(0)
	if err != nil {
		return nil, err
	}
	return one(FromInt64s(graph.Int64, nil, []int64{int64(x.Len())}), nil)
}

// reshape takes sizes where 0 stands for the input's size at the place (unless allowzero
// says that it means zero) and one −1 for what is left.
func reshape(c *call) ([]*Tensor, error) {
	x, err := c.input(0)
	if err != nil {
		return nil, err
	}
	shape := slices.Clone(c.listAt("shape", 5, 1))
	if shape == nil {
		return nil, errors.New("the new shape is missing")
	}
	keepZero := c.flag("allowzero", false)
	rest := -1
	for i, d := range shape {
		switch {
		case d == 0 && !keepZero && i >= x.Rank():
			return nil, fmt.Errorf("size 0 at axis %d of %v stands for a size that shape %v does not have", i, shape, x.Shape)
		case d == 0 && !keepZero:
			shape[i] = x.Shape[i]
		case d == -1 && rest >= 0:
			return nil, fmt.Errorf("shape %v has two sizes of -1", shape)
		case d == -1:
			rest, shape[i] = i, 1
		}
	}
	if rest >= 0 {
		others, err := sizeOf(shape)
		if err != nil {
			return nil, err
		}
		if others == 0 || x.Len()%others != 0 {
			return nil, fmt.Errorf("shape %v of %d elements cannot become %v with any size at axis %d", x.Shape, x.Len(), shape, rest)
		}
		shape[rest] = x.Len() / others
	}
	return one(x.reshape(shape))
}

// flatten makes two axes: the ones before axis, and the others.
func flatten(c *call) ([]*Tensor, error) {
	x, err := c.input(0)
	if err != nil {
		return nil, err
	}
	axis := c.int("axis", 1)
	if axis != x.Rank() {
		if axis, err = axisOf(axis, x.Rank()); err != nil {
			return nil, err
		}
	}
	return one(x.reshape([]int{product(x.Shape[:axis]), product(x.Shape[axis:])}))
}

// squeeze drops axes of size one: those named, or all.
func squeeze(c *call) ([]*Tensor, error) {
	x, err := c.input(0)
	if err != nil {
		return nil, err
	}
	named := c.listAt("axes", 13, 1)
	axes, err := axesOf(named, x.Rank())
	if err != nil {
		return nil, err
	}
	shape := []int{}
	for i, d := range x.Shape {
		drop := slices.Contains(axes, i)
		switch {
		case drop && d != 1:
			return nil, fmt.Errorf("axis %d of shape %v is not of size 1", i, x.Shape)
		case !drop && (named != nil || d != 1):
			shape = append(shape, d)
		}
	}
	return one(x.reshape(shape))
}

// unsqueeze inserts axes of size one. They count in the result.
func unsqueeze(c *call) ([]*Tensor, error) {
	x, err := c.input(0)
	if err != nil {
		return nil, err
	}
	named := c.listAt("axes", 13, 1)
	if named == nil {
		return nil, errors.New("the axes are missing")
	}
	axes, err := axesOf(named, x.Rank()+len(named))
	if err != nil {
		return nil, err
	}
	slices.Sort(axes)
	shape := slices.Clone(x.Shape)
	for _, axis := range axes {
		shape = slices.Insert(shape, axis, 1)
	}
	return one(x.reshape(shape))
}
