package onnxio

import (
	"errors"
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// LayerWriter writes the nodes of one layer. Values are named: an operand is the name of what
// an input, a parameter, a constant or another node gives.
type LayerWriter struct {
	e       *exporter
	format  *LayerFormat
	n       *nn.Node
	written map[string]bool // parameters
	results int
	err     error // the first mistake
}

// Layer is the layer that is written.
func (w *LayerWriter) Layer() nn.Layer { return w.n.Layer }

// Opset is the version of ONNX's own operators in the file, one of WriteOpsets.
func (w *LayerWriter) Opset() int64 { return w.e.opset }

// NumInputs is the number of the layer's inputs.
func (w *LayerWriter) NumInputs() int { return len(w.n.Inputs) }

// Input is the name of input k, which is below NumInputs.
func (w *LayerWriter) Input(k int) string { return w.n.Inputs[k] }

// InputShape is the shape of a sample of input k.
func (w *LayerWriter) InputShape(k int) nn.Shape {
	if from := w.e.net.Node(w.n.Inputs[k]); from != nil {
		return from.Shape
	}
	return w.e.net.InputShape()
}

// Shape is the shape of a sample of the layer's output.
func (w *LayerWriter) Shape() nn.Shape { return w.n.Shape }

// Param makes a parameter of the layer an initializer and returns its name, such as
// conv1.weight for the weight of conv1.
func (w *LayerWriter) Param(name string) string {
	i := slices.IndexFunc(w.n.Params, func(p *nn.Param) bool { return p.Name == name })
	if i < 0 {
		w.fail("the layer has no parameter %q", name)
		return ""
	}
	p := w.n.Params[i]
	if w.written[name] {
		return p.FullName()
	}
	w.written[name] = true
	return w.e.param(p)
}

// Operands are the names of the inputs and then of the parameters, in the layer's order,
// which is what most operators take.
func (w *LayerWriter) Operands() []string {
	names := slices.Clone(w.n.Inputs)
	for _, p := range w.n.Params {
		names = append(names, w.Param(p.Name))
	}
	return names
}

// Constant writes a tensor as a Constant node and returns its name, which is the given one
// behind that of the layer.
func (w *LayerWriter) Constant(name string, t *graph.Tensor) string {
	c := *t
	c.Name = w.n.Name + "." + name
	return w.e.tensorConstant(&c)
}

// Number is Constant for one number without axes.
func (w *LayerWriter) Number(name string, v float32) string {
	return w.Constant(name, graph.Float32Tensor("", nil, []float32{v}))
}

// Inner writes a node whose result only other nodes of the layer read, and returns the name
// of that: the given one behind the layer's. shape is that of a sample of it; nil is not
// known.
func (w *LayerWriter) Inner(name string, shape nn.Shape, op string, inputs []string, attrs ...*graph.Attr) string {
	value := w.n.Name + "." + name
	if w.e.taken[value] {
		w.fail("the inner value %q has the name of another", value)
	}
	w.e.taken[value] = true
	w.node(value, value, op, inputs, attrs)
	if shape != nil {
		w.e.describe(value, shape)
	}
	return value
}

// Result writes the node that gives the layer's result. It must be called once.
func (w *LayerWriter) Result(op string, inputs []string, attrs ...*graph.Attr) {
	w.results++
	w.node(w.n.Name, w.e.output(w.n), op, inputs, attrs)
}

func (w *LayerWriter) node(name, output, op string, inputs []string, attrs []*graph.Attr) {
	domain, opType := splitOperator(op)
	if domain != "" {
		w.e.importDomain(domain, w.format.Version)
	}
	w.e.graph.Nodes = append(w.e.graph.Nodes, &graph.Node{
		Name: name, Domain: domain, OpType: opType, Inputs: slices.Clone(inputs), Outputs: []string{output}, Attrs: attrs,
	})
}

func (w *LayerWriter) fail(format string, args ...any) {
	if w.err == nil {
		w.err = fmt.Errorf(format, args...)
	}
}

// finish is an error if a format's Write has not written the layer.
func (w *LayerWriter) finish() error {
	if w.err == nil && w.results != 1 {
		w.fail("its format's Write has called Result %d times, need once", w.results)
	}
	for _, p := range w.n.Params {
		if w.err == nil && !w.written[p.Name] {
			w.fail("its format's Write has not written the parameter %q", p.Name)
		}
	}
	return w.err
}

// write writes a layer in its format.
func (f *LayerFormat) write(e *exporter, n *nn.Node) error {
	w := &LayerWriter{e: e, format: f, n: n, written: map[string]bool{}}
	return errors.Join(f.Write(w), w.finish())
}
