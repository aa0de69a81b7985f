package reference

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// dropoutOps drop numbers at random in training, which is not evaluated.
var dropoutOps = map[string]op{
	"Dropout": dropout,
}

// dropout is its input, and a mask that keeps everything. That is what it is outside
// training, and with a ratio of 0. Before opset 7 the attribute is_test is not looked at:
// exporters left it out, and a random result can be held against nothing.
func dropout(c *call) ([]*Tensor, error) {
	x, err := c.input(0)
	if err != nil {
		return nil, err
	}
	if err := x.fractions(); err != nil {
		return nil, err
	}
	if t := c.optional(2); c.opset >= 12 && t != nil && len(t.Ints) == 1 && t.Ints[0] != 0 {
		if r := c.optional(1); r == nil || len(r.Floats) != 1 || r.Floats[0] != 0 {
			return nil, fmt.Errorf("training_mode is set: random dropout is not evaluated")
		}
	}
	mask := make([]int64, x.Len())
	for i := range mask {
		mask[i] = 1
	}
	t := graph.Bool
	if c.opset < 10 { // the mask has the type of the data
		t = x.Type
	}
	if isFloat(t) {
		v := make([]float64, len(mask))
		fill(v, 1)
		return []*Tensor{x, FromFloat64s(t, x.Shape, v)}, nil
	}
	return []*Tensor{x, FromInt64s(t, x.Shape, mask)}, nil
}
