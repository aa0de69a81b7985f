package reference_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

func TestConv(t *testing.T) {
	x := steps(1, 1, 3, 3)
	ones := arr([]int{1, 1, 2, 2}, 1)
	checkNodes(t,
		nodeCase{op: "Conv", in: all(x, ones), want: all(arr([]int{1, 1, 2, 2}, 8, 12, 20, 24))},
		nodeCase{op: "Conv", opset: 1, in: all(x, ones, vec(100)), want: all(arr([]int{1, 1, 2, 2}, 108, 112, 120, 124))},
		nodeCase{op: "Conv", in: all(x, ones), attrs: attrs(graph.IntsAttr("pads", 1, 0, 0, 0), graph.IntsAttr("strides", 2, 1)),
			want: all(arr([]int{1, 1, 2, 2}, 1, 3, 20, 24))},
		nodeCase{op: "Conv", in: all(x, ones), attrs: attrs(graph.IntsAttr("dilations", 2, 2)),
			want: all(arr([]int{1, 1, 1, 1}, 0+2+6+8))},
		nodeCase{op: "Conv", in: all(x, ones), attrs: attrs(graph.StringAttr("auto_pad", "SAME_LOWER"), graph.IntsAttr("strides", 2, 2)),
			want: all(arr([]int{1, 1, 2, 2}, 0, 3, 9, 24))},
		nodeCase{op: "Conv", in: all(x, ones), attrs: attrs(graph.StringAttr("auto_pad", "SAME_UPPER"), graph.IntsAttr("strides", 2, 2)),
			want: all(arr([]int{1, 1, 2, 2}, 8, 7, 13, 8))},
		nodeCase{op: "Conv", in: all(x, ones), attrs: attrs(graph.StringAttr("auto_pad", "VALID"), graph.IntsAttr("strides", 2, 2)),
			want: all(arr([]int{1, 1, 1, 1}, 8))},
		// One axis, two groups of one input and two output channels.
		nodeCase{op: "Conv", in: all(arr([]int{1, 2, 3}, 1, 2, 3, 10, 20, 30), arr([]int{4, 1, 2}, 1, 0, 0, 1, 1, 1, 2, -1)), attrs: attrs(graph.IntAttr("group", 2)),
			want: all(arr([]int{1, 4, 2}, 1, 2, 2, 3, 30, 50, 0, 10))},
		// Three axes, two samples, two input channels.
		nodeCase{op: "Conv", in: all(steps(2, 2, 1, 2, 2), arr([]int{1, 2, 1, 2, 1}, 1, 2, 3, 4)),
			want: all(arr([]int{2, 1, 1, 1, 2}, 0+4+12+24, 1+6+15+28, 8+20+36+56, 9+22+39+60))},
	)
	checkNodes(t,
		nodeCase{op: "Conv", in: all(x), err: "input 1 is missing"},
		nodeCase{op: "Conv", in: all(vec(1), ones), err: "at least 3 axes"},
		nodeCase{op: "Conv", in: all(x, arr([]int{1, 1, 2}, 1, 1)), err: "do not fit"},
		nodeCase{op: "Conv", in: all(x, arr([]int{1, 2, 1, 1}, 1)), err: "do not fit"},
		nodeCase{op: "Conv", in: all(x, ones, vec(1, 2)), err: "must have shape [1]"},
		nodeCase{op: "Conv", in: all(x, arr([]int{1, 1, 4, 1}, 1)), err: "reaches over 4 positions of axis 2"},
		nodeCase{op: "Conv", in: all(x, arr([]int{1, 1, 0, 1})), err: "the kernel has size [0 1]"},
		nodeCase{op: "Conv", in: all(x, ones), attrs: attrs(graph.IntsAttr("strides", 0, 1)), err: "\"strides\" is [0 1]"},
		nodeCase{op: "Conv", in: all(x, ones), attrs: attrs(graph.IntsAttr("pads", 1, 1)), err: "\"pads\" has 2 numbers, it must have 4"},
		nodeCase{op: "Conv", in: all(x, ones), attrs: attrs(graph.IntsAttr("pads", 1<<40, 1, 1, 1)), err: "\"pads\" is"},
		nodeCase{op: "Conv", in: all(x, ones), attrs: attrs(graph.IntsAttr("pads", 1<<30, 0, 0, 1<<30)), err: tooLarge},
		nodeCase{op: "Conv", in: all(x, ones), attrs: attrs(graph.StringAttr("group", "1")), err: "\"group\" is of kind STRING, it must be INT"},
		nodeCase{op: "Conv", in: all(x, ones), attrs: attrs(graph.StringAttr("auto_pad", "SAME")), err: "auto_pad"},
		nodeCase{op: "Conv", in: all(x, ones), attrs: attrs(graph.IntsAttr("kernel_shape", 3, 3)), err: "kernel_shape"},
		nodeCase{op: "Conv", in: all(whole(graph.Int64, []int{1, 1, 1}, 1), ones), err: "INT64"},
	)
}

// BenchmarkConv is the layer that the package is to be quick enough for.
func BenchmarkConv(b *testing.B) {
	n := nodeCase{op: "Conv", in: all(steps(64, 8, 28, 28), steps(8, 8, 3, 3)), attrs: attrs(graph.IntsAttr("pads", 1, 1, 1, 1))}
	for b.Loop() {
		if _, err := n.run(); err != nil {
			b.Fatal(err)
		}
	}
}
