package fuse_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/internal/rewrite/rewritetest"
)

func TestConvBias(t *testing.T) {
	rewritetest.Run(t, []rewritetest.Case{
		{"a bias", `in x [N,2,4,4]; w [3,2,3,3]; b [1,3,1,1]; a = Conv(x, w); y = Add(a, b)`, "Conv"},
		{"in front", `in x [N,2,4,4]; w [3,2,3,3]; b [3,1,1]; a = Conv(x, w); y = Add(b, a)`, "Conv"},
		{"on top of a bias", `in x [N,2,4,4]; w [3,2,3,3]; b [3]; c [3,1,1]; a = Conv(x, w, b); y = Add(a, c)`, "Conv"},
		{"a bias left out", `in x [N,2,4,4]; w [3,2,3,3]; c [3,1,1]; a = Conv(x, w, ); y = Add(a, c)`, "Conv"},
		{"transposed", `in x [N,2,4,4]; w [2,3,3,3]; b [3,1,1]; a = ConvTranspose(x, w); y = Add(a, b)`, "ConvTranspose"},
		{"over sequences", `in x [N,2,4]; w [3,2,3]; b [3,1]; a = Conv(x, w); y = Add(a, b)`, "Conv"},
		{"with computed weights", `in x [N,2,4,4]; in w [3,2,3,3]; b [3,1,1]; a = Conv(x, w); y = Add(a, b)`, "Conv"},
		{"on top of a computed bias", `in x [N,2,4,4]; w [3,2,3,3]; in b [3]; c [3,1,1]; a = Conv(x, w, b); y = Add(a, c)`, "Conv Add"},
		{"a number", `in x [N,2,4,4]; w [3,2,3,3]; a = Conv(x, w); y = Add(a, 0.5)`, "Conv Add"},
		{"along the width", `in x [N,2,5,5]; w [3,2,3,3]; b [3]; a = Conv(x, w); y = Add(a, b)`, "Conv Add"},
		{"an element each", `in x [N,2,4,4]; w [3,2,3,3]; b [3,2,2]; a = Conv(x, w); y = Add(a, b)`, "Conv Add"},
		{"two that read it", `in x [N,2,4,4]; w [3,2,3,3]; b [3,1,1]; a = Conv(x, w); y = Add(a, b); z = Relu(a); out y z`, "Conv Add Relu"},
		{"two convolutions", `in x [N,2,4,4]; w [3,2,3,3]; v [3,2,3,3]; a = Conv(x, w); b = Conv(x, v); y = Add(a, b)`, "Conv Conv Add"},
	})
}

func TestPadInFrontOfWindows(t *testing.T) {
	rewritetest.Run(t, []rewritetest.Case{
		{"a convolution", `in x [N,2,4,4]; w [3,2,3,3]; a = Pad(x, [0,0,1,0,0,0,2,1]); y = Conv(a, w)`, "Conv"},
		{"on top of its own", `in x [N,2,4,4]; w [3,2,3,3]; a = Pad(x, [0,0,1,0,0,0,2,1], 0.0); y = Conv<pads=[1,1,1,1], strides=[2,1]>(a, w)`, "Conv"},
		{"a VALID one", `in x [N,2,4,4]; w [3,2,3,3]; a = Pad(x, [0,0,1,0,0,0,2,1]); y = Conv<auto_pad="VALID">(a, w)`, "Conv"},
		{"with axes", `opset 18; in x [N,2,4,4]; w [3,2,3,3]; a = Pad(x, [1,1,0,2], , [-1,2]); y = Conv(a, w)`, "Conv"},
		{"an average", `in x [N,2,4,4]; a = Pad(x, [0,0,1,1,0,0,1,1]); y = AveragePool<kernel_shape=[3,3]>(a)`, "AveragePool"},
		{"a maximum", `in x [N,2,4,4]; v [] -Inf; a = Pad(x, [0,0,1,1,0,0,1,1], v); y = MaxPool<kernel_shape=[3,3]>(a)`, "MaxPool"},
		{"a maximum with the least number", `in x [N,2,4,4]; v [] -3.4028234663852886e38; a = Pad(x, [0,0,1,1,0,0,1,1], v); y = MaxPool<kernel_shape=[3,3]>(a)`, "MaxPool"},
		{"a maximum with zeros", `in x [N,2,4,4]; a = Pad(x, [0,0,1,1,0,0,1,1]); y = MaxPool<kernel_shape=[3,3]>(a)`, "Pad MaxPool"},
		{"SAME", `in x [N,2,4,4]; w [3,2,3,3]; a = Pad(x, [0,0,1,0,0,0,2,1]); y = Conv<auto_pad="SAME_UPPER">(a, w)`, "Pad Conv"},
		{"ones", `in x [N,2,4,4]; w [3,2,3,3]; a = Pad(x, [0,0,1,0,0,0,2,1], 1.0); y = Conv(a, w)`, "Pad Conv"},
		{"a computed number", `in x [N,2,4,4]; in v []; w [3,2,3,3]; a = Pad(x, [0,0,1,0,0,0,2,1], v); y = Conv(a, w)`, "Pad Conv"},
		{"reflected", `in x [N,2,4,4]; w [3,2,3,3]; a = Pad<mode="reflect">(x, [0,0,1,0,0,0,2,1]); y = Conv(a, w)`, "Pad Conv"},
		{"channels", `in x [N,2,4,4]; w [3,3,3,3]; a = Pad(x, [0,1,0,0,0,0,0,0]); y = Conv(a, w)`, "Pad Conv"},
		{"cut off", `in x [N,2,4,4]; w [3,2,2,2]; a = Pad(x, [0,0,-1,0,0,0,0,0]); y = Conv(a, w)`, "Pad Conv"},
		{"an average that pads", `in x [N,2,4,4]; a = Pad(x, [0,0,1,1,0,0,1,1]); y = AveragePool<kernel_shape=[3,3], pads=[1,1,1,1]>(a)`, "Pad AveragePool"},
		{"an average that rounds up", `in x [N,2,4,4]; a = Pad(x, [0,0,1,1,0,0,1,1]); y = AveragePool<kernel_shape=[3,3], strides=[2,2], ceil_mode=1>(a)`, "Pad AveragePool"},
		{"a window of padding alone", `in x [N,2,4,4]; a = Pad(x, [0,0,3,0,0,0,0,0]); y = AveragePool<kernel_shape=[3,3]>(a)`, "Pad AveragePool"},
		{"indices", `in x [N,2,4,4]; v [] -Inf; a = Pad(x, [0,0,1,1,0,0,1,1], v); y, i = MaxPool<kernel_shape=[3,3]>(a); out y i`, "Pad MaxPool"},
		{"two that read it", `in x [N,2,4,4]; w [3,2,3,3]; a = Pad(x, [0,0,1,0,0,0,2,1]); y = Conv(a, w); z = Relu(a); out y z`, "Pad Conv Relu"},
	})
}
