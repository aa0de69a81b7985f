package gorgonia

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// site is a node of the model for which a rule writes clean nodes.
type site struct {
	*lowering
	node *graph.Node
}

// x is the name of input k.
func (s *site) x(k int) string { return s.node.Inputs[k] }

// shape is the shape of input k, with the batch.
func (s *site) shape(k int) []int64 { return s.shapes[s.x(k)] }

// op writes a clean node inside the rule and gives the name of its result.
func (s *site) op(op string, in ...string) string {
	out := s.unique(s.node.Outputs[0] + "." + op)
	s.write(op, out, in, nil)
	return out
}

// result writes the clean node that gives what the model's node gives.
func (s *site) result(op string, in []string, attrs ...*graph.Attr) {
	s.write(op, s.node.Outputs[0], in, attrs)
}

// write adds a node. An operand that is there twice goes through an Identity: onnx-go
// keeps one edge from a node to another and so loses one of the operands.
func (s *site) write(op, out string, in []string, attrs []*graph.Attr) {
	in = slices.Clone(in)
	for i := range in {
		if slices.Contains(in[:i], in[i]) {
			in[i] = s.op("Identity", in[i])
		}
	}
	s.graph.Nodes = append(s.graph.Nodes, &graph.Node{Name: out, OpType: op, Inputs: in, Outputs: []string{out}, Attrs: attrs})
}

// number gives a constant to be used with values of the shape of input 0.
func (s *site) number(v float32) string {
	name := fmt.Sprintf("%s=%g", s.node.Outputs[0], v)
	return s.keep(graph.Float32Tensor(name, nil, []float32{v}), beside(nil, s.shape(0)))
}

// constant gives input k, a constant, to be used with values of a shape.
func (s *site) constant(k int, shape []int64) (string, error) {
	t := *s.constants[s.x(k)]
	if len(t.Dims) >= max(2, len(shape)) {
		return "", fmt.Errorf("constant %q has shape %v, which onnx-go does not broadcast to %v", s.x(k), t.Dims, shape)
	}
	t.Name = s.x(k)
	return s.keep(&t, beside(t.Dims, shape)), nil
}

// beside gives dims as many axes as onnx-go needs to broadcast them to a shape as ONNX
// does: [C,H,W] to [N,C,H,W], and [1,K] to [N,K]. With fewer it guesses the axis by its
// size, with more it gives up.
func beside(dims, shape []int64) []int64 {
	axes := max(2, len(shape)-1)
	return append(slices.Repeat([]int64{1}, axes-len(dims)), dims...)
}

// keep makes a constant of the model an initializer of the clean graph, with other dims.
func (s *site) keep(t *graph.Tensor, dims []int64) string {
	key := fmt.Sprint(t.Name, dims)
	if s.kept[key] == "" {
		copied := *t
		copied.Name, copied.Dims = s.unique(t.Name), dims
		s.graph.Initializers = append(s.graph.Initializers, &copied)
		s.kept[key] = copied.Name
	}
	return s.kept[key]
}
