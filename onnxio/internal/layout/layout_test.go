package layout_test

import (
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/internal/rewrite"
	"github.com/gonn-toolkit/gonn/onnxio/internal/rewrite/rewritetest"
)

// Pictures as (N, H, W, C) in the file are kept as (N, C, H, W), and no Transpose is left.
func TestLayoutOfPictures(t *testing.T) {
	rewritetest.Run(t, []rewritetest.Case{
		{"one layer", `in x [N,4,4,2]; w [3,2,3,3]; a = Transpose<perm=[0,3,1,2]>(x); b = Conv(a, w); y = Transpose<perm=[0,2,3,1]>(b)`, "Conv"},
		{"a layer of features", `in x [N,4,4,2]; w [3,2,3,3]; v [12,5]; a = Transpose<perm=[0,3,1,2]>(x); b = Conv(a, w); c = Transpose<perm=[0,2,3,1]>(b); f = Reshape(c, [-1,12]); y = MatMul(f, v)`, "Conv Flatten Gemm"},
		{"a bias of the last axis", `in x [N,4,4,2]; w [3,2,3,3]; k [3]; a = Transpose<perm=[0,3,1,2]>(x); b = Conv(a, w); c = Transpose<perm=[0,2,3,1]>(b); d = Add(c, k); y = Relu(d)`, "Conv Relu"},
		{"slopes of elements", `in x [N,4,4,2]; w [3,2,3,3]; k [2,2,3]; a = Transpose<perm=[0,3,1,2]>(x); b = Conv(a, w); c = Transpose<perm=[0,2,3,1]>(b); y = PRelu(c, k)`, "Conv PRelu"},
		{"slopes written out", `in x [N,4,4,2]; w [3,2,3,3]; k [1,1,3]; a = Transpose<perm=[0,3,1,2]>(x); b = Conv(a, w); c = Transpose<perm=[0,2,3,1]>(b); p = Relu(c); n = Neg(c); q = Relu(n); s = Mul(k, q); y = Add(p, s)`, "Conv Relu Neg Relu Mul Add"},
		{"a residual", `in x [N,4,4,2]; w [2,2,1,1]; a = Transpose<perm=[0,3,1,2]>(x); b = Conv(a, w); c = Transpose<perm=[0,2,3,1]>(b); y = Add(c, x)`, "Conv Add"},
		{"pools", `in x [N,4,4,2]; a = Transpose<perm=[0,3,1,2]>(x); b = MaxPool<kernel_shape=[2,2]>(a); c = AveragePool<kernel_shape=[2,2]>(b); y = Transpose<perm=[0,2,3,1]>(c)`, "MaxPool AveragePool"},
		{"a pool over five axes", `in x [N,4,4,2]; w [3,2,1,1]; a = Transpose<perm=[0,3,1,2]>(x); b = Conv(a, w); c = Transpose<perm=[0,2,3,1]>(b); d = Unsqueeze(c, [1]); e = MaxPool<kernel_shape=[2,2,1], strides=[2,2,1]>(d); y = Squeeze(e, [1])`, "Conv MaxPool"},
		{"sums over windows by ones", `in x [N,4,4,2]; k [1,1,1,2,2,1] 1; w [3,2,1,1]; a = Transpose<perm=[0,3,1,2]>(x); b = Conv(a, w); c = Transpose<perm=[0,2,3,1]>(b); d = Unsqueeze(c, [0,1]); e = Conv<strides=[1,2,2,1]>(d, k); f = Squeeze(e, [0,1]); y = Div(f, 4.0)`, "Conv AveragePool"},
		{"sums over windows by twos", `in x [N,4,4,2]; k [1,1,1,2,2,1] 2; d = Unsqueeze(x, [0,1]); e = Conv<strides=[1,2,2,1]>(d, k); y = Squeeze(e, [0,1])`, "Reshape Conv"},
		{"sums over windows of padding alone", `in x [N,4,4,2]; k [1,1,1,2,2,1] 1; d = Unsqueeze(x, [0,1]); e = Conv<pads=[0,2,0,0,0,0,0,0]>(d, k); y = Squeeze(e, [0,1])`, "Reshape Conv"},
		{"sums over windows of one axis", `in x [N,4,4,2]; k [1,1,1,2,2,1] 1; d = Unsqueeze(x, [0,1]); e = Conv(d, k); f = Squeeze(e, [0,1]); w [4,2,1,1]; a = Transpose<perm=[0,3,1,2]>(f); y = Conv(a, w)`, "AveragePool Mul Conv"},
		{"padding", `in x [N,4,4,2]; w [3,2,3,3]; p = Pad(x, [0,1,1,0,0,1,1,0]); a = Transpose<perm=[0,3,1,2]>(p); b = Conv(a, w); y = Transpose<perm=[0,2,3,1]>(b)`, "Conv"},
		{"a mean over pixels", `in x [N,4,4,2]; w [3,2,3,3]; a = Transpose<perm=[0,3,1,2]>(x); b = Conv(a, w); c = Transpose<perm=[0,2,3,1]>(b); y = ReduceMean<axes=[1,2], keepdims=0>(c)`, "Conv GlobalAveragePool Flatten"},
		{"a softmax of the last axis", `in x [N,4,4,2]; w [3,2,3,3]; a = Transpose<perm=[0,3,1,2]>(x); b = Conv(a, w); c = Transpose<perm=[0,2,3,1]>(b); y = Softmax<axis=-1>(c)`, "Conv Softmax"},
		{"joined channels", `in x [N,4,4,2]; w [3,2,1,1]; a = Transpose<perm=[0,3,1,2]>(x); b = Conv(a, w); c = Transpose<perm=[0,2,3,1]>(b); y = Concat<axis=3>(c, x)`, "Conv Concat"},
		{"a matrix along the last axis", `in x [N,4,4,2]; w [3,2,1,1]; v [3,5]; a = Transpose<perm=[0,3,1,2]>(x); b = Conv(a, w); c = Transpose<perm=[0,2,3,1]>(b); y = MatMul(c, v)`, "Conv Conv"},
		{"a Reshape for a Transpose", `in x [N,4,4,1]; w [3,1,3,3]; a = Reshape(x, [-1,1,4,4]); b = Conv(a, w); y = Relu(b)`, "Conv Relu"},
		{"like it, of another type", `in x [N,4,4,2]; in z double[N,4,4,2]; a = Transpose<perm=[0,3,1,2]>(z); c = CastLike(x, a); d = Transpose<perm=[0,3,1,2]>(c); w double[3,2,1,1]; y = Conv(d, w)`, "CastLike Transpose Conv"},
		{"what needs the file's order", `in x [N,4,4,2]; w [3,2,1,1]; a = Transpose<perm=[0,3,1,2]>(x); b = Conv(a, w); c = Transpose<perm=[0,2,3,1]>(b); y = CumSum(c, 3)`, "Conv Transpose CumSum"},
		{"the mask of a Dropout", `in x [N,4,4,2]; w [3,2,1,1]; a = Transpose<perm=[0,3,1,2]>(x); b = Conv(a, w); c = Transpose<perm=[0,2,3,1]>(b); d, m = Dropout(c); e = Cast<to=1>(m); y = Mul(d, e)`, "Conv Transpose Dropout Cast Mul"},
		{"the first of equals", `in x [N,4,4,2]; w [3,2,1,1]; a = Transpose<perm=[0,3,1,2]>(x); b = Conv(a, w); c = Relu(b); d = Transpose<perm=[0,2,3,1]>(c); e = Flatten(d); y = Hardmax(e)`, "Conv Relu Flatten Reshape Transpose Reshape Hardmax"},
		{"two outputs", `in x [N,4,4,2]; w [3,2,1,1]; a = Transpose<perm=[0,3,1,2]>(x); b = Conv(a, w); y = Transpose<perm=[0,2,3,1]>(b); z = Relu(y); out y z`, "Conv Relu Transpose Transpose"},
		{"there and back", `in x [N,4,4,2]; a = Transpose<perm=[0,3,1,2]>(x); b = Transpose<perm=[0,2,3,1]>(a); y = Relu(b)`, "Relu"},
		{"a transposition that stays", `in x [N,3,4]; a = Transpose<perm=[0,2,1]>(x); w [3,2]; y = MatMul(a, w)`, "Transpose MatMul"},
		{"the batch behind", `in x [N,3]; a = Transpose(x); b = Relu(a); y = Transpose(b)`, "Relu"},
		{"a batch that is fixed", `in x [2,4,4,2]; w [3,2,3,3]; v [12,5]; a = Transpose<perm=[0,3,1,2]>(x); b = Conv(a, w); c = Transpose<perm=[0,2,3,1]>(b); f = Reshape(c, [2,12]); y = MatMul(f, v)`, "Conv Flatten Gemm"},
		{"a batch of 1", `in x [1,4,4,2]; w [3,2,3,3]; v [12,5]; a = Transpose<perm=[0,3,1,2]>(x); b = Conv(a, w); c = Transpose<perm=[0,2,3,1]>(b); f = Reshape(c, [1,12]); y = MatMul(f, v)`, "Conv Flatten Gemm"},
		{"every sample with every", `in x [N,3]; a = Transpose(x); y = MatMul(x, a)`, "Transpose MatMul"},
		{"nothing", `in x [N,0,4]; a = Transpose<perm=[0,2,1]>(x); y = Reshape(a, [-1,4])`, "Transpose Reshape"},
		{"strings", `opset 19; in x string[N,3,4]; k string[4,3]; a = Transpose<perm=[0,2,1]>(x); e = Equal(a, k); y = Cast<to=1>(e)`, "Transpose Equal Cast"},
	})
}

func TestLayoutTellsTheOrder(t *testing.T) {
	r := rewrite.Clean(rewritetest.Parse(t, `in x [N,4,4,2]; w [3,2,3,3]; a = Transpose<perm=[0,3,1,2]>(x); b = Conv(a, w); y = Transpose<perm=[0,2,3,1]>(b)`))
	if !slices.Equal(r.Input, []int{0, 2, 3, 1}) || !slices.Equal(r.Output, []int{0, 2, 3, 1}) {
		t.Errorf("input %v, output %v", r.Input, r.Output)
	}
	if shape := r.Model.Graph.Inputs[0].Shape; shape[1].Size != 2 || shape[2].Size != 4 || shape[0].Param != "N" {
		t.Errorf("input of shape %v", shape)
	}
	if got := r.Sample(r.Model.Graph.Outputs[0].Name); !slices.Equal(got, []int{3, 2, 2}) {
		t.Errorf("output of shape %v", got)
	}
	if len(r.Moved) != 1 || len(r.From[r.Model.Graph.Nodes[0]]) != 2 { // the other is told of the Conv
		t.Errorf("moved %v", r.Moved)
	}
	r = rewrite.Clean(rewritetest.Parse(t, `in x [N,2,4,4]; w [3,2,3,3]; y = Conv(x, w)`))
	if r.Input != nil || r.Output != nil {
		t.Errorf("input %v, output %v", r.Input, r.Output)
	}
}
