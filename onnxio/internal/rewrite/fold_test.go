package rewrite

import "testing"

func TestFold(t *testing.T) {
	cleans(t, []cleanCase{
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
		{"nobody reads it", `in x [N,2]; a = Neg(x); b = Exp(a); y = Relu(x)`, "Relu"},
		{"the one element of an axis", `in x [N,3,1,1]; a = Gather<axis=2>(x, 0); b = Gather<axis=2>(a, 0); w [3,2]; y = MatMul(b, w)`, "Flatten Gemm"},
		{"the last of one", `in x [N,3,1]; a = Gather<axis=-1>(x, -1); w [3,2]; y = MatMul(a, w)`, "Flatten Gemm"},
		{"one of many", `in x [N,3,2]; y = Gather<axis=2>(x, 1)`, "Gather"},
		{"a list of one", `in x [N,3,1]; y = Gather<axis=2>(x, [0])`, "Gather"},
		{"not of ONNX", `in x [N,2]; a = Relu(x); b = Relu(a)`, "Relu Relu"},
	})
}

func TestFoldRounds(t *testing.T) {
	r := Clean(parse(t, `in x [N,2]; a [2] 0.1 3; b [2] 0.2 1; c = Add(a, b); y = Mul(x, c)`))
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
			if got := ops(Clean(parse(t, c.text)).Model); got != c.want {
				t.Errorf("cleaned to %q, want %q", got, c.want)
			}
		})
	}
}
