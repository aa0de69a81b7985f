package canonical_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/internal/rewrite/rewritetest"
)

func TestPassesOn(t *testing.T) {
	rewritetest.Run(t, []rewritetest.Case{
		{"identities", `in x [N,2]; a = Identity(x); b = Relu(a); c = Identity(b); y = Identity(c)`, "Relu"},
		{"the input itself", `in x [N,2]; y = Identity(x)`, "Identity"},
		{"the input and more", `in x [N,2]; y = Identity(x); z = Relu(x); out y z`, "Relu Identity"},
		{"an inner value that is an output", `in x [N,2]; a = Relu(x); b = Identity(a); y = Neg(b); out a b y`, "Relu Neg"},
		{"a cast to the same", `in x [N,2]; a = Cast<to=1>(x); y = Relu(a)`, "Relu"},
		{"a cast to another", `in x [N,2]; a = Cast<to=11>(x); y = Relu(a)`, "Cast Relu"},
		{"like another", `in x [N,2]; in z [N,2]; a = CastLike(x, z); y = Relu(a)`, "Relu"},
		{"a constant like another", `in x double[N,2]; c [2]; d = CastLike(c, x); y = Mul(x, d)`, "CastLike Mul"},
		{"a join of one", `in x [N,2]; a = Concat<axis=1>(x); b = Sum(a); c = Max(b); y = Relu(c)`, "Relu"},
		{"shapes that stay", `in x [N,2,3]; a = Reshape(x, [-1,2,3]); b = Reshape(a, [0,0,3]); y = Relu(b)`, "Relu"},
		{"pads of nothing", `in x [N,2]; a = Pad(x, [0,0,0,0]); y = Relu(a)`, "Relu"},
		{"pads that cancel", `in x [N,2]; a = Pad(x, [0,1,0,-1]); y = Relu(a)`, "Pad Relu"},
		{"slices of all", `in x [N,2]; a = Slice(x, [0,0], [9223372036854775807,9223372036854775807]); y = Relu(a)`, "Relu"},
		{"slices of some samples", `in x [N,2]; a = Slice(x, [0], [3], [0]); y = Relu(a)`, "Slice Relu"},
		{"all but the first sample", `in x [N,2]; a = Slice(x, [1], [2147483647], [0]); y = Relu(a)`, "Slice Relu"},
		{"slices backwards", `in x [N,5]; a = Slice(x, [-1], [-9223372036854775808], [1], [-1]); y = Relu(a)`, "Slice Relu"},
		{"no ends", `in x [N,2]; a = Clip(x); y = Relu(a)`, "Relu"},
		{"no ends given", `in x [N,2]; a = Clip(x, , ); y = Relu(a)`, "Relu"},
		{"times 1", `in x [N,2]; a = Mul(x, 1.0); b = Mul(1.0, a); y = Relu(b)`, "Relu"},
		{"by 1, plus 0, minus 0", `in x [N,2]; a = Div(x, 1.0); b = Add(0.0, a); c = Sub(b, 0.0); y = Relu(c)`, "Relu"},
		{"1 by and 0 minus", `in x [N,2]; a = Sub(0.0, x); b = Exp(a); y = Div(1.0, b)`, "Sub Exp Div"},
		{"times 0, plus 1", `in x [N,2]; a = Mul(x, 0.0); y = Add(a, 1.0)`, "Mul Add"},
		{"a weight that is 1", `in x [N,2]; w [1] 1; y = Mul(x, w)`, "Mul"},
		{"times 1 in a larger shape", `in x [N,1]; c = Expand(1.0, [1,3]); y = Mul(x, c)`, "Mul"},
	})
}
