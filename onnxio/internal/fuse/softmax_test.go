package fuse_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/internal/rewrite/rewritetest"
)

func TestSoftmax(t *testing.T) {
	rewritetest.Run(t, []rewritetest.Case{
		{"its logarithm", `in x [N,3]; a = Softmax(x); y = Log(a)`, "LogSoftmax"},
		{"of an old one", `opset 11; in x [N,3]; a = Softmax(x); y = Log(a)`, "LogSoftmax"},
		{"the exponential of its logarithm", `in x [N,3]; a = LogSoftmax(x); y = Exp(a)`, "Softmax"},
		{"the same along channels", `in x [N,3,2,2]; a = LogSoftmax<axis=1>(x); y = Exp(a)`, "Softmax"},
		{"the same written out", `in x [N,3]; e = Exp(x); s = ReduceSum(e, [1]); d = Div(e, s); l = Log(d); y = Exp(l)`, "Softmax"},
		{"the logarithm is read again", `in x [N,3]; a = LogSoftmax(x); y = Exp(a); out a y`, "LogSoftmax Exp"},
		{"written out", `in x [N,3]; e = Exp(x); s = ReduceSum(e, [1]); y = Div(e, s)`, "Softmax"},
		{"without the largest", `in x [N,3]; m = ReduceMax<axes=[-1]>(x); d = Sub(x, m); e = Exp(d); s = ReduceSum(e, [-1]); y = Div(e, s)`, "Softmax"},
		{"and its logarithm", `in x [N,3]; e = Exp(x); s = ReduceSum(e, [1]); d = Div(e, s); y = Log(d)`, "LogSoftmax"},
		{"along channels", `in x [N,3,2,2]; e = Exp(x); s = ReduceSum(e, [1]); y = Div(e, s)`, "Softmax"},
		{"without the largest of another axis", `in x [N,3,2]; m = ReduceMax<axes=[1]>(x); d = Sub(x, m); e = Exp(d); s = ReduceSum(e, [2]); y = Div(e, s)`, "ReduceMax Sub Softmax"},
		{"less something else", `in x [N,3]; in z [N,3]; d = Sub(x, z); e = Exp(d); s = ReduceSum(e, [1]); y = Div(e, s)`, "Sub Softmax"},
		{"two axes", `in x [N,3,2]; e = Exp(x); s = ReduceSum(e, [1,2]); y = Div(e, s)`, "Exp ReduceSum Div"},
		{"all axes", `in x [N,3]; e = Exp(x); s = ReduceSum(e); y = Div(e, s)`, "Exp ReduceSum Div"},
		{"without the axis", `in x [3,3]; e = Exp(x); s = ReduceSum<keepdims=0>(e, [0]); y = Div(e, s)`, "Exp ReduceSum Div"},
		{"the other way round", `in x [N,3]; e = Exp(x); s = ReduceSum(e, [1]); y = Div(s, e)`, "Exp ReduceSum Div"},
		{"a mean", `in x [N,3]; e = Exp(x); s = ReduceMean<axes=[1]>(e); y = Div(e, s)`, "Exp ReduceMean Div"},
		{"of another value", `in x [N,3]; e = Exp(x); f = Exp(x); s = ReduceSum(f, [1]); y = Div(e, s)`, "Exp Exp ReduceSum Div"},
		{"the exponential is read again", `in x [N,3]; e = Exp(x); s = ReduceSum(e, [1]); y = Div(e, s); z = Relu(e); out y z`, "Exp ReduceSum Div Relu"},
		{"the sum is read again", `in x [N,3]; e = Exp(x); s = ReduceSum(e, [1]); y = Div(e, s); out y s`, "Exp ReduceSum Div"},
		{"the softmax is read again", `in x [N,3]; a = Softmax(x); y = Log(a); out a y`, "Softmax Log"},
	})
}
