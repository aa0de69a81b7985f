package rewrite_test

import (
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/rewrite"
	"github.com/gonn-toolkit/gonn/onnxio/internal/rewrite/rewritetest"
)

func TestSample(t *testing.T) {
	m := rewritetest.Parse(t, `in x [N,2,3]; a = Relu(x); b = Reshape(a, [-1]); c = Reshape(a, [1,-1,3]); d = my.Op(a); s = ReduceSum<keepdims=0>(a); out a b c d s`)
	r := rewrite.Clean(m)
	for name, want := range map[string][]int{"x": {2, 3}, "a": {2, 3}, "d": nil, "nobody": nil} {
		if got := r.Sample(name); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	for i, want := range [][]int{{2, 3}, {}, nil, nil, nil} {
		if got := r.Sample(r.Model.Graph.Outputs[i].Name); !slices.Equal(got, want) {
			t.Errorf("output %d: %v, want %v", i, got, want)
		}
	}
}

// What a node of the cleaned graph stands for, and where a constant comes from, is told in
// the file's own nodes and initializers.
func TestResultTellsWhereItComesFrom(t *testing.T) {
	m := rewritetest.Parse(t, `in x [N,2,2,1]; w [4,3]; b [3]; v [4,3]; t = Transpose<perm=[0,3,1,2]>(x); f = Reshape(t, [-1,4]); n = Neg(w); u = Neg(n); p = MatMul(f, u); y = Add(p, b); z = Sub(f, f)`)
	m.Graph.Outputs = []*graph.Value{{Name: "y", Type: graph.Float}}
	r := rewrite.Clean(m)
	last := r.Model.Graph.Nodes[len(r.Model.Graph.Nodes)-1]
	if got := names(r.From[last]); last.OpType != "Gemm" || !slices.Equal(got, []string{"p", "y"}) {
		t.Errorf("%s stands for %v", last.OpType, got)
	}
	if got := r.Roots[last.Inputs[1]]; !slices.Equal(got, []string{"w"}) {
		t.Errorf("the weight comes from %v", got)
	}
	if got := names(r.From[r.Model.Graph.Nodes[0]]); !slices.Equal(got, []string{"t", "f"}) {
		t.Errorf("%s stands for %v", r.Model.Graph.Nodes[0].OpType, got)
	}
	if got := names(r.Folded); !slices.Contains(got, "n") || !slices.Contains(got, "u") || !slices.Contains(got, "z") {
		t.Errorf("folded %v", got)
	}
}

func names(nodes []*graph.Node) (all []string) {
	for _, n := range nodes {
		all = append(all, n.Name)
	}
	return all
}

func TestConstantsTouchesNothingElse(t *testing.T) {
	m := rewritetest.Parse(t, `opset 9; in x [N,2]; a = Identity(x); c = Mul(a, 2.0); d [2]; e = Neg(d); y = Mul(c, e)`)
	r := rewrite.Constants(m)
	if rewritetest.Operators(r.Model) != "Identity Mul Neg Mul" || r.Model.Opset("") != 9 {
		t.Errorf("opset %d:\n%s", r.Model.Opset(""), rewritetest.Print(r.Model))
	}
	if err := rewritetest.Keeps(m, r, 1, rewritetest.Tolerance); err != nil {
		t.Error(err)
	}
}

// Names that the passes make are not those of others.
func TestNamesStayApart(t *testing.T) {
	rewritetest.Run(t, []rewritetest.Case{
		{"like made ones", `in x [N,4,4,2]; w [3,2,1,1]; k [3]; k_2 [3]; a = Transpose<perm=[0,3,1,2]>(x); b = Conv(a, w); c = Transpose<perm=[0,2,3,1]>(b); d = Add(c, k); e = PRelu(d, k_2); y = Mul(e, k)`, "Conv PRelu Mul"},
	})
}

// A model with graphs inside its nodes is given back with all that these graphs read.
func TestResultKeepsWhatInnerGraphsRead(t *testing.T) {
	m := rewritetest.Parse(t, `in x [N,3]; w [3]; v [3]; y = Add(x, v)`)
	m.Graph.Nodes[0].Attrs = []*graph.Attr{{Name: "then_branch", Value: &graph.Graph{
		Nodes: []*graph.Node{{OpType: "Neg", Inputs: []string{"w"}, Outputs: []string{"n"}}}, Outputs: []*graph.Value{{Name: "n"}},
	}}}
	for name, r := range map[string]*rewrite.Result{"clean": rewrite.Clean(m), "constants": rewrite.Constants(m)} {
		var got []string
		for _, c := range r.Model.Graph.Initializers {
			got = append(got, c.Name)
		}
		if want := []string{"v", "w"}; !slices.Equal(got, want) {
			t.Errorf("%s: initializers %v, want %v", name, got, want)
		}
	}
}
