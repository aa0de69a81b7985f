package gorgonia

import (
	"errors"
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// What a clean file is written in. Its operators mean the same here as in the older
// operator sets that onnx-go was made for.
const (
	cleanIR    = 7
	cleanOpset = 13
)

// lower rewrites a model that onnxio.Export gave, for batches of one size, in the few
// operators that Gorgonia computes rightly through onnx-go. The function stays the same.
// What cannot be said in them is an error that names all its nodes, which have the names
// of the layers.
//
// Initializers keep their names, but may get other dims; those in transposed are
// matrices turned around, by their name.
func lower(m *graph.Model, batch int) (clean *graph.Model, transposed map[string]bool, err error) {
	l := &lowering{
		graph:  &graph.Graph{Name: "clean"},
		shapes: map[string][]int64{}, constants: map[string]*graph.Tensor{},
		taken: map[string]bool{}, kept: map[string]string{}, transposed: map[string]bool{},
	}
	var errs []error
	for _, v := range slices.Concat(m.Graph.Inputs, m.Graph.ValueInfo, m.Graph.Outputs) {
		shape, err := shapeOf(v, batch)
		errs = append(errs, err)
		l.shapes[v.Name] = shape
		l.taken[v.Name] = true
	}
	for _, t := range m.Graph.Initializers {
		l.constants[t.Name] = t
	}
	l.graph.Inputs = l.values(m.Graph.Inputs)
	l.graph.Outputs = l.values(m.Graph.Outputs)
	for _, n := range m.Graph.Nodes {
		if err := l.node(n); err != nil {
			errs = append(errs, fmt.Errorf("layer %q (%s): %w", n.Name, n.OpType, err))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, nil, err
	}
	clean = &graph.Model{
		IRVersion: cleanIR, Producer: "gonn", Opsets: []graph.Opset{{Version: cleanOpset}}, Graph: l.graph,
	}
	return clean, l.transposed, clean.Check()
}

// lowering collects the clean graph.
type lowering struct {
	graph      *graph.Graph
	shapes     map[string][]int64       // of the model's values, with the batch
	constants  map[string]*graph.Tensor // of the model, by name
	taken      map[string]bool          // names of values
	kept       map[string]string        // initializers of the clean graph, by constant and dims
	transposed map[string]bool
}

// shapeOf is the shape of a value whose only symbol is the batch.
func shapeOf(v *graph.Value, batch int) ([]int64, error) {
	var shape []int64
	for i, d := range v.Shape {
		switch {
		case d.Known():
			shape = append(shape, d.Size)
		case i == 0:
			shape = append(shape, int64(batch))
		default:
			return nil, fmt.Errorf("value %q: axis %d has no fixed size", v.Name, i)
		}
	}
	return shape, nil
}

// values gives values with the batch fixed: onnx-go drops an axis whose size is a symbol.
func (l *lowering) values(of []*graph.Value) (fixed []*graph.Value) {
	for _, v := range of {
		f := &graph.Value{Name: v.Name, Type: v.Type, HasShape: true}
		for _, d := range l.shapes[v.Name] {
			f.Shape = append(f.Shape, graph.Dim{Size: d})
		}
		fixed = append(fixed, f)
	}
	return fixed
}

// node rewrites one node by the rule of its operator.
func (l *lowering) node(n *graph.Node) error {
	if n.OpType == "Constant" {
		a := n.Attr("value")
		if a == nil || a.Kind() != graph.KindTensor {
			return errors.New("it holds no tensor")
		}
		l.constants[n.Outputs[0]] = a.Value.(*graph.Tensor)
		return nil
	}
	rule := rules[n.OpType]
	if rule == nil {
		return fmt.Errorf("onnx-go's Gorgonia has nothing that computes %s", n.OpType)
	}
	return rule(&site{l, n})
}

// unique is a name that no value has yet.
func (l *lowering) unique(name string) string {
	base := name
	for i := 2; l.taken[name]; i++ {
		name = fmt.Sprintf("%s_%d", base, i)
	}
	l.taken[name] = true
	return name
}
