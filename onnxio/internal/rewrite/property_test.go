package rewrite_test

import (
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/opset"
	"github.com/gonn-toolkit/gonn/onnxio/internal/rewrite"
	"github.com/gonn-toolkit/gonn/onnxio/internal/rewrite/rewritetest"
)

// Cleaning keeps the function of random models, and what it infers of their values is what
// they have. A model that fails is printed as small as it can be made.
func TestCleanKeepsRandomModels(t *testing.T) {
	first, count := seeds(1500)
	failed := 0
	for seed := first; seed < first+count; seed++ {
		m := randomModel(seed)
		err := cleanKeeps(m, seed, rewritetest.Tolerance)
		if err == nil {
			continue
		}
		small := shrunk(m, seed)
		t.Errorf("seed %d: %v\n%s\nmade small: %v\n%s\ncleaned:\n%s", seed, err, "", cleanKeeps(small, seed, rewritetest.Tolerance), rewritetest.Print(small), cleanedText(small))
		if failed++; failed == 3 {
			t.Fatal("that is enough")
		}
	}
}

// seeds are where to begin and how many to take. GONN_SEEDS asks for so many others.
func seeds(usual uint64) (first, count uint64) {
	if more, err := strconv.ParseUint(os.Getenv("GONN_SEEDS"), 10, 64); err == nil {
		return usual, more
	}
	if testing.Short() {
		return 0, usual / 10
	}
	return 0, usual
}

// cleanKeeps is keeps of a model for all that Clean says; a panic is an error too.
func cleanKeeps(m *graph.Model, seed uint64, tolerance float64) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	before := rewritetest.Print(m)
	r := rewrite.Clean(m)
	if rewritetest.Print(m) != before {
		return fmt.Errorf("the model was changed")
	}
	if err := rewritetest.PreparedFacts(m, seed); err != nil {
		return err
	}
	if notUpgraded(r.Model) {
		return nil
	}
	return rewritetest.Keeps(m, r, seed, tolerance)
}

// notUpgraded reports whether a node could not be brought to today's form, and says so.
func notUpgraded(m *graph.Model) bool {
	return slices.ContainsFunc(m.Graph.Nodes, func(n *graph.Node) bool { return n.Attr(opset.NotUpgraded) != nil })
}

func cleanedText(m *graph.Model) (text string) {
	defer func() {
		if recover() != nil {
			text = "panic"
		}
	}()
	r := rewrite.Clean(m)
	return fmt.Sprint(rewritetest.Print(r.Model), "input ", r.Input, " output ", r.Output)
}

// shrunk is the smallest part of a failing model that still fails: fewer outputs, fewer
// nodes at the end, then nodes taken out whose result can be replaced by what they read.
func shrunk(m *graph.Model, seed uint64) *graph.Model {
	for {
		smaller := parts(m)
		i := slices.IndexFunc(smaller, func(p *graph.Model) bool {
			_, runs := rewritetest.Evaluate(p, rewritetest.InputsOf(p, 2, rewritetest.Rand(seed)))
			return runs == nil && p.Check() == nil && cleanKeeps(p, seed, rewritetest.Tolerance) != nil
		})
		if i < 0 {
			return m
		}
		m = smaller[i]
	}
}

// parts are models that are a little smaller.
func parts(m *graph.Model) (all []*graph.Model) {
	with := func(nodes []*graph.Node, outputs ...*graph.Value) {
		c, g := *m, *m.Graph
		g.Nodes, g.Outputs = nodes, outputs
		c.Graph = &g
		dropDead(&g)
		if len(g.Nodes) < len(m.Graph.Nodes) || len(outputs) < len(m.Graph.Outputs) {
			all = append(all, &c)
		}
	}
	g := m.Graph
	if len(g.Outputs) > 1 {
		for i := range g.Outputs {
			with(g.Nodes, slices.Delete(slices.Clone(g.Outputs), i, i+1)...)
		}
	}
	for i, n := range g.Nodes {
		with(g.Nodes[:i+1], &graph.Value{Name: n.Outputs[0], Type: graph.Float})
		for _, in := range n.Inputs {
			nodes := slices.Delete(slices.Clone(g.Nodes), i, i+1)
			for k, o := range nodes {
				if slices.Contains(o.Inputs, n.Outputs[0]) {
					c := *o
					c.Inputs = slices.Clone(o.Inputs)
					for j := range c.Inputs {
						if c.Inputs[j] == n.Outputs[0] {
							c.Inputs[j] = in
						}
					}
					nodes[k] = &c
				}
			}
			if !slices.ContainsFunc(g.Outputs, func(v *graph.Value) bool { return v.Name == n.Outputs[0] }) {
				with(nodes, g.Outputs...)
			}
		}
	}
	return all
}

// dropDead takes away nodes and initializers that no output needs.
func dropDead(g *graph.Graph) {
	needed := map[string]bool{}
	for _, v := range g.Outputs {
		needed[v.Name] = true
	}
	var nodes []*graph.Node
	for _, n := range slices.Backward(g.Nodes) {
		if slices.ContainsFunc(n.Outputs, func(o string) bool { return needed[o] }) {
			nodes = append(nodes, n)
			for _, in := range n.Inputs {
				needed[in] = true
			}
		}
	}
	slices.Reverse(nodes)
	g.Nodes = nodes
	g.Initializers = slices.DeleteFunc(slices.Clone(g.Initializers), func(t *graph.Tensor) bool { return !needed[t.Name] })
}
