package reference

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// plan is which nodes of a graph a run computes, and what it keeps to the end.
type plan struct {
	nodes   []*graph.Node
	results []string
	last    map[string]int // the node that reads a value last; all of them, for results
}

// newPlan plans all nodes, for the graph's outputs.
func newPlan(g *graph.Graph) *plan {
	var results []string
	for _, v := range g.Outputs {
		results = append(results, v.Name)
	}
	return planOf(g.Nodes, results)
}

func planOf(nodes []*graph.Node, results []string) *plan {
	p := &plan{nodes: nodes, results: results, last: map[string]int{}}
	for i, n := range nodes {
		eachRead(n, func(name string) { p.last[name] = i })
	}
	for _, name := range results {
		p.last[name] = len(nodes)
	}
	return p
}

// eachRead calls f for the name of each value that a node, or a graph inside it, reads.
func eachRead(n *graph.Node, f func(name string)) {
	for _, name := range n.Inputs {
		f(name)
	}
	for _, a := range n.Attrs {
		inner, ok := a.Value.(*graph.Graph)
		if !ok {
			continue
		}
		for _, n := range inner.Nodes {
			eachRead(n, f)
		}
		for _, v := range inner.Outputs {
			f(v.Name)
		}
	}
}

// Values computes values of the model by their names: inputs, initializers, and outputs of
// the nodes of its graph, not of graphs inside nodes. Only nodes that lead to them run, and a
// value that is not asked for is dropped behind the last node that reads it. Inputs are as
// for Run. Several goroutines may call it at once.
func (e *Evaluator) Values(inputs map[string]*Tensor, names ...string) (map[string]*Tensor, error) {
	p, err := e.planFor(names)
	if err != nil {
		return nil, err
	}
	return e.run(inputs, p, nil)
}

// planFor plans the nodes that lead to values.
func (e *Evaluator) planFor(names []string) (*plan, error) {
	g, needed := e.model.Graph, map[string]bool{}
	for _, name := range names {
		if !e.hasValue(name) {
			return nil, fmt.Errorf("the model has no value %q", name)
		}
		needed[name] = true
	}
	var nodes []*graph.Node
	for _, n := range slices.Backward(g.Nodes) {
		if !slices.ContainsFunc(n.Outputs, func(name string) bool { return needed[name] }) {
			continue
		}
		eachRead(n, func(name string) { needed[name] = name != "" })
		nodes = append(nodes, n)
	}
	slices.Reverse(nodes)
	return planOf(nodes, names), nil
}

func (e *Evaluator) hasValue(name string) bool {
	g := e.model.Graph
	return name != "" && (e.consts[name] != nil ||
		slices.ContainsFunc(g.Inputs, func(v *graph.Value) bool { return v.Name == name }) ||
		slices.ContainsFunc(g.Nodes, func(n *graph.Node) bool { return slices.Contains(n.Outputs, name) }))
}
