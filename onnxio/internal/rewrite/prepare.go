package rewrite

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/canonical"
	"github.com/gonn-toolkit/gonn/onnxio/internal/constfold"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
	"github.com/gonn-toolkit/gonn/onnxio/internal/opset"
	"github.com/gonn-toolkit/gonn/onnxio/internal/schema"
	"github.com/gonn-toolkit/gonn/onnxio/internal/shapeinfer"
)

// fold goes through the nodes once. It brings each to the form of today, computes those
// that depend only on constants, takes out those that change nothing, and works out the
// facts of the rest. What then nobody reads is dropped.
//
// alias are the values that were passed on unchanged, and what from.
func fold(g *ir.Graph) (alias map[string]string) {
	shapeinfer.Open(g)
	g.Index() // for who reads what
	g.Maker = map[string]*graph.Node{}
	alias = map[string]string{}
	upgrader := opset.Upgrader{Graph: g}
	var kept []*graph.Node
	for _, n := range g.Nodes {
		n = reading(g, n, alias)
		left := 0
		for _, l := range upgrader.Upgrade(n) {
			l = reading(g, l, alias)
			if constfold.Fold(g, l) {
				continue
			}
			l = canonical.Form(g, l)
			shapeinfer.Infer(g, l)
			if constfold.FoldShapes(g, l) {
				continue
			}
			left++
			if to := canonical.PassesOn(g, l); to != "" {
				alias[l.Outputs[0]] = to
				g.Moved = append(g.Moved, g.From[l]...)
				continue
			}
			kept = append(kept, l)
			for _, out := range l.Outputs {
				g.Maker[out] = l
			}
		}
		if left == 0 {
			g.Folded = append(g.Folded, g.From[n]...)
		}
	}
	g.Nodes = kept
	g.Outputs = renamed(g, g.Outputs, alias)
	knownShapes(g)
	g.Folded = append(g.Folded, g.DropUnread()...)
	return alias
}

// knownShapes gives each Reshape to a computed shape the numbers, where they are known, with
// -1 for the batch: what computes them is not read any more.
func knownShapes(g *ir.Graph) {
	for i, n := range g.Nodes {
		if n.OpType != "Reshape" || !schema.Readable(n) || len(n.Outputs) != 1 || g.Consts[n.Inputs[1]] != nil || g.ReshapableSizes(n.Inputs[0]) == nil {
			continue
		}
		if shape := g.ReshapableSizes(n.Outputs[0]); shape != nil {
			c := g.CopyOf(n)
			c.Inputs[1] = g.AddShape(n.Outputs[0], shape)
			g.Nodes[i] = c
		}
	}
}

// reading is a node with operands taken from where they were passed on from.
func reading(g *ir.Graph, n *graph.Node, alias map[string]string) *graph.Node {
	if !slices.ContainsFunc(n.Inputs, func(in string) bool { return alias[in] != "" }) {
		return n
	}
	c := *n
	c.Inputs = slices.Clone(n.Inputs)
	for k, in := range c.Inputs {
		if to := alias[in]; to != "" {
			c.Inputs[k] = to
		}
	}
	return g.Like(&c, n)
}

// renamed are outputs under the names of the values that they were passed on from. An
// output that is an input stays apart from it.
func renamed(g *ir.Graph, outputs []*graph.Value, alias map[string]string) []*graph.Value {
	var out []*graph.Value
	for _, v := range outputs {
		to := alias[v.Name]
		switch {
		case to == "":
		case g.IsInput(to):
			same := &graph.Node{OpType: "Identity", Inputs: []string{to}, Outputs: []string{v.Name}}
			g.Nodes = append(g.Nodes, same)
		default:
			c := *v
			c.Name = to
			v = &c
		}
		out = append(out, v)
	}
	return out
}
