package reference

import (
	"fmt"
	"math/bits"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// maxSetting bounds strides, pads and the like, so that positions made of them and of
// sizes of tensors stay far below the range of int.
const maxSetting = 1 << (bits.UintSize/2 - 2)

// count is an INT attribute of at least low.
func (c *call) count(name string, def, low int) int {
	v := c.int(name, def)
	if v < low || v > maxSetting {
		c.fail(fmt.Errorf("attribute %q is %d, it must be from %d to %d", name, v, low, maxSetting))
		return low
	}
	return v
}

// counts is an INTS attribute of n numbers of at least low, each def if there is none.
func (c *call) counts(name string, n, def, low int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = def
	}
	if !c.has(name) {
		return out
	}
	v := c.ints(name)
	if len(v) != n {
		c.fail(fmt.Errorf("attribute %q has %d numbers, it must have %d", name, len(v), n))
		return out
	}
	for i, x := range v {
		if x < low || x > maxSetting {
			c.fail(fmt.Errorf("attribute %q is %v, its numbers must be from %d to %d", name, v, low, maxSetting))
			return out
		}
		out[i] = x
	}
	return out
}

// axis is an INT attribute that names an axis of a value of that rank, 0 if it does not.
func (c *call) axis(name string, def, rank int) int {
	axis, err := axisOf(c.int(name, def), rank)
	if err != nil {
		c.fail(fmt.Errorf("attribute %q: %w", name, err))
	}
	return axis
}

// fractions is the value of a FLOATS attribute, nil if there is none.
func (c *call) fractions(name string) []float64 {
	var r []float64
	for _, x := range listOf[float32](c, name) {
		r = append(r, float64(x))
	}
	return r
}

// texts is the value of a STRINGS attribute, nil if there is none.
func (c *call) texts(name string) []string { return listOf[string](c, name) }

func listOf[T any](c *call, name string) []T {
	a := c.node.Attr(name)
	if a == nil {
		return nil
	}
	v, ok := a.Value.([]T)
	if !ok {
		c.fail(fmt.Errorf("attribute %q is of kind %s, it must be %s", name, a.Kind(), (&graph.Attr{Value: v}).Kind()))
	}
	return v
}
