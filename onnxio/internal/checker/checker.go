package checker

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
	"github.com/gonn-toolkit/gonn/onnxio/internal/operators"
	"github.com/gonn-toolkit/gonn/onnxio/internal/opset"
)

// Problem is one contradiction: where it is, and what.
type Problem struct {
	Where string // node "conv1" (Conv), with the graphs around it; output "y"
	What  string
	// Unknown says that ONNX has no such operator in any version.
	Unknown bool
}

// Error is the place and what is wrong there.
func (p *Problem) Error() string { return p.Where + ": " + p.What }

// mostProblems bounds the list: a file that contradicts itself everywhere has as many as nodes.
const mostProblems = 100

// Check lists what a checked model (graph.Model.Check) says that contradicts ONNX or itself,
// in the order of its nodes. The model is not changed.
func Check(m *graph.Model) []*Problem {
	problems := check(m, "")
	for _, f := range m.Uncalled {
		if len(problems) >= mostProblems {
			break
		}
		problems = append(problems, check(f, fmt.Sprintf("function %q: ", f.Graph.Name))...)
	}
	return problems[:min(len(problems), mostProblems)]
}

func check(m *graph.Model, in string) []*Problem {
	g := ir.New(m)
	w := &walker{
		g: g, up: opset.Upgrader{Graph: g},
		types: map[string]operators.Type{}, symbols: map[symbol]int{},
	}
	w.graph(m.Graph, nil, in)
	return w.problems
}

// walker goes through the nodes of a model and the graphs inside them.
type walker struct {
	g        *ir.Graph // holds the facts of all values, also of those inside nodes
	up       opset.Upgrader
	types    map[string]operators.Type
	declared map[string][]declaration // of the values of the graph at hand
	symbols  map[symbol]int           // their numbers, in the order of their first use
	problems []*Problem
}

// problem enters a problem unless there are enough.
func (w *walker) problem(where, format string, args ...any) *Problem {
	p := &Problem{Where: where, What: fmt.Sprintf(format, args...)}
	if len(w.problems) < mostProblems {
		w.problems = append(w.problems, p)
	}
	return p
}

// nodeProblem enters a problem of a node; in is the place of its graph. Its own is written out
// here and not before, as nodes are many and problems few.
func (w *walker) nodeProblem(in string, n *graph.Node, format string, args ...any) *Problem {
	return w.problem(in+n.Label(), format, args...)
}

// graph goes through a graph. One inside a node has its place in in, and inputs of given types.
func (w *walker) graph(g *graph.Graph, given []operators.Type, in string) {
	outer := w.declared
	w.declared = declarations(g)
	w.start(g, given, in)
	for _, n := range g.Nodes {
		w.node(n, in)
	}
	for i, v := range g.Outputs {
		w.compare(in, v.Name, bySomething, declaration{fmt.Sprintf("output %d", i), v})
	}
	w.declared = outer
}

// node checks a node and enters what is known of its results.
func (w *walker) node(n *graph.Node, in string) {
	var inner map[string]body
	for _, a := range n.Attrs {
		if g, ok := a.Value.(*graph.Graph); ok {
			w.graph(g, w.bodyTypes(n), fmt.Sprintf("%s%s: attribute %q: ", in, n.Label(), a.Name))
			if inner == nil {
				inner = map[string]body{}
			}
			inner[a.Name] = w.body(g)
		}
	}
	s := w.schema(n, in)
	if s != nil {
		for _, err := range s.Check(n) {
			w.nodeProblem(in, n, "%v", err)
			s = nil
		}
	}
	types := make([]operators.Type, len(n.Outputs))
	if s != nil {
		types = w.resultTypes(n, s, in)
	}
	w.shapes(n, s, in)
	if s != nil {
		if out := w.branchTypes(n, inner, in); out != nil {
			types = out
		}
	}
	for i, name := range n.Outputs {
		if name != "" {
			w.define(name, types[i])
			w.agree(in, name, n)
		}
	}
}

// schema is that of a node's operator, nil if it is not known, which is a problem in a domain
// of ONNX's.
func (w *walker) schema(n *graph.Node, in string) *operators.Schema {
	if !operators.Has(n.Domain) {
		return nil
	}
	version := w.g.File.Opset(n.Domain)
	s := operators.Lookup(n.Domain, n.OpType, version)
	switch versions := operators.Versions(n.Domain, n.OpType); {
	case len(versions) == 0:
		w.nodeProblem(in, n, "ONNX has no operator %s", n.Operator()).Unknown = true
	case s == nil:
		w.nodeProblem(in, n, "ONNX has the operator %s from opset %d on, the file states opset %d", n.Operator(), versions[0].Since, version)
	case s.Deprecated:
		w.nodeProblem(in, n, "the operator %s is deprecated from opset %d on, the file states opset %d", n.Operator(), s.Since, version)
		return nil
	}
	return s
}

// resultTypes gives the types of a node's results, after a look at those of its inputs.
func (w *walker) resultTypes(n *graph.Node, s *operators.Schema, in string) []operators.Type {
	types := make([]operators.Type, len(n.Inputs))
	for k, name := range n.Inputs {
		types[k] = w.types[name]
	}
	out, err := s.ResultTypes(n, types)
	if err != nil {
		w.nodeProblem(in, n, "%v", err)
	}
	return out
}

// define enters the type of a result, beside its shape.
func (w *walker) define(name string, t operators.Type) {
	w.types[name] = t
	f := w.g.Facts[name]
	f.Type = t.Elements()
	w.g.Facts[name] = f
}
