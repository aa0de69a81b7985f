package constfold_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/internal/rewrite"
	"github.com/gonn-toolkit/gonn/onnxio/internal/rewrite/rewritetest"
)

func TestFold(t *testing.T) {
	rewritetest.Run(t, []rewritetest.Case{
		{"constants", `in x [N,2]; a [2]; b = Neg(a); c = Exp(b); d = Concat<axis=0>(c, c); e = Slice(d, [1], [3], [0]); y = Mul(x, e)`, "Mul"},
		{"a constant of its own", `in x [N,2]; a [2]; y = Neg(a)`, ""},
		{"shapes", `in x [N,2,3]; s = Shape(x); n = Gather(s, 0); u = Unsqueeze(n, [0]); t = Concat<axis=0>(u, [-1]); z = Reshape(x, t); w [6,2]; y = MatMul(z, w)`, "Flatten Gemm"},
		{"TensorFlow's shapes", `in x [N,2,3]; s = Shape(x); c = Cast<to=6>(s); n = Slice(c, [0], [1], [0]); k int32[1] 6; t = Concat<axis=0>(n, k); d = Cast<to=7>(t); z = Reshape(x, d); w [6,2]; y = MatMul(z, w)`, "Flatten Gemm"},
		{"shapes of opset 11", `opset 11; in x [N,2,3]; s = Shape(x); n = Gather(s, 0); u = Unsqueeze<axes=[0]>(n); t = Concat<axis=0>(u, [6]); z = Reshape(x, t); w [6,2]; y = MatMul(z, w)`, "Flatten Gemm"},
		{"a tile", `in x [N,2]; a [1,1]; b = Tile(a, [1,2]); y = Mul(x, b)`, "Mul"},
		{"a tile of data", `in x [N,2]; a = Tile(x, [1,2]); b = Tile(a, [1,1]); y = Relu(b)`, "Tile Relu"},
		{"the size of a constant", `in x [N,6]; a [2,3]; s = Size(a); c = Cast<to=1>(s); y = Mul(x, c)`, "Mul"},
		{"the largest of constants", `in x [N,6]; a int[3] 1 5 2; i = ArgMax<axis=0>(a); c = Cast<to=1>(i); y = Mul(x, c)`, "Mul"},
		{"a range", `in x [N,2,3]; r = Range(1, 3, 1); y = ReduceMean<keepdims=0>(x); z = Relu(x); t = Transpose<perm=[0,2,1]>(z)`, "Relu"},
		{"nobody reads it", `in x [N,2]; a = Neg(x); b = Exp(a); y = Relu(x)`, "Relu"},
		{"not of ONNX", `in x [N,2]; a = Relu(x); b = Relu(a)`, "Relu Relu"},
	})
}

func TestFoldRounds(t *testing.T) {
	r := rewrite.Clean(rewritetest.Parse(t, `in x [N,2]; a [2] 0.1 3; b [2] 0.2 1; c = Add(a, b); y = Mul(x, c)`))
	v, err := r.Model.Graph.Initializers[0].Float32s()
	if err != nil || v[0] != float32(float64(float32(0.1))+float64(float32(0.2))) || v[1] != 4 {
		t.Errorf("folded to %v (%v)", v, err)
	}
}

// Nodes of others and random ones stay as they are.
func TestFoldLeaves(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"random numbers":        {`in x [N,2]; a = RandomNormal<shape=[2]>(); y = Mul(x, a)`, "RandomNormal Mul"},
		"random like a number":  {`in x [N,2]; c [2]; a = RandomNormalLike(c); y = Mul(x, a)`, "RandomNormalLike Mul"},
		"another domain":        {`in x [N,2]; c [2]; a = my.Neg(c); y = Mul(x, a)`, "Neg Mul"},
		"an unknown operator":   {`in x [N,2]; a = Frobnicate(x); b = Identity(a); y = Relu(b)`, "Frobnicate Relu"},
		"an unknown setting":    {`in x [N,2]; a = Identity<deep=1>(x); y = Relu(a)`, "Identity Relu"},
		"a setting of any kind": {`in x [N,2]; a = Transpose<perm=1>(x); y = Relu(a)`, "Transpose Relu"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := rewritetest.Operators(rewrite.Clean(rewritetest.Parse(t, c.text)).Model); got != c.want {
				t.Errorf("cleaned to %q, want %q", got, c.want)
			}
		})
	}
}
