package onnxio

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// otherFloats are the types of numbers with a fraction that a network, which has float32,
// takes for that.
var otherFloats = []graph.DataType{graph.Float16, graph.BFloat16, graph.Double}

// inFloats is a model with FLOAT in the place of the other types of fractions, and a note
// that says so. A model that has FLOAT inputs and no Cast to 16 bits is given as it is:
// tools for mixed precision leave the ends in FLOAT and put Casts between.
func inFloats(m *graph.Model) (*graph.Model, []string, error) {
	if !slices.ContainsFunc(m.Graph.Feeds(), otherInput) && !slices.ContainsFunc(m.Graph.Nodes, castsTo16) {
		return m, nil, nil
	}
	f := &floats{}
	g := *m.Graph
	g.Inputs, g.Outputs = f.ends(g.Inputs), f.ends(g.Outputs)
	g.Initializers = slices.Clone(g.Initializers)
	for i, t := range g.Initializers {
		g.Initializers[i] = f.tensor(t)
	}
	g.Nodes = slices.Clone(g.Nodes)
	for i, n := range g.Nodes {
		g.Nodes[i] = f.node(n)
	}
	c := *m
	c.Graph = &g
	return &c, []string{fmt.Sprintf("the file computes in %s; the network in FLOAT", strings.Join(f.seen, " and "))}, f.err
}

// floatRounding is how far the numbers of a file may lie from what they stand for, relative
// to them.
const floatRounding = 3e-7

// roundingOf is the same for a file that may have numbers of fewer bits.
func roundingOf(m *graph.Model) float64 {
	most := floatRounding
	see := func(t *graph.Tensor) {
		switch t.Type {
		case graph.Float16:
			most = max(most, 0x1p-11)
		case graph.BFloat16:
			most = max(most, 0x1p-8)
		}
	}
	for _, t := range m.Graph.Initializers {
		see(t)
	}
	for _, n := range m.Graph.Nodes {
		for _, a := range n.Attrs {
			if t, ok := a.Value.(*graph.Tensor); ok {
				see(t)
			}
		}
	}
	return most
}

func otherInput(v *graph.Value) bool { return slices.Contains(otherFloats, v.Type) }

func castsTo16(n *graph.Node) bool {
	to, err := n.Int("to", 0)
	return n.Standard() && n.OpType == "Cast" && err == nil && (graph.DataType(to) == graph.Float16 || graph.DataType(to) == graph.BFloat16)
}

// floats replaces types.
type floats struct {
	seen []string // the types that were there
	err  error
}

// other reports whether a type is to be replaced.
func (f *floats) other(t graph.DataType) bool {
	if !slices.Contains(otherFloats, t) {
		return false
	}
	if name := t.String(); !slices.Contains(f.seen, name) {
		f.seen = append(f.seen, name)
	}
	return true
}

func (f *floats) ends(values []*graph.Value) []*graph.Value {
	values = slices.Clone(values)
	for i, v := range values {
		if f.other(v.Type) {
			c := *v
			c.Type = graph.Float
			values[i] = &c
		}
	}
	return values
}

func (f *floats) tensor(t *graph.Tensor) *graph.Tensor {
	if !f.other(t.Type) {
		return t
	}
	v, err := t.Float64s()
	if i := slices.IndexFunc(v, func(x float64) bool { return math.Abs(x) > math.MaxFloat32 && !math.IsInf(x, 0) }); i >= 0 {
		err = fmt.Errorf("tensor %q: element %d is %g, which float32 does not hold", t.Name, i, v[i])
	}
	if err == nil {
		t, err = graph.FromFloat64s(t.Name, graph.Float, t.Dims, v)
	}
	if err != nil && f.err == nil {
		f.err = err
	}
	return t
}

// node is a node with the tensors that it holds and the type that a Cast gives.
func (f *floats) node(n *graph.Node) *graph.Node {
	attrs := slices.Clone(n.Attrs)
	changed := false
	for i, a := range attrs {
		switch v := a.Value.(type) {
		case *graph.Tensor:
			if t := f.tensor(v); t != v {
				attrs[i], changed = &graph.Attr{Name: a.Name, Value: t}, true
			}
		case int64:
			if n.Standard() && n.OpType == "Cast" && a.Name == "to" && f.other(graph.DataType(v)) {
				attrs[i], changed = graph.IntAttr("to", int64(graph.Float)), true
			}
		}
	}
	if !changed {
		return n
	}
	c := *n
	c.Attrs = attrs
	return &c
}
