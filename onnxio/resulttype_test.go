package onnxio

import (
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// A Cast at the end of a file that computes in FLOAT is no layer.
func TestResultsOfAnotherType(t *testing.T) {
	inits := []*graph.Tensor{tensor("fc.weight", 3, 5), tensor("fc.bias", 3), int64s("s", -1, 3)}
	dense := node("Gemm", "x fc.weight fc.bias", "z", graph.IntAttr("transB", 1))
	for _, typ := range []graph.DataType{graph.Double, graph.Float16, graph.BFloat16} {
		to := graph.IntAttr("to", int64(typ))
		float := graph.IntAttr("to", int64(graph.Float))
		for _, c := range []struct {
			name  string
			nodes []*graph.Node
			end   graph.DataType
			want  string
		}{
			{"behind a softmax", []*graph.Node{node("Softmax", "z", "p"), node("Cast", "p", "y", to)}, typ, "Dense Softmax"},
			{"in front of a softmax", []*graph.Node{node("Cast", "z", "d"), node("LogSoftmax", "d", "l"), node("Exp", "l", "y")}, typ, "Dense Softmax"},
			{"in front of a reshape", []*graph.Node{node("Cast", "z", "d"), node("Reshape", "d s", "y")}, typ, "Dense"},
			{"and back", []*graph.Node{node("Cast", "z", "d"), node("Softmax", "d", "p"), node("Cast", "p", "y", float)}, graph.Float, "Dense Softmax"},
		} {
			for _, n := range c.nodes {
				if n.OpType == "Cast" && len(n.Attrs) == 0 {
					n.Attrs = []*graph.Attr{to}
				}
			}
			m := model(nn.Shape{5}, inits, append([]*graph.Node{dense}, c.nodes...)...)
			m.Graph.Outputs[0].Type = c.end
			im := imports(t, m)
			if got := activationsOf(im.Network); got != c.want {
				t.Errorf("%v %s: read as %s, want %s", typ, c.name, got, c.want)
			}
			if want := "the file gives its result as " + typ.String() + "; the network as FLOAT"; !slices.Equal(im.Notes, []string{want}) {
				t.Errorf("%v %s: notes %q, want %q", typ, c.name, im.Notes, want)
			}
			if m.Graph.Outputs[0].Type != c.end || dense.OpType != "Gemm" || !slices.Equal(m.Graph.Nodes[1:], c.nodes) {
				t.Errorf("%v %s: the model was changed", typ, c.name)
			}
			if typ == graph.Double {
				sameAsEvaluator(t, m, im)
			}
		}
	}
}

// A Cast that makes something else of the result, or whose operand is read again, stays.
func TestCastsThatStay(t *testing.T) {
	double := func(in, out string) *graph.Node {
		return node("Cast", in, out, graph.IntAttr("to", int64(graph.Double)))
	}
	for name, nodes := range map[string][]*graph.Node{
		"to integers":  {node("Tanh", "x", "a"), node("Cast", "a", "y", graph.IntAttr("to", int64(graph.Int64)))},
		"of truths":    {node("IsNaN", "x", "a"), double("a", "y")},
		"of positions": {node("ArgMax", "x", "a", graph.IntAttr("axis", 1)), double("a", "y")},
	} {
		t.Run(name, func(t *testing.T) { refuses(t, model(nn.Shape{5}, nil, nodes...), "cannot be read as layers") })
	}
	m := model(nn.Shape{5}, nil, double("x", "a"), node("Sigmoid", "a", "z"), node("Softmax", "a", "y"))
	if got, notes, err := resultsInFloat(m); got != m || notes != nil || err != nil {
		t.Errorf("what is read twice became FLOAT: notes %q, error %v", notes, err)
	}
}
