package reference

import (
	"math"
	"slices"
)

// meanVarianceNorm is (x − mean)/(standard deviation + 1e-9) over some axes together: by
// default batch and space, so for each channel.
func meanVarianceNorm(c *call) ([]*Tensor, error) {
	x, err := c.floats(0)
	if err != nil {
		return nil, err
	}
	axes := []int{0, 2, 3}
	if c.has("axes") {
		axes = c.ints("axes")
	}
	if axes, err = axesOf(axes, len(x.Shape)); err != nil {
		return nil, err
	}
	group, groups, err := groupsAlong(x.Shape, axes)
	if err != nil {
		return nil, err
	}
	mean, squares, count := make([]float64, groups), make([]float64, groups), float64(len(group))/float64(groups)
	for i, g := range group {
		mean[g] += x.Floats[i] / count
	}
	for i, g := range group {
		d := x.Floats[i] - mean[g]
		squares[g] += d * d
	}
	y := make([]float64, len(x.Floats))
	for i, g := range group {
		y[i] = (x.Floats[i] - mean[g]) / (math.Sqrt(squares[g]/count) + 1e-9)
	}
	return []*Tensor{like(x, y)}, nil
}

// groupsAlong numbers the elements of a shape so that those have one number which differ
// only in their places along the axes.
func groupsAlong(shape, axes []int) (group []int, groups int, err error) {
	rest := slices.Clone(shape)
	for _, a := range axes {
		rest[a] = 1
	}
	steps := strides(rest)
	for _, a := range axes {
		steps[a] = 0
	}
	group, err = positions(shape, steps, 0)
	return group, product(rest), err
}
