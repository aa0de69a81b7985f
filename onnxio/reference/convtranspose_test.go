package reference_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

func TestConvTranspose(t *testing.T) {
	x := arr([]int{1, 1, 2}, 1, 10)
	w := arr([]int{1, 1, 3}, 1, 2, 3)
	one := func(v ...float64) nodeCase {
		return nodeCase{op: "ConvTranspose", in: all(x, w), want: all(arr([]int{1, 1, len(v)}, v...))}
	}
	with := func(n nodeCase, a ...*graph.Attr) nodeCase { n.attrs = a; return n }
	two := graph.IntsAttr("strides", 2)
	checkNodes(t,
		one(1, 12, 23, 30),
		with(one(1, 2, 13, 20, 30), two),
		with(one(1, 2, 13, 20, 30, 0), two, graph.IntsAttr("output_padding", 1)),
		with(one(2, 13, 20), two, graph.IntsAttr("pads", 1, 1)),
		with(one(1, 10, 2, 20, 3, 30), graph.IntsAttr("dilations", 2)),
		with(one(1, 2, 13, 20), two, graph.StringAttr("auto_pad", "SAME_UPPER")),
		with(one(2, 13, 20, 30), two, graph.StringAttr("auto_pad", "SAME_LOWER")),
		with(one(1, 2, 13, 20, 30), two, graph.StringAttr("auto_pad", "VALID")),
		with(one(2, 13, 20, 30), two, graph.IntsAttr("output_shape", 4)),
		with(one(1, 2, 13, 20, 30, 0, 0), two, graph.IntsAttr("output_shape", 7)),
		// Two groups of one input and two output channels, with a bias.
		nodeCase{op: "ConvTranspose", in: all(arr([]int{1, 2, 1}, 1, 10), arr([]int{2, 2, 2}, 1, 2, 3, 4, 5, 6, 7, 8), vec(0, 100, 0, 100)), attrs: attrs(graph.IntAttr("group", 2)),
			want: all(arr([]int{1, 4, 2}, 1, 2, 103, 104, 50, 60, 170, 180))},
		// Two input channels add up.
		nodeCase{op: "ConvTranspose", in: all(arr([]int{1, 2, 1, 1}, 1, 10), arr([]int{2, 1, 2, 1}, 1, 2, 3, 4)), want: all(arr([]int{1, 1, 2, 1}, 31, 42))},
	)
	bad := func(text string, a ...*graph.Attr) nodeCase {
		return nodeCase{op: "ConvTranspose", in: all(x, w), attrs: a, err: text}
	}
	checkNodes(t,
		nodeCase{op: "ConvTranspose", in: all(x, arr([]int{2, 1, 3}, 1)), err: "do not fit"},
		nodeCase{op: "ConvTranspose", in: all(x, arr([]int{1, 1, 3, 1}, 1)), err: "do not fit"},
		nodeCase{op: "ConvTranspose", in: all(x, w, vec(1, 2)), err: "must have shape [1]"},
		nodeCase{op: "ConvTranspose", in: all(arr([]int{1, 1, 0}), w), err: "the map [0]"},
		bad("leaves nothing of axis 2", graph.IntsAttr("pads", 2, 2)),
		bad("\"output_shape\" has 2 numbers", graph.IntsAttr("output_shape", 4, 4)),
		bad(tooLarge, graph.IntsAttr("output_shape", 1<<30)),
		bad(tooLarge, graph.IntsAttr("strides", 1<<30)),
		bad("\"dilations\" is", graph.IntsAttr("dilations", -1)),
		bad("\"kernel_shape\" is [2]", graph.IntsAttr("kernel_shape", 2)),
	)
}

func TestCol2Im(t *testing.T) {
	// Two blocks of two numbers overlap in the middle: columns hold what each place sends.
	x := arr([]int{1, 2, 2}, 1, 2, 3, 4)
	checkNodes(t,
		nodeCase{op: "Col2Im", in: all(x, i64(3), i64(2)), want: all(arr([]int{1, 1, 3}, 1, 5, 4))},
		nodeCase{op: "Col2Im", in: all(x, i64(3), i64(2)), attrs: attrs(graph.IntsAttr("strides", 2), graph.IntsAttr("pads", 0, 1)), want: all(arr([]int{1, 1, 3}, 1, 3, 2))},
		nodeCase{op: "Col2Im", in: all(steps(1, 4, 1), i64(2, 2), i64(1, 2)), err: "must hold 2 blocks of 2 numbers"},
		nodeCase{op: "Col2Im", in: all(steps(2, 4, 2), i64(2, 2), i64(1, 2)), want: all(arr([]int{2, 2, 2, 2}, 0, 2, 1, 3, 4, 6, 5, 7, 8, 10, 9, 11, 12, 14, 13, 15))},
		nodeCase{op: "Col2Im", in: all(x, i64(3), i64(2, 2)), err: "blocks of size [2 2]"},
		nodeCase{op: "Col2Im", in: all(x, i64(-3), i64(2)), err: "negative"},
		nodeCase{op: "Col2Im", in: all(x, i64(3), i64(0)), err: "the kernel has size [0]"},
	)
}
