package reference

import "github.com/gonn-toolkit/gonn/onnxio/graph"

// cost is what a node is estimated to take before it is begun.
type cost struct {
	bytes float64 // of its results and of what it makes on the way
	work  float64 // multiply–accumulates, or what takes as long
}

// cost is an upper bound but for small factors. What it costs is estimated from what the node
// is given, shapes and the values of sizes, so it takes no longer than reading these.
func (c *call) cost() cost {
	before := c.err
	gives := c.gives()
	each := float64(numberBytes)
	if c.hasText() {
		each = textBytes
	}
	estimate := cost{each*(gives+c.scratch(gives)) + valueBytes*float64(len(c.node.Outputs)), c.work(gives)}
	c.err = before // errors of attributes are for the run to tell
	return estimate
}

// hasText reports whether a node reads or gives text.
func (c *call) hasText() bool {
	for _, t := range c.in {
		if t != nil && t.Type == graph.String {
			return true
		}
	}
	if c.node.OpType != "Cast" {
		return false
	}
	to, err := c.node.Int("to", 0)
	return err == nil && graph.DataType(to) == graph.String || c.opset < 6
}

// given is input k, an empty tensor if it is left out.
func (c *call) given(k int) *Tensor {
	if t := c.optional(k); t != nil {
		return t
	}
	return &Tensor{}
}

// shape is that of input k.
func (c *call) shape(k int) []int { return c.given(k).Shape }

// reads is the number of elements of all inputs.
func (c *call) reads() (n float64) {
	for _, t := range c.in {
		if t != nil {
			n += float64(max(0, product(t.Shape)))
		}
	}
	return n
}

// elements is the number of elements of a shape, whose sizes of 0 count as 1: what lists the
// elements axis by axis makes so many.
func elements(shape []int) float64 {
	n := 1.0
	for _, d := range shape {
		n *= max(1, float64(d))
	}
	return n
}

// sizeAt is the size of an axis, 1 if there is none. Axes may count from the end.
func sizeAt(shape []int, axis int) float64 {
	if axis < 0 {
		axis += len(shape)
	}
	if axis < 0 || axis >= len(shape) {
		return 1
	}
	return max(1, float64(shape[axis]))
}

// front is a shape without its last n axes.
func front(shape []int, n int) []int { return shape[:max(0, len(shape)-n)] }

// broadcastOf is the shape of several that broadcast, the larger size at each axis.
func broadcastOf(shapes ...[]int) []int {
	var joint []int
	for _, s := range shapes {
		if len(s) > len(joint) {
			joint, s = append([]int(nil), s...), joint
		}
		for i, d := range s {
			k := len(joint) - len(s) + i
			joint[k] = max(joint[k], d)
		}
	}
	return joint
}

// shapes are those of the inputs.
func (c *call) shapes() (all [][]int) {
	for _, t := range c.in {
		if t != nil {
			all = append(all, t.Shape)
		}
	}
	return all
}
