package fuse_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/internal/rewrite/rewritetest"
)

func TestReduce(t *testing.T) {
	rewritetest.Run(t, []rewritetest.Case{
		{"mean over pixels", `in x [N,3,2,4]; y = ReduceMean<axes=[2,3]>(x)`, "GlobalAveragePool"},
		{"in the other order, from behind", `in x [N,3,2,4]; y = ReduceMean<axes=[-1,-2]>(x)`, "GlobalAveragePool"},
		{"maximum over pixels", `opset 18; in x [N,3,2,4]; y = ReduceMax(x, [2,3])`, "GlobalMaxPool"},
		{"without the axes", `in x [N,3,2,4]; y = ReduceMean<axes=[2,3], keepdims=0>(x)`, "GlobalAveragePool Flatten"},
		{"height, then width", `in x [N,3,2,4]; a = ReduceMean<axes=[2]>(x); y = ReduceMean<axes=[3]>(a)`, "GlobalAveragePool"},
		{"height, then width, without them", `in x [N,3,2,4]; a = ReduceMean<axes=[2], keepdims=0>(x); y = ReduceMean<axes=[2], keepdims=0>(a)`, "GlobalAveragePool Flatten"},
		{"pixels of the file's layout", `in x [N,2,4,3]; a = Transpose<perm=[0,3,1,2]>(x); w [3,3,1,1]; c = Conv(a, w); b = Transpose<perm=[0,2,3,1]>(c); y = ReduceMean<axes=[1,2], keepdims=0>(b)`, "Conv GlobalAveragePool Flatten"},
		{"a window over all", `in x [N,3,2,4]; y = AveragePool<kernel_shape=[2,4]>(x)`, "GlobalAveragePool"},
		{"a maximum over all", `in x [N,3,2,4]; y = MaxPool<kernel_shape=[2,4], strides=[2,4]>(x)`, "GlobalMaxPool"},
		{"a window over almost all", `in x [N,3,2,4]; y = AveragePool<kernel_shape=[2,3]>(x)`, "AveragePool"},
		{"a padded window over all", `in x [N,3,2,4]; y = AveragePool<kernel_shape=[2,4], pads=[1,0,0,0], strides=[2,1]>(x)`, "AveragePool"},
		{"indices of a window over all", `in x [N,3,2,4]; y, i = MaxPool<kernel_shape=[2,4]>(x); out y i`, "MaxPool"},
		{"sums", `in x [N,3,2,4]; y = ReduceSum(x, [2,3])`, "ReduceSum"},
		{"mean over channels", `in x [N,3,2,4]; y = ReduceMean<axes=[1]>(x)`, "ReduceMean"},
		{"mean over everything", `in x [N,3,2,4]; y = ReduceMean(x)`, "ReduceMean"},
		{"mean over no pixels", `in x [N,3,0,4]; y = ReduceMean<axes=[2,3]>(x)`, "ReduceMean"},
		{"mean of integers", `in x int[N,3,2,4]; y = ReduceMean<axes=[2,3]>(x)`, "ReduceMean"},
		{"mean of a maximum", `in x [N,3,2,4]; a = ReduceMax<axes=[2]>(x); y = ReduceMean<axes=[3]>(a)`, "ReduceMax GlobalAveragePool"},
		{"means over one axis twice", `in x [N,3,2,4]; a = ReduceMean<axes=[2]>(x); y = ReduceMean<axes=[2,3]>(a)`, "ReduceMean GlobalAveragePool"},
		{"a mean that is read again", `in x [N,3,2,4]; a = ReduceMean<axes=[2]>(x); y = ReduceMean<axes=[3]>(a); out a y`, "ReduceMean GlobalAveragePool"},
		{"axes that are computed", `in x [N,3,2,4]; in a int[1]; y = ReduceSum(x, a)`, "ReduceSum"},
		{"no axes, which is nothing", `in x [N,3]; e int[0]; y = ReduceSum<noop_with_empty_axes=1>(x, e)`, "ReduceSum"},
		{"no axes, which is all", `in x [N,3]; e int[0]; y = ReduceSum(x, e)`, "ReduceSum"},
		{"axes of one that the picture does not have", `in x [N,2,4,1]; a = Unsqueeze(x, [4]); b = ReduceSum(a, [4]); y = Relu(b)`, "Relu"},
		{"norms of axes that it does not have", `in x [N,2,4,1]; a = Unsqueeze(x, [4]); b = ReduceL2<axes=[4]>(a); y = Relu(b)`, "Reshape ReduceL2 Relu"},
	})
}
