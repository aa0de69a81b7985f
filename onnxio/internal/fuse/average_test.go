package fuse_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/internal/rewrite/rewritetest"
)

func TestAverage(t *testing.T) {
	rewritetest.Run(t, []rewritetest.Case{
		{"times the window, by it", `in x [N,2,4,4]; a = AveragePool<kernel_shape=[2,2]>(x); m = Mul(a, 4.0); y = Div(m, 4.0)`, "AveragePool"},
		{"times, in front", `in x [N,2,4,4]; a = AveragePool<kernel_shape=[2,2]>(x); m = Mul(4.0, a); y = Div(m, 4.0)`, "AveragePool"},
		{"by the elements inside", `in x [N,2,4,4]; a = AveragePool<kernel_shape=[2,2], pads=[1,1,0,0], strides=[1,1], count_include_pad=1>(x); m = Mul(a, 4.0); d [4,4] 1 2 2 2 2 4 4 4 2 4 4 4 2 4 4 4; y = Div(m, d)`, "AveragePool"},
		{"by other numbers", `in x [N,2,4,4]; a = AveragePool<kernel_shape=[2,2], pads=[1,1,0,0], strides=[1,1], count_include_pad=1>(x); m = Mul(a, 4.0); d [4,4] 1 2 2 2 2 4 4 4 2 4 4 4 2 4 4 5; y = Div(m, d)`, "AveragePool Mul Div"},
		{"of a mean that does not count padding", `in x [N,2,4,4]; a = AveragePool<kernel_shape=[2,2], pads=[1,1,0,0], strides=[1,1]>(x); m = Mul(a, 4.0); d [4,4] 1 2 2 2 2 4 4 4 2 4 4 4 2 4 4 4; y = Div(m, d)`, "AveragePool Mul Div"},
		{"by another number", `in x [N,2,4,4]; a = AveragePool<kernel_shape=[2,2]>(x); m = Mul(a, 4.0); y = Div(m, 2.0)`, "AveragePool Mul Div"},
		{"by a number of more axes", `in x [N,2,4,4]; c [1,1,1,1,1] 4; a = AveragePool<kernel_shape=[2,2]>(x); m = Mul(a, 4.0); y = Div(m, c)`, "AveragePool Mul Div"},
		{"a clip behind a relu", `in x [N,3]; a = Relu(x); y = Clip(a, 0.0, 6.0)`, "Clip"},
		{"a clip at another number", `in x [N,3]; a = Relu(x); y = Clip(a, -1.0, 6.0)`, "Relu Clip"},
		{"a clip at the top", `in x [N,3]; a = Relu(x); y = Clip(a, , 6.0)`, "Relu Clip"},
	})
}
