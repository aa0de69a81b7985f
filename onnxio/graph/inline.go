package graph

import (
	"errors"
	"fmt"
	"reflect"
)

// inliner puts the nodes of functions in the place of the nodes that call them.
type inliner struct {
	d         *decoder
	m         *Model
	functions map[functionID]*function
	// used holds all names of values, those that were there and those that were made,
	// each with the last number that a name made from it got.
	used     map[string]int
	versions map[string]int64 // of the model's opsets
}

// size is what nodes become with all calls inlined. A call counts as a node too,
// so that calls of nothing are not for free.
type size struct {
	nodes, initializers int
	calls               int // depth of calls inside each other
	nesting             int // depth of graphs inside each other
}

type planState uint8

const (
	unplanned planState = iota
	open                // its calls are being followed
	planned
)

// inline makes m a model without functions. The size of the result is known and
// within the limits before the first node is copied.
func (d *decoder) inline(m *Model, functions []*function) error {
	x := &inliner{d: d, m: m, functions: map[functionID]*function{}}
	if err := d.charge(costDefined * int64(len(functions))); err != nil {
		return err
	}
	for _, f := range functions {
		if x.functions[f.id] != nil {
			return fmt.Errorf("function %q is there twice", f.id)
		}
		x.functions[f.id] = f
	}
	total, err := x.measure(m.Graph.Nodes, 0)
	if err == nil {
		err = x.keepUncalled(functions)
	}
	if err != nil || total.calls == 0 {
		return inGraph(m.Graph, err)
	}
	if x.versions, err = versionsOf(m.Opsets); err != nil {
		return err
	}
	x.used = map[string]int{}
	if err := x.use(m.Graph); err != nil {
		return err
	}
	m.Graph.Nodes, err = x.nodes(m.Graph.Nodes, nil)
	return inGraph(m.Graph, err)
}

// callee is the function that n calls, nil if n is an operator. In a domain of ONNX's all nodes
// are operators, as onnx.checker and ONNX Runtime have it, also beside a function of the name.
func (x *inliner) callee(n *Node) *function {
	if ofONNX(n.Domain) {
		return nil
	}
	return x.functions[functionID{canonicalDomain(n.Domain), n.OpType, x.d.overloads[n]}]
}

// measure tells what the nodes become, which stand inside as many calls as depth
// says.
func (x *inliner) measure(nodes []*Node, depth int) (size, error) {
	var s size
	for i, n := range nodes {
		if err := x.measureNode(n, depth, &s); err != nil {
			return size{}, inNode(i, n, err)
		}
	}
	return s, nil
}

func (x *inliner) measureNode(n *Node, depth int, s *size) error {
	s.nodes++
	f := x.callee(n)
	switch overload := x.d.overloads[n]; {
	case f != nil:
		if err := x.plan(f, depth+1); err != nil {
			return fmt.Errorf("function %q: %w", f.id, err)
		}
		s.add(f.size, 1, 0)
	case overload != "":
		return fmt.Errorf("overload %q: the model has no such function", overload)
	}
	for _, a := range n.Attrs {
		g, ok := a.Value.(*Graph)
		if !ok {
			continue
		}
		inner, err := x.measure(g.Nodes, depth)
		if err != nil {
			return fmt.Errorf("attribute %q: %w", a.Name, inGraph(g, err))
		}
		inner.initializers += len(g.Initializers)
		s.add(inner, 0, 1)
	}
	return s.check()
}

// add counts what stands inside more calls and graphs.
func (s *size) add(inner size, calls, graphs int) {
	s.nodes += inner.nodes
	s.initializers += inner.initializers
	s.calls = max(s.calls, inner.calls+calls)
	s.nesting = max(s.nesting, inner.nesting+graphs)
}

func (s *size) check() error {
	switch {
	case s.nodes > MaxNodes:
		return fmt.Errorf("with its functions inlined the model has more than %d nodes", MaxNodes)
	case s.initializers > MaxInitializers:
		return fmt.Errorf("with its functions inlined the model has more than %d initializers", MaxInitializers)
	case s.calls > MaxCalls:
		return fmt.Errorf("functions call each other more than %d deep", MaxCalls)
	case s.nesting >= MaxNesting:
		return fmt.Errorf("with its functions inlined, graphs stand more than %d deep inside each other", MaxNesting)
	}
	return nil
}

// plan measures f, which stands inside depth calls with its own, once.
func (x *inliner) plan(f *function, depth int) (err error) {
	switch {
	case f.planned == open:
		return errors.New("it calls itself")
	case f.planned == unplanned && depth > MaxCalls:
		return fmt.Errorf("functions call each other more than %d deep", MaxCalls)
	case f.planned == unplanned:
		f.planned = open
		f.size, err = x.measure(f.nodes, depth)
		f.planned = planned
	}
	return err
}

// use enters all names of values in g.
func (x *inliner) use(g *Graph) error {
	names := 0
	enter := func(name string) {
		x.used[name] = 0
		names++
	}
	for _, list := range [][]*Value{g.Inputs, g.Outputs, g.ValueInfo} {
		for _, v := range list {
			enter(v.Name)
		}
	}
	for _, t := range g.Initializers {
		enter(t.Name)
	}
	for _, n := range g.Nodes {
		for _, name := range n.Outputs {
			enter(name)
		}
		for _, a := range n.Attrs {
			if inner, ok := a.Value.(*Graph); ok {
				if err := x.use(inner); err != nil {
					return err
				}
			}
		}
	}
	return x.d.charge(costDefined * int64(names))
}

// nodes inlines all calls among nodes, which stand in the model's graph, or in the
// body of a function that is being inlined at a call.
func (x *inliner) nodes(nodes []*Node, at *call) ([]*Node, error) {
	var list []*Node
	for i, n := range nodes {
		f := x.callee(n)
		own, err := x.node(n, at)
		switch {
		case err != nil:
		case f == nil:
			list, err = append(list, own), x.operator(own, at)
		default:
			var body []*Node
			body, err = x.body(own, f)
			list = append(list, body...)
		}
		if err = inNode(i, n, err); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// operator makes sure that a node from a function means in the model what it means
// in the function.
func (x *inliner) operator(n *Node, at *call) error {
	if at == nil {
		return nil
	}
	domain := canonicalDomain(n.Domain)
	version := at.f.versions[domain]
	switch have := x.versions[domain]; {
	case have == 0:
		x.versions[domain] = version
		x.m.Opsets = append(x.m.Opsets, Opset{n.Domain, version})
		return x.d.charge(costDefined + 2*int64(reflect.TypeFor[Opset]().Size()))
	case have != version:
		return fmt.Errorf("the function uses version %d of domain %q, the model version %d: export the model with one version for both", version, n.Domain, have)
	}
	return nil
}
