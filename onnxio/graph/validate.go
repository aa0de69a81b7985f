package graph

import (
	"errors"
	"fmt"
	"math"
)

// Check reports whether the model can be used as it stands: IR version, operator
// sets and graph are there; every name is defined once and before its use, so
// that running the nodes in their order works; every output exists; every
// domain is imported. Nested graphs also see the names around them. Read has
// done this already.
func (m *Model) Check() error {
	switch {
	case m.IRVersion <= 0:
		return errors.New("ir_version is missing: the file is not an ONNX model")
	case m.IRVersion < MinIRVersion:
		return fmt.Errorf("ir_version %d is not read, only %d to %d: the file is older than ONNX 1.0; export the model anew", m.IRVersion, MinIRVersion, MaxIRVersion)
	case m.IRVersion > MaxIRVersion:
		return fmt.Errorf("ir_version %d is not read, only %d to %d: the file is newer than this program; export the model for an older version of ONNX", m.IRVersion, MinIRVersion, MaxIRVersion)
	case m.Graph == nil:
		return errors.New("graph is missing: the model computes nothing")
	case len(m.Opsets) == 0:
		return errors.New("opset_import is missing: the meaning of the operators is not known")
	}
	versions, err := versionsOf(m.Opsets)
	if err != nil {
		return err
	}
	keys := map[string]bool{}
	for _, e := range m.Metadata {
		if keys[e.Key] {
			return fmt.Errorf("metadata_props: key %q is there twice", e.Key)
		}
		keys[e.Key] = true
	}
	for i, v := range m.Graph.Inputs {
		if v.Type == Undefined {
			return fmt.Errorf("graph %q: %s: it has no type", m.Graph.Name, label("input", i, v.Name))
		}
	}
	return m.Graph.check(&scope{names: map[string]use{}, versions: versions})
}

// versionsOf gives the version of each domain's operators.
func versionsOf(opsets []Opset) (map[string]int64, error) {
	versions := map[string]int64{}
	for _, o := range opsets {
		domain := canonicalDomain(o.Domain)
		if versions[domain] != 0 {
			return nil, fmt.Errorf("opset_import: domain %q is there twice", o.Domain)
		}
		if o.Version <= 0 {
			return nil, fmt.Errorf("opset_import: domain %q has version %d, it must be 1 or more", o.Domain, o.Version)
		}
		if o.Version > math.MaxInt32 {
			return nil, fmt.Errorf("opset_import: domain %q has version %d, it must be at most %d", o.Domain, o.Version, math.MaxInt32)
		}
		versions[domain] = o.Version
	}
	return versions, nil
}

// scope is the names defined so far in a graph, and the graphs around it.
type scope struct {
	names    map[string]use
	outer    *scope
	versions map[string]int64 // of the operators of the imported domains
}

// use says whether an initializer may still have a name; 0 is undefined.
type use uint8

const (
	taken use = iota + 1
	free      // an input that has no default value yet
)

func (s *scope) has(name string) bool {
	for ; s != nil; s = s.outer {
		if s.names[name] != 0 {
			return true
		}
	}
	return false
}

// define enters a name that must be new, here and around.
func (s *scope) define(name string) error {
	if name == "" {
		return errors.New("it has no name")
	}
	if s.has(name) {
		return errors.New("the name is defined twice")
	}
	s.names[name] = taken
	return nil
}

func (g *Graph) check(s *scope) error {
	return inGraph(g, g.checkBody(s))
}

// inGraph puts the place of g in front of an error.
func inGraph(g *Graph, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("graph %q: %w", g.Name, err)
}

// inNode puts the place of node i in front of an error.
func inNode(i int, n *Node, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("node %d %q (%s): %w", i, n.Name, n.OpType, err)
}

func (g *Graph) checkBody(s *scope) error {
	if err := g.defineStart(s); err != nil {
		return err
	}
	for i, n := range g.Nodes {
		if err := inNode(i, n, g.checkNode(i, n, s)); err != nil {
			return err
		}
	}
	for i, v := range g.Outputs {
		if !s.has(v.Name) {
			return fmt.Errorf("%s: nothing in the graph defines it", label("output", i, v.Name))
		}
	}
	return nil
}

// defineStart enters inputs and initializers. An initializer of an input's name
// is the input's default value (all of them, before IR version 4).
func (g *Graph) defineStart(s *scope) error {
	for i, v := range g.Inputs {
		if err := s.define(v.Name); err != nil {
			return fmt.Errorf("%s: %w", label("input", i, v.Name), err)
		}
	}
	for _, v := range g.Inputs {
		s.names[v.Name] = free
	}
	for i, t := range g.Initializers {
		if s.names[t.Name] == free {
			s.names[t.Name] = taken
			continue
		}
		if err := s.define(t.Name); err != nil {
			return fmt.Errorf("%s: %w", label("initializer", i, t.Name), err)
		}
	}
	return nil
}

func (g *Graph) checkNode(i int, n *Node, s *scope) error {
	if n.OpType == "" {
		return errors.New("op_type is missing")
	}
	if s.versions[canonicalDomain(n.Domain)] == 0 {
		return fmt.Errorf("domain %q is not in opset_import", n.Domain)
	}
	for j, name := range n.Inputs {
		if name != "" && !s.has(name) {
			return fmt.Errorf("%s: %w", label("input", j, name), g.whyUndefined(i, name))
		}
	}
	for _, a := range n.Attrs {
		if inner, ok := a.Value.(*Graph); ok {
			err := inner.check(&scope{names: map[string]use{}, outer: s, versions: s.versions})
			if err != nil {
				return fmt.Errorf("attribute %q: %w", a.Name, err)
			}
		}
	}
	for j, name := range n.Outputs {
		if name == "" {
			continue
		}
		if err := s.define(name); err != nil {
			return fmt.Errorf("%s: %w", label("output", j, name), err)
		}
	}
	return nil
}

// whyUndefined says why node i cannot have name as an input.
func (g *Graph) whyUndefined(i int, name string) error {
	for j, n := range g.Nodes[i:] {
		for _, output := range n.Outputs {
			if output == name {
				return undefined(fmt.Sprintf("node %d defines it, which is not earlier: nodes must be in the order in which they run", i+j))
			}
		}
	}
	return undefined("no graph input, initializer or node defines it")
}

// undefined is the text of an errUndefined.
type undefined string

func (e undefined) Error() string        { return string(e) }
func (e undefined) Is(target error) bool { return target == errUndefined }
