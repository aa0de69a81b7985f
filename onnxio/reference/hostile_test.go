package reference_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// settings are names of attributes, most of which operators have.
var settings = []string{"axis", "axes", "keepdims", "perm", "to", "shape", "split", "starts", "ends", "pads", "paddings", "mode", "value",
	"value_ints", "blocksize", "repeats", "k", "largest", "sorted", "direction", "fmod", "broadcast", "exclusive", "reverse", "upper",
	"batch_axis", "time_axis", "batch_dims", "reduction", "equation", "num_outputs", "start", "end", "min", "max", "dtype", "body",
	"then_branch", "else_branch", "num_scan_inputs", "noop_with_empty_axes", "select_last_index", "allowzero", "alpha", "beta", "gamma",
	"kernel_shape", "strides", "dilations", "group", "auto_pad", "ceil_mode", "epsilon", "momentum", "hidden_size", "p", "size", "bias",
	"output_padding", "output_shape", "num_groups", "transA", "transB", "scales", "layout", "activations", "block_size", "ignore_index"}

// TestHostile calls every operator with inputs and attributes of no plan.
func TestHostile(t *testing.T) {
	for _, name := range reference.Operators() {
		c := newChaos(name)
		for range 400 {
			n := nodeCase{op: name, opset: 1 + c.Int64N(reference.MaxOpset)}
			shape := c.tensor().Shape
			typ := pickOne(c, types)
			for range c.IntN(5) {
				switch c.IntN(4) {
				case 0:
					n.in = append(n.in, c.tensor())
				case 1:
					n.in = append(n.in, i64(pickOne(c, odd)))
				default: // often of one kind, so that something is computed
					n.in = append(n.in, c.filled(typ, shape))
				}
			}
			for range c.IntN(4) {
				n.attrs = append(n.attrs, &graph.Attr{Name: pickOne(c, settings), Value: c.value()})
			}
			n.survives(t)
		}
	}
}
