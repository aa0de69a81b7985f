package reference_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// resizeCase resizes one axis of 0, 10, 20, 30 by a scale, or to a size of INT64.
func resizeCase(size *reference.Tensor, want []float64, a ...*graph.Attr) nodeCase {
	n := nodeCase{op: "Resize", in: all(vec(0, 10, 20, 30), nil, size), attrs: a, want: all(vec(want...))}
	if size.Type == graph.Int64 {
		n.in = all(n.in[0], nil, nil, size)
	}
	return n
}

func TestResize(t *testing.T) {
	linear, cubic := graph.StringAttr("mode", "linear"), graph.StringAttr("mode", "cubic")
	place := func(s string) *graph.Attr { return graph.StringAttr("coordinate_transformation_mode", s) }
	near := func(s string) *graph.Attr { return graph.StringAttr("nearest_mode", s) }
	v := func(v ...float64) []float64 { return v }
	checkNodes(t,
		resizeCase(i64(8), v(0, 0, 10, 10, 20, 20, 30, 30)),
		resizeCase(i64(2), v(0, 20)),
		resizeCase(i64(2), v(10, 30), near("round_prefer_ceil")),
		resizeCase(i64(6), v(0, 0, 10, 20, 20, 30), place("asymmetric"), near("floor")),
		resizeCase(i64(6), v(0, 10, 20, 20, 30, 30), place("asymmetric"), near("ceil")),
		resizeCase(i64(2), v(5, 25), linear),
		resizeCase(i64(3), v(0, 15, 30), linear, place("align_corners")),
		resizeCase(i64(1), v(0), linear, place("align_corners")),
		resizeCase(i64(1), v(0), linear, place("pytorch_half_pixel")),
		resizeCase(i64(1), v(15), linear),
		resizeCase(i64(8), v(0, 2.5, 7.5, 12.5, 17.5, 22.5, 27.5, 30), linear),
		resizeCase(vec(0.75), v(5./3, 15, 85./3), linear),
		// Of 3.2 outputs 3 are left, around the same middle.
		resizeCase(vec(0.8), v(2.5, 15, 27.5), linear, place("half_pixel_symmetric")),
		// Halfway Keys's cubic weighs 0.59375 twice and −0.09375 twice.
		resizeCase(i64(2), v(4.0625, 25.9375), cubic),
		// Without the neighbour outside, the others are 1.09375.
		resizeCase(i64(2), v(4.0625/1.09375, 28.75/1.09375), cubic, graph.IntAttr("exclude_outside", 1)),
		// A triangle twice as wide weighs 0.25, 0.75, 0.75, 0.25, over 2.
		resizeCase(i64(2), v(6.25, 23.75), linear, graph.IntAttr("antialias", 1)),
	)
	x := steps(1, 2, 2)
	roi := vec(0.5, -0.5, 1, 0.5)
	region := attrs(linear, place("tf_crop_and_resize"), graph.FloatAttr("extrapolation_value", 9), graph.IntsAttr("axes", 1, -1))
	half := vec(1, 0.5, 0.5)
	checkNodes(t,
		nodeCase{op: "Resize", in: all(x, roi, nil, i64(2, 3)), attrs: region, want: all(arr([]int{1, 2, 3}, 9, 1, 1.5, 9, 2, 2.5))},
		nodeCase{op: "Resize", in: all(x, nil, nil, i64(2, 6)), attrs: attrs(graph.IntsAttr("axes", 1, 2), graph.StringAttr("keep_aspect_ratio_policy", "not_larger")), want: all(x)},
		nodeCase{op: "Resize", in: all(steps(1, 2), nil, nil, i64(2, 2)), attrs: attrs(graph.StringAttr("keep_aspect_ratio_policy", "not_smaller")), want: all(arr([]int{2, 4}, 0, 0, 1, 1, 0, 0, 1, 1))},
		nodeCase{op: "Resize", opset: 10, in: all(steps(1, 3, 3), vec(1, 2./3, 2./3)), want: all(arr([]int{1, 2, 2}, 0, 2, 6, 8))},
		nodeCase{op: "Resize", opset: 11, in: all(whole(graph.Uint8, []int{2}, 3, 4), vec(), vec(), i64(1)), attrs: attrs(linear), want: all(whole(graph.Uint8, []int{1}, 4))},
		nodeCase{op: "Resize", opset: 11, in: all(whole(graph.Bool, []int{2}, 0, 1), nil, vec(2)), want: all(whole(graph.Bool, []int{4}, 0, 0, 1, 1))},
	)
	checkNodes(t,
		nodeCase{op: "Resize", in: all(x, nil, vec(1, 2)), err: "2 scales for 3 axes"},
		nodeCase{op: "Resize", in: all(x, nil, nil, i64(1)), err: "1 sizes for 3 axes"},
		nodeCase{op: "Resize", in: all(x), err: "input 2 is missing"},
		nodeCase{op: "Resize", in: all(x, nil, vec(1, 1, 0)), err: "cannot be scaled by 0"},
		nodeCase{op: "Resize", in: all(x, nil, vec(1, 1, 1e30)), err: "cannot be scaled by 1e+30"},
		nodeCase{op: "Resize", in: all(x, nil, vec(1, 1<<10, 1<<20)), err: "more than"},
		nodeCase{op: "Resize", in: all(arr([]int{0}), nil, nil, i64(2)), err: "axis 0 is empty"},
		nodeCase{op: "Resize", in: all(x, nil, half), attrs: attrs(place("tf_crop_and_resize")), err: "input 1 is missing"},
		nodeCase{op: "Resize", in: all(x, vec(1), half), attrs: attrs(place("tf_crop_and_resize")), err: "the region has 1 numbers"},
		nodeCase{op: "Resize", in: all(x, nil, half), attrs: attrs(place("elsewhere")), err: "must be one of"},
		nodeCase{op: "Resize", in: all(x, nil, half), attrs: attrs(graph.IntsAttr("axes", 3)), err: "axis 3 does not exist"},
		nodeCase{op: "Resize", in: all(whole(graph.Bool, []int{2}, 0, 1), nil, vec(2)), attrs: attrs(linear), err: "BOOL"},
	)
}

func TestUpsample(t *testing.T) {
	x := steps(1, 1, 1, 2)
	checkNodes(t,
		nodeCase{op: "Upsample", opset: 9, in: all(x, vec(1, 1, 2, 3)), want: all(arr([]int{1, 1, 2, 6}, 0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1))},
		nodeCase{op: "Upsample", opset: 9, in: all(x, vec(1, 1, 1, 2)), attrs: attrs(graph.StringAttr("mode", "linear")), want: all(arr([]int{1, 1, 1, 4}, 0, 0.5, 1, 1))},
		nodeCase{op: "Upsample", opset: 7, in: all(x), attrs: attrs(&graph.Attr{Name: "scales", Value: []float32{1, 1, 1, 2}}), want: all(arr([]int{1, 1, 1, 4}, 0, 0, 1, 1))},
		nodeCase{op: "Upsample", opset: 1, in: all(x), attrs: attrs(graph.FloatAttr("height_scale", 1), graph.FloatAttr("width_scale", 2), graph.StringAttr("mode", "bilinear")), want: all(arr([]int{1, 1, 1, 4}, 0, 0.5, 1, 1))},
		nodeCase{op: "Upsample", opset: 7, in: all(x), err: "0 scales"},
		nodeCase{op: "Upsample", opset: 7, in: all(x), attrs: attrs(graph.FloatAttr("scales", 1)), err: "must be FLOATS"},
		nodeCase{op: "Upsample", opset: 1, in: all(x), err: "cannot be scaled by 0"},
	)
}
