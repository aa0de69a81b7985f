package reference

import (
	"fmt"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// layerNorm standardises everything from an axis on, then scales and shifts it. The other
// results are the means and the inverses of the standard deviations.
func layerNorm(c *call) ([]*Tensor, error) {
	x, err := c.floats(0)
	if err != nil {
		return nil, err
	}
	axis := c.axis("axis", -1, len(x.Shape))
	if c.err != nil {
		return nil, c.err
	}
	count, n := product(x.Shape[:axis]), product(x.Shape[axis:])
	y, mean, inverse := standardised(x.Floats, count, n, c.float("epsilon", 1e-5))
	out, err := c.scaled(like(x, y))
	if err != nil {
		return nil, err
	}
	stash := graph.DataType(c.int("stash_type", int(graph.Float)))
	if !isFloat(stash) {
		return nil, fmt.Errorf("attribute \"stash_type\" is %v", stash)
	}
	shape := append(slices.Clone(x.Shape[:axis]), slices.Repeat([]int{1}, len(x.Shape)-axis)...)
	return []*Tensor{out, FromFloat64s(stash, shape, mean), FromFloat64s(stash, shape, inverse)}, nil
}

// scaled multiplies y by input 1 and adds input 2, if it is there; both broadcast to it.
func (c *call) scaled(y *Tensor) (*Tensor, error) {
	scale, err := c.floats(1)
	if err != nil {
		return nil, err
	}
	if scale, err = scale.spread(y.Shape); err != nil {
		return nil, fmt.Errorf("input 1: %w", err)
	}
	for i, s := range scale.Floats {
		y.Floats[i] *= s
	}
	if c.optional(2) == nil {
		return y, nil
	}
	bias, err := c.floats(2)
	if err != nil {
		return nil, err
	}
	if bias, err = bias.spread(y.Shape); err != nil {
		return nil, fmt.Errorf("input 2: %w", err)
	}
	addScaled(y.Floats, 1, bias.Floats, 1)
	return y, nil
}

// rmsNorm divides everything from an axis on by the root of its mean square, then scales it.
func rmsNorm(c *call) ([]*Tensor, error) {
	x, err := c.floats(0)
	if err != nil {
		return nil, err
	}
	axis := c.axis("axis", -1, len(x.Shape))
	if c.err != nil {
		return nil, c.err
	}
	n, epsilon := product(x.Shape[axis:]), c.float("epsilon", 1e-5)
	y := slices.Clone(x.Floats)
	eachLine(y, n, 1, func(line []float64) {
		squares := 0.0
		for _, v := range line {
			squares += v * v
		}
		root := math.Sqrt(squares/float64(n) + epsilon)
		for i := range line {
			line[i] /= root
		}
	})
	return one(c.scaled(like(x, y)))
}
