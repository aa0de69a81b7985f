package checker

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
	"github.com/gonn-toolkit/gonn/onnxio/internal/operators"
)

// body is a graph inside a node, with what is known of its outputs: the other graphs of the node
// may give the same names to other values.
type body struct {
	*graph.Graph
	types []operators.Type
	facts []ir.Fact
}

func (w *walker) body(g *graph.Graph) body {
	b := body{Graph: g}
	for _, v := range g.Outputs {
		b.types, b.facts = append(b.types, w.types[v.Name]), append(b.facts, w.g.Facts[v.Name])
	}
	return b
}

// bodyTypes are the types that the inputs of a graph inside a node have by what the node
// reads: a Loop gives its body the number of the round, the condition and what goes around, a
// Scan what goes around and a part of each of the rest.
func (w *walker) bodyTypes(n *graph.Node) (types []operators.Type) {
	from := 0
	switch {
	case !n.Standard():
		return nil
	case n.OpType == "Loop" && len(n.Inputs) >= 2:
		types, from = []operators.Type{"int64", "bool"}, 2
	case n.OpType == "Scan" && w.g.Opset >= 9:
	default:
		return nil
	}
	for _, name := range n.Inputs[from:] {
		types = append(types, w.types[name])
	}
	return types
}

// branchTypes are the types of the results of control flow, which graphs inside the node
// give; nil for other nodes.
func (w *walker) branchTypes(n *graph.Node, inner map[string]body, in string) []operators.Type {
	if !n.Standard() {
		return nil
	}
	out := make([]operators.Type, len(n.Outputs))
	switch n.OpType {
	case "If":
		then, otherwise := inner["then_branch"], inner["else_branch"]
		if len(then.Outputs) != len(n.Outputs) || len(otherwise.Outputs) != len(n.Outputs) {
			w.nodeProblem(in, n, "it has %d outputs, its branches give %d and %d", len(n.Outputs), len(then.Outputs), len(otherwise.Outputs))
			return out
		}
		for i := range out {
			a, b := then.types[i], otherwise.types[i]
			if a != "" && b != "" && a != b {
				w.nodeProblem(in, n, "output %d %q is %s of one branch and %s of the other", i, n.Outputs[i], a, b)
			}
			if out[i] = a; a == "" {
				out[i] = b
			}
			if name := n.Outputs[i]; name != "" {
				w.g.Facts[name] = w.either(name, then.facts[i], otherwise.facts[i])
			}
		}
	case "Loop":
		w.loopTypes(n, inner["body"], in, out)
	case "Scan":
		w.scanTypes(n, inner["body"], in, out)
	default:
		return nil
	}
	return out
}

// loopTypes holds a loop against its body, and gives the types of its results.
func (w *walker) loopTypes(n *graph.Node, body body, in string, out []operators.Type) {
	carried := max(len(n.Inputs)-2, 0)
	if len(body.Inputs) != carried+2 {
		w.nodeProblem(in, n, "it has %d inputs, its body takes %d", len(n.Inputs), len(body.Inputs))
		return
	}
	if len(body.Outputs) != len(n.Outputs)+1 {
		w.nodeProblem(in, n, "it has %d outputs, its body gives %d and the condition", len(n.Outputs), len(body.Outputs)-1)
		return
	}
	for i := range out {
		out[i] = body.types[i+1]
		if i >= carried {
			continue
		}
		from := n.Inputs[i+2]
		for _, t := range []operators.Type{w.types[from], w.types[body.Inputs[i+2].Name]} {
			if t != "" && out[i] != "" && t != out[i] {
				w.nodeProblem(in, n, "input %d %q has type %s, its body gives %s", i+2, from, t, out[i])
				break
			}
		}
	}
}

// scanTypes holds a Scan against its body, and gives the types of its results.
func (w *walker) scanTypes(n *graph.Node, body body, in string, out []operators.Type) {
	if scanned, err := n.Int("num_scan_inputs", 1); err != nil || scanned < 1 || scanned > int64(len(n.Inputs)) {
		w.nodeProblem(in, n, "attribute \"num_scan_inputs\" is %d, it has %d inputs", scanned, len(n.Inputs))
		return
	}
	if len(body.Outputs) != len(n.Outputs) {
		w.nodeProblem(in, n, "it has %d outputs, its body gives %d", len(n.Outputs), len(body.Outputs))
		return
	}
	for i := range out {
		out[i] = body.types[i]
	}
}

// either is what is known of a value that is a or b: the dimensions in which these agree.
func (w *walker) either(name string, a, b ir.Fact) ir.Fact {
	x, y := a.Dims(), b.Dims()
	if x == nil || len(x) != len(y) {
		return ir.Fact{}
	}
	f := ir.Fact{}
	for p := range f.Shape {
		f.Shape[p] = slices.Clone(x)
		for i := range x {
			if x[i] != y[i] || x[i] == ir.BatchDim {
				f.Shape[p][i] = w.sizes(symbol{value: name, axis: i})[p]
			}
		}
	}
	return f
}
