package graph

import (
	"errors"
	"fmt"
	"reflect"
)

// Copies of a node share strings, tensors and lists. All is charged as if it were
// copied, so that neither the model when it is written, nor what is made of its
// parts, is out of proportion to the file.

// node gives n as it stands in the flat graph: for the body of a function a copy
// with the call's names and attributes, without its description; for the model's
// own graph n itself. Calls inside nested graphs are inlined.
func (x *inliner) node(n *Node, at *call) (*Node, error) {
	if at == nil {
		return n, x.graphs(n, nil)
	}
	if err := x.d.charge(costNode + costString*int64(len(n.Inputs)+len(n.Outputs)) + costPointer*int64(len(n.Attrs))); err != nil {
		return nil, err
	}
	label := n.Name
	if label == "" {
		label = n.OpType
	}
	label, err := x.path(at, label, "")
	if err != nil {
		return nil, err
	}
	own := &Node{
		Name: label, OpType: n.OpType, Domain: n.Domain,
		Inputs:  room[string](len(n.Inputs)),
		Outputs: room[string](len(n.Outputs)),
		Attrs:   room[*Attr](len(n.Attrs)),
	}
	text := len(n.OpType) + len(n.Domain)
	for _, name := range n.Inputs {
		own.Inputs = append(own.Inputs, at.names[name])
		text += len(at.names[name])
	}
	if err := x.d.charge(int64(text)); err != nil {
		return nil, err
	}
	for _, a := range n.Attrs {
		if err := x.attr(own, a, at); err != nil {
			return nil, fmt.Errorf("attribute %q: %w", a.Name, err)
		}
	}
	if err := x.graphs(own, at); err != nil {
		return nil, err
	}
	for _, name := range n.Outputs {
		if name != "" {
			if name, err = x.define(at, name); err != nil {
				return nil, err
			}
		}
		own.Outputs = append(own.Outputs, name)
	}
	return own, nil
}

// room is an empty list for n elements; as what is read, nil for none.
func room[T any](n int) []T {
	if n == 0 {
		return nil
	}
	return make([]T, 0, n)
}

// attr gives the node n a copy of its attribute a in a function. One that refers to
// an attribute that the call does not give, and that has no default, is left out.
func (x *inliner) attr(n *Node, a *Attr, at *call) error {
	value := a.Value
	if ref, ok := value.(attrRef); ok {
		given := at.node.Attr(ref.name)
		if given == nil {
			given = at.f.params[ref.name]
		}
		if given == nil {
			return nil
		}
		if given.Kind() != ref.kind {
			return fmt.Errorf("it must be of kind %s, but attribute %q of the call is of kind %s", ref.kind, ref.name, given.Kind())
		}
		value = given.Value
	}
	if err := x.d.charge(2*int64(reflect.TypeFor[Attr]().Size()) + int64(len(a.Name)) + valueSize(value)); err != nil {
		return err
	}
	n.Attrs = append(n.Attrs, &Attr{a.Name, value})
	return nil
}

// valueSize is about what a copy of an attribute's value would take.
func valueSize(value any) int64 {
	total := 0
	switch v := value.(type) {
	case string:
		total = len(v)
	case []float32:
		total = 4 * len(v)
	case []int64:
		total = 8 * len(v)
	case []string:
		total = stringsSize(v)
	case *Tensor:
		total = len(v.Raw) + len(v.packed) + stringsSize(v.Strings)
	case *Value:
		for _, d := range v.Shape {
			total += costDim + len(d.Param)
		}
	}
	return int64(total)
}

func stringsSize(list []string) (total int) {
	for _, s := range list {
		total += costString + len(s)
	}
	return total
}

// graphs makes the graphs among the attributes of n flat: copies of those in the
// body of a function, else the graphs themselves.
func (x *inliner) graphs(n *Node, at *call) error {
	for _, a := range n.Attrs {
		g, ok := a.Value.(*Graph)
		if !ok {
			continue
		}
		var err error
		if at == nil {
			g.Nodes, err = x.nodes(g.Nodes, nil)
		} else {
			a.Value, err = x.graph(g, at)
		}
		if err != nil {
			return fmt.Errorf("attribute %q: %w", a.Name, inGraph(g, err))
		}
	}
	return nil
}

// graph copies a graph that stands in the body of a function. Types of its inner
// values are dropped: the function may be used for others.
func (x *inliner) graph(g *Graph, at *call) (*Graph, error) {
	at.graphs++
	defer func() { at.graphs-- }()
	if err := x.d.charge(2*int64(reflect.TypeFor[Graph]().Size()) + int64(len(g.Name))); err != nil {
		return nil, err
	}
	own := &Graph{Name: g.Name}
	inputs := map[string]bool{}
	for _, v := range g.Inputs {
		name, err := x.define(at, v.Name)
		if err != nil {
			return nil, err
		}
		inputs[v.Name] = true
		if own.Inputs, err = x.value(own.Inputs, v, name); err != nil {
			return nil, err
		}
	}
	for _, t := range g.Initializers {
		if !inputs[t.Name] { // else it is the input's default
			if _, err := x.define(at, t.Name); err != nil {
				return nil, err
			}
		}
		tensor := *t
		tensor.Name = at.names[t.Name]
		if err := x.d.charge(costPointer + 2*int64(reflect.TypeFor[Tensor]().Size()) + valueSize(t)); err != nil {
			return nil, err
		}
		own.Initializers = append(own.Initializers, &tensor)
	}
	var err error
	if own.Nodes, err = x.nodes(g.Nodes, at); err != nil {
		return nil, err
	}
	for _, v := range g.Outputs {
		name := at.names[v.Name]
		if name == "" {
			return nil, errors.New("an output passes on an input that the call leaves out")
		}
		if own.Outputs, err = x.value(own.Outputs, v, name); err != nil {
			return nil, err
		}
	}
	return own, nil
}

// value appends a copy of v with another name.
func (x *inliner) value(list []*Value, v *Value, name string) ([]*Value, error) {
	own := *v
	own.Name = name
	return append(list, &own), x.d.charge(costPointer + 2*int64(reflect.TypeFor[Value]().Size()) + valueSize(v))
}
