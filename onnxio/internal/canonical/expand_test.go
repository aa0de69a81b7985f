package canonical_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/internal/rewrite"
	"github.com/gonn-toolkit/gonn/onnxio/internal/rewrite/rewritetest"
)

func TestExpand(t *testing.T) {
	rewritetest.Run(t, []rewritetest.Case{
		{"zeros like x", `in x [N,3]; s = Shape(x); z = ConstantOfShape(s); y = Max(z, x)`, "Max"},
		{"a number like x", `in x [N,3]; s = Shape(x); z = Expand(0.5, s); y = Mul(x, z)`, "Mul"},
		{"in front of both operands", `in x [N,3]; in u [3]; s = Shape(x); z = Expand(u, s); y = Sub(z, x)`, "Sub"},
		{"integers like x", `in x int[N,3]; v int[1] 2; s = Shape(x); z = ConstantOfShape<value=v>(s); y = Add(x, z)`, "Add"},
		{"ones as exp of zeros", `in x [N,3]; s = Shape(x); z = Expand(0.0, s); o = Exp(z); y = Add(x, o)`, "Add"},
		{"two operators inside", `in x [N,3]; s = Shape(x); z = Expand(0.5, s); o = Exp(z); p = Neg(o); y = Add(p, x)`, "Add"},
		{"the expansion gives the shape", `in x [N,1]; in u [N,3]; s = Shape(u); z = Expand(x, s); y = Relu(z)`, "Shape Expand Relu"},
		{"the other does not have the shape", `in x [N,1]; z = Expand(x, [1,3]); y = Add(z, x)`, "Expand Add"},
		{"it is an output too", `in x [N,3]; s = Shape(x); z = ConstantOfShape(s); y = Max(z, x); out y z`, "Shape ConstantOfShape Max"},
		{"one number for each sample of a fixed batch", `in x [2,3]; z = ConstantOfShape([2,3]); y = Max(x, z)`, "Max"},
		{"different numbers for each sample", `in x [2,2]; z [2,2] 1 2 3 4; y = Max(x, z)`, "Max"},
		{"nothing for each sample", `in x [2,0]; z [2,0]; y = Max(x, z)`, "Max"},
		{"a stack that is summed up", `in x [N,3]; in u [N,3]; a = Unsqueeze(x, [0]); b = Unsqueeze(u, [0]); c = Concat<axis=0>(a, b); y = ReduceSum<keepdims=0>(c, [0])`, "Add"},
		{"a stack of three", `in x [N,3]; in u [N,3]; a = Unsqueeze(x, [-1]); b = Unsqueeze(u, [-1]); c = Concat<axis=-1>(a, b, a); y = ReduceSum<keepdims=0>(c, [-1])`, "Sum"},
		{"a stack that keeps its axis", `in x [N,3]; in u [N,3]; a = Unsqueeze(x, [1]); b = Unsqueeze(u, [1]); c = Concat<axis=1>(a, b); y = ReduceSum(c, [1])`, "Reshape Reshape Concat ReduceSum"},
		{"a stack summed along another axis", `in x [N,2]; in u [N,2]; a = Unsqueeze(x, [1]); b = Unsqueeze(u, [1]); c = Concat<axis=1>(a, b); y = ReduceSum<keepdims=0>(c, [2])`, "Reshape Reshape Concat ReduceSum Flatten"},
		{"a stack of integers", `in x int[N,3]; in u int[N,3]; a = Unsqueeze(x, [0]); b = Unsqueeze(u, [0]); c = Concat<axis=0>(a, b); y = ReduceSum<keepdims=0>(c, [0])`, "Reshape Reshape Concat ReduceSum"},
		{"a maximum over a stack", `opset 18; in x [N,3]; in u [N,3]; a = Unsqueeze(x, [0]); b = Unsqueeze(u, [0]); c = Concat<axis=0>(a, b); y = ReduceMax<keepdims=0>(c, [0])`, "Reshape Reshape Concat ReduceMax"},
	})
}

func TestUniformConstantsBecomeNumbers(t *testing.T) {
	r := rewrite.Clean(rewritetest.Parse(t, `in x [2,3]; z [2,3] 0.5; y = Max(x, z)`))
	if c := r.Model.Graph.Initializers; len(c) != 1 || len(c[0].Dims) != 0 {
		t.Errorf("cleaned to\n%s", rewritetest.Print(r.Model))
	}
	r = rewrite.Clean(rewritetest.Parse(t, `in x [N,3]; z [3] 0.5; y = Max(x, z)`)) // three slopes may be equal by chance
	if c := r.Model.Graph.Initializers; len(c) != 1 || len(c[0].Dims) != 1 {
		t.Errorf("cleaned to\n%s", rewritetest.Print(r.Model))
	}
}
