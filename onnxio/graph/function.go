package graph

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
)

// function is a FunctionProto of a model: nodes that a node of its name stands for.
// Users of the package never see one, since Read inlines them.
type function struct {
	id      functionID
	inputs  []string
	outputs []string
	params  map[string]*Attr // attributes, each with its default value or nil
	nodes   []*Node

	versions map[string]int64 // of the operators that the nodes use, by domain
	planned  planState
	size     size // with the functions that it calls; set by plan
}

// functionID is what a node names to call a function: domain, op_type, overload.
type functionID struct{ domain, name, overload string }

// String is the id as ONNX's tools write it, such as pkg.torch::Linear.
func (id functionID) String() string {
	s := id.name
	if id.domain != "" {
		s = id.domain + "::" + s
	}
	if id.overload != "" {
		s += "::" + id.overload
	}
	return s
}

// attrRef is the value of an attribute inside a function that has that of an
// attribute of the call (ref_attr_name). Inlining leaves none.
type attrRef struct {
	name string
	kind AttrKind
}

// function reads a FunctionProto.
func (d *decoder) function(_ int, b []byte) (*function, error) {
	f := d.scan(&functionProto, b)
	if d.nodes += f.count[7]; d.nodes > MaxNodes {
		f.failf("the model has more than %d nodes", MaxNodes)
	}
	fn := &function{
		id:      functionID{canonicalDomain(f.name(10)), f.name(1), f.name(13)},
		inputs:  f.names(4, costDefined),
		outputs: f.names(5, costDefined),
		params:  d.params(&f),
	}
	opsets := plain(&f, messages(&f, 9, d.opset))
	f.charge(costDefined * int64(len(opsets)))
	d.inside = fn
	fn.nodes = messages(&f, 7, d.node)
	d.inside = nil
	if fn.id.name == "" {
		f.failf("it has no name")
	}
	if f.err == nil {
		f.fail(fn.check(&f, opsets))
	}
	if f.err != nil {
		id := functionID{f.peek(10), f.peek(1), f.peek(13)}
		return nil, fmt.Errorf("function %q: %w", id, f.err)
	}
	return fn, nil
}

// params reads the attributes that a function has, without and with a default.
func (d *decoder) params(f *fields) map[string]*Attr {
	names, defaults := f.names(6, costDefined), messages(f, 11, d.attr)
	f.charge(costDefined * int64(len(defaults)))
	params := map[string]*Attr{}
	define := func(name string, value *Attr) {
		if _, twice := params[name]; twice {
			f.failf("attribute %q is there twice", name)
		}
		params[name] = value
	}
	for _, name := range names {
		define(name, nil)
	}
	for _, a := range defaults {
		if a.Kind() == KindGraph {
			f.failf("attribute %q: a graph as the default of an attribute is not read", a.Name)
		}
		define(a.Name, a)
	}
	return params
}

// attrRef reads an attribute that refers to the attribute name of the function
// around it.
func (d *decoder) attrRef(f *fields, name string) any {
	if d.inside == nil {
		f.failf("ref_attr_name %q: only inside a function can it refer to an attribute of the function", name)
		return nil
	}
	if _, ok := d.inside.params[name]; !ok {
		f.failf("ref_attr_name %q: the function has no attribute of that name", name)
	}
	kind := f.attrKind()
	switch {
	case kind == KindGraph:
		f.failf("ref_attr_name %q: a graph as an attribute of a function is not read", name)
	case kind != KindUndefined && f.has(attrFields[kind]):
		f.failf("ref_attr_name %q: it has a value of its own too", name)
	}
	f.charge(costString * 2)
	return attrRef{name, kind}
}

// check holds the function's body to the rules of a graph (Model.Check): with that,
// inlining it needs no further care for names.
func (fn *function) check(f *fields, opsets []Opset) (err error) {
	fn.versions, err = versionsOf(opsets)
	if err != nil || !f.charge(int64(len(fn.inputs)+len(fn.outputs))*(costPointer+int64(reflect.TypeFor[Value]().Size()))) {
		return err
	}
	body := &Graph{Nodes: fn.nodes, Inputs: untyped(fn.inputs), Outputs: untyped(fn.outputs)}
	err = body.checkBody(&scope{names: map[string]use{}, versions: fn.versions})
	if !errors.Is(err, errUndefined) {
		return err
	}
	if err := f.d.sortNodes(body); err != nil {
		return err
	}
	fn.nodes = body.Nodes
	return body.checkBody(&scope{names: map[string]use{}, versions: fn.versions})
}

// keepUncalled enters the functions that no node calls in Model.Uncalled. The calls among their
// nodes are left out.
func (x *inliner) keepUncalled(functions []*function) error {
	noted := false
	for _, f := range functions {
		if f.planned != unplanned {
			continue
		}
		if err := x.d.charge(costUncalled + int64(len(f.nodes))*costPointer + int64(len(f.versions))*costDefined); err != nil {
			return err
		}
		body := &Graph{Name: f.id.String(), Inputs: untyped(f.inputs), Outputs: untyped(f.outputs)}
		for _, n := range f.nodes {
			if x.callee(n) == nil {
				body.Nodes = append(body.Nodes, n)
			}
		}
		m := &Model{IRVersion: x.m.IRVersion, Graph: body}
		for _, domain := range slices.Sorted(maps.Keys(f.versions)) {
			m.Opsets = append(m.Opsets, Opset{domain, f.versions[domain]})
		}
		if ofONNX(f.id.domain) && !noted {
			noted = true
			x.d.notes = append(x.d.notes, fmt.Sprintf("function %q is not called: the nodes of its domain, which is ONNX's, are operators", f.id))
		}
		x.m.Uncalled = append(x.m.Uncalled, m)
	}
	return nil
}

// costUncalled is what such a function costs besides its lists.
var costUncalled = 2*costPointer + int64(reflect.TypeFor[Model]().Size()+reflect.TypeFor[Graph]().Size())

func untyped(names []string) []*Value {
	list := make([]*Value, len(names))
	for i, name := range names {
		list[i] = &Value{Name: name}
	}
	return list
}
