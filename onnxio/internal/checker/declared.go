package checker

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
	"github.com/gonn-toolkit/gonn/onnxio/internal/operators"
)

// declaration is what a graph says of a value: as an output, or in value_info.
type declaration struct {
	as string // output 0, value_info
	*graph.Value
}

// declarations are the ones of inner values of a graph, by their names. Its outputs are
// compared in the end, as they may be inputs or constants.
func declarations(g *graph.Graph) map[string][]declaration {
	all := map[string][]declaration{}
	for _, v := range g.ValueInfo {
		all[v.Name] = append(all[v.Name], declaration{"value_info", v})
	}
	return all
}

// start enters the inputs and initializers of a graph. An initializer that is an input too is
// held against what this says.
func (w *walker) start(g *graph.Graph, given []operators.Type, in string) {
	inputs := map[string]*graph.Value{}
	for i, v := range g.Inputs {
		inputs[v.Name] = v
		w.forget(v.Name)
		w.declare(v)
		if i >= len(given) || given[i] == "" {
			continue
		}
		if t := w.types[v.Name]; t != "" && t != given[i] {
			w.problem(fmt.Sprintf("%sinput %d %q", in, i, v.Name), "it is declared as %s, the node gives it %s", t, given[i])
		}
		w.define(v.Name, given[i])
	}
	for _, t := range g.Initializers {
		w.constant(t)
		if v := inputs[t.Name]; v != nil {
			w.compare(in, t.Name, byInitializer, declaration{"input", v})
		}
		for _, d := range w.declared[t.Name] {
			w.compare(in, t.Name, byInitializer, d)
		}
	}
}

// forget drops what is known of a value of another graph that has the same name.
func (w *walker) forget(name string) {
	delete(w.g.Consts, name)
	delete(w.g.Facts, name)
	delete(w.types, name)
}

// constant enters a tensor of the file.
func (w *walker) constant(t *graph.Tensor) {
	w.g.Consts[t.Name] = t
	w.g.Facts[t.Name] = ir.ConstFact(t)
	w.types[t.Name] = operators.TensorOf(t.Type)
}

// declare enters what the file says of a value, as far as no more is known.
func (w *walker) declare(v *graph.Value) {
	f := w.g.Facts[v.Name]
	if w.types[v.Name] == "" {
		w.types[v.Name] = operators.TensorOf(v.Type)
		f.Type = v.Type
	}
	if f.Shape[0] == nil && v.HasShape {
		f.Shape = w.probes(v)
	}
	w.g.Facts[v.Name] = f
}

// agree holds a result of a node against what the graph says of it.
func (w *walker) agree(in, name string, n *graph.Node) {
	for _, d := range w.declared[name] {
		w.compare(in, name, func() string { return " by " + n.Label() }, d)
		w.declare(d.Value)
	}
}

func bySomething() string   { return "" }
func byInitializer() string { return " by its initializer" }

// compare holds what is known of a value against a declaration. by ends a message with where
// it is known from, and is called only if there is a problem.
func (w *walker) compare(in, name string, by func() string, d declaration) {
	where := func() string { return fmt.Sprintf("%s%s %q", in, d.as, name) }
	if t := w.types[name]; t != "" && d.Type != graph.Undefined && operators.TensorOf(d.Type) != t {
		w.problem(where(), "it is declared as %s, but is %s%s", d.Type, t, by())
	}
	dims := w.g.Facts.Dims(name)
	if dims == nil || !d.HasShape {
		return
	}
	differ := len(dims) != len(d.Shape)
	for i := 0; !differ && i < len(dims); i++ {
		differ = d.Shape[i].Known() && dims[i] != ir.BatchDim && d.Shape[i].Size != int64(dims[i])
	}
	if differ {
		w.problem(where(), "it is declared with shape %s, but has %s%s", d.ShapeText(), shapeText(dims), by())
	}
}

// shapeText writes a shape, with ? for what is not known.
func shapeText(dims []int) string {
	v := graph.Value{HasShape: true}
	for _, d := range dims {
		v.Shape = append(v.Shape, graph.Dim{Size: int64(d)})
	}
	return v.ShapeText()
}
