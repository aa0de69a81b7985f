package rewritetest

import (
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/rewrite"
)

// Case is a name, a small graph as Parse reads it, and the operators that cleaning leaves
// of it.
//
//	{"a name", `in x [N,2]; a = Neg(x); y = Relu(a)`, "Neg Relu"}
type Case [3]string

// Run cleans the graphs of a table, and holds each against the file's function and
// against the operators that must be left.
func Run(t *testing.T, cases []Case) {
	t.Helper()
	for _, c := range cases {
		name, text, want := c[0], c[1], c[2]
		t.Run(name, func(t *testing.T) {
			m := Parse(t, text)
			r := rewrite.Clean(m)
			if got := Operators(r.Model); got != want {
				t.Errorf("cleaned to %q, want %q:\n%s", got, want, Print(r.Model))
			}
			if err := PreparedFacts(m, 1); err != nil {
				t.Error(err)
			}
			if err := Keeps(m, r, 1, Tolerance); err != nil {
				t.Errorf("%v\n%s", err, Print(r.Model))
			}
		})
	}
}

// Operators are the operators of a model in their order.
func Operators(m *graph.Model) string {
	var all []string
	for _, n := range m.Graph.Nodes {
		all = append(all, n.OpType)
	}
	return strings.Join(all, " ")
}
