package onnxio

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// A file that was exported for training normalises by the statistics of the batch and drops
// at random. A network trains like that, and predicts by the running statistics, which are in
// the file: its BatchNormalizations are read as those of inference, and what they give
// besides their result is left out.

// readAsTrained is a model with the BatchNormalizations of training as those of inference,
// with a note that names them. One whose running statistics other nodes compute with stays
// as it is.
func readAsTrained(m *graph.Model) (*graph.Model, []string, error) {
	t := training{opset: m.Opset(""), statistics: map[string]*graph.Node{}, keep: map[*graph.Node]bool{}}
	for _, n := range m.Graph.Nodes {
		t.follow(n)
	}
	names := t.names(m.Graph.Nodes)
	if names == nil {
		return m, nil, nil
	}
	g := *m.Graph
	g.Nodes = nil
	for _, n := range m.Graph.Nodes {
		switch {
		case t.trains(n) && !t.keep[n]:
			g.Nodes = append(g.Nodes, n.InferenceNorm(t.opset))
		case !t.gone(n):
			g.Nodes = append(g.Nodes, n)
		}
	}
	g.Outputs = slices.DeleteFunc(slices.Clone(g.Outputs), func(v *graph.Value) bool {
		from := t.statistics[v.Name]
		return from != nil && !t.keep[from]
	})
	c := *m
	c.Graph = &g
	return &c, []string{fmt.Sprintf("the file was made for training: %s %s read as a BatchNorm layer that predicts by the file's running statistics, and follows the batches when it is trained",
		strings.Join(names, ", "), map[bool]string{true: "is", false: "are each"}[len(names) == 1])}, nil
}

// training finds the BatchNormalizations of training.
type training struct {
	opset      int64
	statistics map[string]*graph.Node // the node that computes a running statistic, under all its names
	keep       map[*graph.Node]bool   // whose statistics other nodes compute with
}

// trains reports whether a node is a BatchNormalization of training.
func (t *training) trains(n *graph.Node) bool {
	trains, err := n.TrainsNorm(t.opset)
	return err == nil && trains && len(n.Outputs) > 0 && n.Outputs[0] != ""
}

// follow notes the statistics that a node gives, or passes on, and who reads them.
func (t *training) follow(n *graph.Node) {
	if t.trains(n) {
		for _, out := range n.Outputs[1:] {
			if out != "" {
				t.statistics[out] = n
			}
		}
	}
	for k, in := range n.Inputs {
		from := t.statistics[in]
		switch {
		case from == nil:
		case k == 0 && (n.OpType == "Identity" || n.OpType == "Cast") && n.Standard() && len(n.Outputs) == 1:
			t.statistics[n.Outputs[0]] = from
		default:
			t.keep[from] = true
		}
	}
	for _, a := range n.Attrs {
		if g, ok := a.Value.(*graph.Graph); ok {
			t.readInside(g)
		}
	}
}

func (t *training) readInside(g *graph.Graph) {
	for _, n := range g.Nodes {
		for _, in := range n.Inputs {
			if from := t.statistics[in]; from != nil {
				t.keep[from] = true
			}
		}
		for _, a := range n.Attrs {
			if inner, ok := a.Value.(*graph.Graph); ok {
				t.readInside(inner)
			}
		}
	}
}

// gone reports whether a node only passes on statistics that are left out.
func (t *training) gone(n *graph.Node) bool {
	if len(n.Outputs) != 1 || n.OpType == "BatchNormalization" {
		return false
	}
	from := t.statistics[n.Outputs[0]]
	return from != nil && !t.keep[from]
}

// mostNamed bounds the nodes that a note names.
const mostNamed = 4

// names are those of the nodes that are read otherwise; nil if there are none.
func (t *training) names(nodes []*graph.Node) (names []string) {
	more := 0
	for _, n := range nodes {
		switch {
		case !t.trains(n) || t.keep[n]:
		case len(names) < mostNamed:
			names = append(names, n.Label())
		default:
			more++
		}
	}
	if more > 0 {
		names = append(names, fmt.Sprintf("%d more", more))
	}
	return names
}
