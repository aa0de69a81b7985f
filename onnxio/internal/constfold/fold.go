package constfold

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
	"github.com/gonn-toolkit/gonn/onnxio/internal/schema"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// Calculate enters the result of an operator on constants; ok is false if it cannot be
// computed, or would be too large.
func Calculate(g *ir.Graph, op string, attrs []*graph.Attr, operands ...string) (name string, ok bool) {
	n := &graph.Node{OpType: op, Attrs: attrs, Inputs: operands, Outputs: []string{operands[0]}}
	if !schema.Readable(n) || !affordable(g, n) {
		return "", false
	}
	var in []*graph.Tensor
	for _, o := range operands {
		in = append(in, g.Consts[o])
	}
	out := evaluated(g, n, in)
	if out == nil {
		return "", false
	}
	return g.AddConstant(out[0], operands[0], operands...), true
}

// FoldShapes makes the results of a node constants if they follow from the shapes of values
// and do not depend on the batch.
func FoldShapes(g *ir.Graph, n *graph.Node) bool {
	tensors := make([]*graph.Tensor, len(n.Outputs))
	for i, name := range n.Outputs {
		f := g.Facts[name]
		if name == "" || f.Data[0] == nil || f.Data[1] == nil || !slices.Equal(f.Data[0].Shape, f.Data[1].Shape) ||
			!slices.Equal(f.Data[0].Ints, f.Data[1].Ints) || !slices.Equal(f.Data[0].Floats, f.Data[1].Floats) {
			return false
		}
		t, err := f.Data[0].Graph(name)
		if err != nil {
			return false
		}
		tensors[i] = t
	}
	for i, name := range n.Outputs {
		g.AddComputed(name, tensors[i], n)
	}
	return len(n.Outputs) > 0
}

// Fold makes the results of a node constants if its operands are.
func Fold(g *ir.Graph, n *graph.Node) bool {
	if !schema.Readable(n) || !schema.Deterministic(n) || n.OpType != "Constant" && len(n.Inputs) == 0 {
		return false
	}
	for _, name := range n.Inputs {
		if name != "" && g.Consts[name] == nil {
			return false
		}
	}
	for _, made := range []func(*ir.Graph, *graph.Node) *graph.Tensor{reshaped, filled} {
		if t := made(g, n); t != nil {
			g.AddComputed(n.Outputs[0], t, n)
			return true
		}
	}
	if !affordable(g, n) {
		return false
	}
	if t := transposed(g, n); t != nil {
		g.AddComputed(n.Outputs[0], t, n)
		return true
	}
	var in []*graph.Tensor
	for _, name := range n.Inputs {
		in = append(in, g.Consts[name])
	}
	out := evaluated(g, n, in)
	if out == nil {
		return false
	}
	keep(g, n, out)
	return true
}

// evaluated computes a node of constants; nil if that cannot be done within what is left of the
// budget, which is taken from by the shapes: the evaluator estimates it by itself.
func evaluated(g *ir.Graph, n *graph.Node, operands []*graph.Tensor) []*graph.Tensor {
	in := make([]*reference.Tensor, len(operands))
	elements := g.Elements
	for k, t := range operands {
		if t == nil {
			continue
		}
		var err error
		if in[k], err = reference.FromGraph(t); err != nil {
			return nil
		}
		elements += int64(in[k].Len())
	}
	out, err := reference.EvalWithin(n, g.Target, in, reference.Limits{Memory: foldedMemory + bytesPerElement*elements, Operations: foldedOperations + g.Steps})
	if err != nil {
		return nil
	}
	tensors := make([]*graph.Tensor, len(n.Outputs))
	for i, name := range n.Outputs {
		if tensors[i], err = out[i].Graph(name); err != nil {
			return nil
		}
	}
	return tensors
}

// keep enters a node's results as constants.
func keep(g *ir.Graph, n *graph.Node, tensors []*graph.Tensor) {
	for i, name := range n.Outputs {
		if name == "" {
			continue
		}
		g.AddComputed(name, tensors[i], n)
	}
}
