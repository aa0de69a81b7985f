package reference

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// Inference gives a model as it answers: what was exported in training mode normalises with
// the running statistics of the file and drops nothing. It is the model itself where no node
// trains. Notes say what was changed, one sentence each.
func Inference(m *graph.Model) (model *graph.Model, notes []string) {
	changed := inferenceChanges{quiet: map[string]bool{}}
	g := changed.graph(m.Graph, m.Opset(""))
	if changed.norms > 0 {
		notes = append(notes, fmt.Sprintf("%d BatchNormalization of training: runs with the file's running statistics, as in inference", changed.norms))
	}
	if changed.dropouts > 0 {
		notes = append(notes, fmt.Sprintf("%d Dropout of training: lets everything pass, as in inference", changed.dropouts))
	}
	if len(notes) == 0 {
		return m, nil
	}
	c := *m
	c.Graph = g
	return &c, notes
}

// inferenceChanges counts the nodes that were of training.
type inferenceChanges struct {
	norms, dropouts int
	quiet           map[string]bool // constants that are false
}

// graph copies a graph and those inside its nodes, as far as something changes.
func (c *inferenceChanges) graph(g *graph.Graph, opset int64) *graph.Graph {
	if g == nil { // the model's check says so
		return nil
	}
	norms, dropouts := c.norms, c.dropouts
	c.findQuiet(g)
	inner := *g
	inner.Nodes = nil
	for _, n := range g.Nodes {
		inner.Nodes = append(inner.Nodes, c.node(n, opset)...)
	}
	if c.norms == norms && c.dropouts == dropouts {
		return g
	}
	return &inner
}

// findQuiet notes the constants of a graph that are false.
func (c *inferenceChanges) findQuiet(g *graph.Graph) {
	note := func(name string, t *graph.Tensor) {
		if v, err := FromGraph(t); err == nil && v.Type == graph.Bool && len(v.Ints) == 1 && v.Ints[0] == 0 {
			c.quiet[name] = true
		}
	}
	for _, t := range g.Initializers {
		if t.Type == graph.Bool {
			note(t.Name, t)
		}
	}
	for _, n := range g.Nodes {
		if a := n.Attr("value"); n.OpType == "Constant" && a != nil && len(n.Outputs) == 1 {
			if t, ok := a.Value.(*graph.Tensor); ok && t.Type == graph.Bool {
				note(n.Outputs[0], t)
			}
		}
	}
}

// node is what stands for a node in inference.
func (c *inferenceChanges) node(n *graph.Node, opset int64) []*graph.Node {
	trains, err := n.TrainsNorm(opset)
	switch {
	case !n.Standard():
	case n.OpType == "Dropout" && opset >= 12 && len(n.Inputs) > 2 && n.Inputs[2] != "" && !c.quiet[n.Inputs[2]]:
		quiet := *n
		quiet.Inputs = n.Inputs[:2]
		c.dropouts++
		return []*graph.Node{&quiet}
	case err == nil && trains && len(n.Inputs) == 5 && len(n.Outputs) > 0:
		c.norms++
		return runningNorm(n, opset)
	}
	return []*graph.Node{c.within(n, opset)}
}

// within is a node with the graphs inside it in inference.
func (c *inferenceChanges) within(n *graph.Node, opset int64) *graph.Node {
	attrs := slices.Clone(n.Attrs)
	changed := false
	for i, a := range attrs {
		g, ok := a.Value.(*graph.Graph)
		if !ok {
			continue
		}
		if inner := c.graph(g, opset); inner != g {
			attrs[i], changed = &graph.Attr{Name: a.Name, Value: inner}, true
		}
	}
	if !changed {
		return n
	}
	outer := *n
	outer.Attrs = attrs
	return &outer
}

// runningNorm is a BatchNormalization that takes the running statistics for those of the
// batch. What it gave of them besides stays as it was.
func runningNorm(n *graph.Node, opset int64) []*graph.Node {
	nodes := []*graph.Node{n.InferenceNorm(opset)}
	for k, out := range n.Outputs {
		if k > 0 && out != "" { // mean, variance, and before opset 14 once more
			nodes = append(nodes, &graph.Node{OpType: "Identity", Inputs: []string{n.Inputs[3+(k-1)%2]}, Outputs: []string{out}})
		}
	}
	return nodes
}
