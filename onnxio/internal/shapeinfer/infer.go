package shapeinfer

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
	"github.com/gonn-toolkit/gonn/onnxio/internal/operators"
	"github.com/gonn-toolkit/gonn/onnxio/internal/schema"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// mostData is the largest number of elements of a value that is followed as data when it
// depends on the batch. Shapes and axes have a few.
const mostData = 64

// dataLimits are ample for such values.
var dataLimits = reference.Limits{Memory: 1 << 20, Operations: 1 << 20}

// Open states what the file says of the inputs and constants.
func Open(g *ir.Graph) {
	for _, v := range g.Inputs {
		f := ir.Fact{Type: v.Type}
		for p := range f.Shape {
			f.Shape[p] = probe(v, p)
		}
		g.Facts[v.Name] = f
	}
	for name, t := range g.Consts {
		g.Facts[name] = ir.ConstFact(t)
	}
}

// probe is the shape of an input under one size of the batch, which is its first axis.
func probe(v *graph.Value, p int) []int {
	if !v.HasShape {
		return nil
	}
	shape := make([]int, len(v.Shape))
	for i, d := range v.Shape {
		switch {
		case d.Known():
			shape[i] = ir.ToInt(d.Size)
		case i == 0:
			shape[i] = ir.Batches[p]
		default:
			return nil
		}
	}
	return ir.Sane(shape)
}

// dataOf is a value under one size of the batch if it is known and small, else nil.
func dataOf(g *ir.Graph, name string, p int) *reference.Tensor {
	if t := g.Consts[name]; t != nil {
		if n, err := t.Len(); err != nil || n > mostData {
			return nil
		}
		v, err := reference.FromGraph(t)
		if err != nil {
			return nil
		}
		return v
	}
	return g.Facts[name].Data[p]
}

// resultTypes are the element types of the results of a node that can be read.
func resultTypes(g *ir.Graph, n *graph.Node) []operators.Type {
	in := make([]operators.Type, len(n.Inputs))
	for k, name := range n.Inputs {
		in[k] = operators.TensorOf(g.Facts[name].Type)
	}
	// A type that the operator does not take is no fact's business.
	out, _ := operators.Nearest("", n.OpType, g.Target).ResultTypes(n, in)
	return out
}

// Infer enters the facts of a node's results.
func Infer(g *ir.Graph, n *graph.Node) {
	out := make([]ir.Fact, len(n.Outputs))
	if schema.Readable(n) {
		for i, t := range resultTypes(g, n) {
			out[i].Type = t.Elements()
		}
		for p := range ir.Batches {
			inferUnder(g, n, p, out)
		}
	}
	for i, name := range n.Outputs {
		if name != "" {
			g.Facts[name] = out[i]
		}
	}
}

// inferUnder works a node out under one size of the batch: its values if those of its
// operands are known, else the shapes of its results.
func inferUnder(g *ir.Graph, n *graph.Node, p int, out []ir.Fact) {
	if n.OpType == "Shape" {
		if s := g.Facts[n.Inputs[0]].Shape[p]; s != nil {
			if d := shapeData(n, s); d != nil {
				out[0].Data[p], out[0].Shape[p] = d, []int{len(d.Ints)}
			}
		}
		return
	}
	if results := evaluate(g, n, p); results != nil {
		for i := range out {
			out[i].Data[p], out[i].Shape[p], out[i].Type = results[i], append([]int{}, results[i].Shape...), results[i].Type
		}
		return
	}
	for i, s := range Shapes(g, n, p) {
		if i < len(out) {
			out[i].Shape[p] = s
		}
	}
}

// shapeData is what Shape gives for a value of shape s.
func shapeData(n *graph.Node, s []int) *reference.Tensor {
	x := &reference.Tensor{Type: graph.Int64, Shape: []int{len(s)}}
	for _, d := range s {
		x.Ints = append(x.Ints, int64(d))
	}
	start, err1 := n.Int("start", 0)
	end, err2 := n.Int("end", int64(len(s)))
	if err1 != nil || err2 != nil {
		return nil
	}
	from, to := ClampAxis(start, len(s)), ClampAxis(end, len(s))
	x.Ints = x.Ints[from:max(from, to)]
	x.Shape[0] = len(x.Ints)
	return x
}

// evaluate computes a node whose operands are all known and small, as its results must be;
// nil if they are not.
func evaluate(g *ir.Graph, n *graph.Node, p int) []*reference.Tensor {
	if !schema.Deterministic(n) || len(n.Inputs) == 0 {
		return nil
	}
	in := make([]*reference.Tensor, len(n.Inputs))
	for k, name := range n.Inputs {
		if name == "" {
			continue
		}
		if in[k] = dataOf(g, name, p); in[k] == nil {
			return nil
		}
	}
	shapes := Shapes(g, n, p)
	if !Bounded(n.OpType) &&
		(len(shapes) < len(n.Outputs) || slices.ContainsFunc(shapes, func(s []int) bool { return s == nil || ir.Volume(s) > mostData })) {
		return nil
	}
	out, err := reference.EvalWithin(n, g.Target, in, dataLimits)
	if err != nil || len(out) < len(n.Outputs) || slices.ContainsFunc(out, func(t *reference.Tensor) bool { return t.Len() > mostData }) {
		return nil
	}
	return out
}
