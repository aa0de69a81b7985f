package exec

import (
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn/op"
)

// counted is a chain of scales, and beside it a branch from the first one:
//
//	input → 0 → 1 → 2 → 3
//	        0 → 4 → 5
func counted() *Graph {
	g := graph(1)
	for _, in := range []Value{Input(0), 0, 1, 2, 0, 4} {
		g.add(scale{newBase(vector)}, in)
	}
	return g
}

// counts are how often each node has run for one block.
func counts(t *testing.T, g *Graph, cfg Config) (forward, backward []int) {
	t.Helper()
	if _, err := run(New(g, cfg), 5, 1); err != nil {
		t.Fatal(err)
	}
	for _, node := range g.Nodes {
		c := node.Op.(scale).calls
		forward, backward = append(forward, int(c.forward.Swap(0))), append(backward, int(c.backward.Swap(0)))
	}
	return forward, backward
}

// What nobody asks for is not computed, forward and back.
func TestOnlyWhatIsWantedRuns(t *testing.T) {
	for name, c := range map[string]struct {
		cfg               Config
		frozen            []int
		forward, backward []int
	}{
		"an output":                         {Config{Outputs: []Value{3}}, nil, []int{1, 1, 1, 1, 0, 0}, []int{0, 0, 0, 0, 0, 0}},
		"stop at a layer":                   {Config{Observed: []Value{1}}, nil, []int{1, 1, 0, 0, 0, 0}, []int{0, 0, 0, 0, 0, 0}},
		"an input":                          {Config{Observed: []Value{Input(0)}}, nil, []int{0, 0, 0, 0, 0, 0}, []int{0, 0, 0, 0, 0, 0}},
		"nothing":                           {Config{}, nil, []int{0, 0, 0, 0, 0, 0}, []int{0, 0, 0, 0, 0, 0}},
		"a seed":                            {Config{Seeds: []Value{2}}, nil, []int{1, 1, 1, 0, 0, 0}, []int{1, 1, 1, 0, 0, 0}},
		"a seed before an output":           {Config{Outputs: []Value{3, 5}, Seeds: []Value{4}}, nil, []int{1, 1, 1, 1, 1, 1}, []int{1, 0, 0, 0, 1, 0}},
		"frozen at the start":               {Config{Seeds: []Value{3}}, []int{0, 1}, []int{1, 1, 1, 1, 0, 0}, []int{0, 0, 1, 1, 0, 0}},
		"frozen in between":                 {Config{Seeds: []Value{3}}, []int{1, 2}, []int{1, 1, 1, 1, 0, 0}, []int{1, 1, 1, 1, 0, 0}},
		"all frozen":                        {Config{Seeds: []Value{3}}, []int{0, 1, 2, 3}, []int{1, 1, 1, 1, 0, 0}, []int{0, 0, 0, 0, 0, 0}},
		"all frozen, an inner gradient":     {Config{Seeds: []Value{3}, Gradients: []Value{1}}, []int{0, 1, 2, 3}, []int{1, 1, 1, 1, 0, 0}, []int{0, 0, 1, 1, 0, 0}},
		"all frozen, that of the input":     {Config{Seeds: []Value{3}, Gradients: []Value{Input(0)}}, []int{0, 1, 2, 3}, []int{1, 1, 1, 1, 0, 0}, []int{1, 1, 1, 1, 0, 0}},
		"all frozen, that of a seed":        {Config{Seeds: []Value{3}, Gradients: []Value{3}}, []int{0, 1, 2, 3}, []int{1, 1, 1, 1, 0, 0}, []int{0, 0, 0, 0, 0, 0}},
		"a gradient that no seed reaches":   {Config{Seeds: []Value{1}, Gradients: []Value{3}}, nil, []int{1, 1, 1, 1, 0, 0}, []int{1, 1, 0, 0, 0, 0}},
		"frozen on one branch, two of them": {Config{Seeds: []Value{3, 5}}, []int{0, 1, 2, 3}, []int{1, 1, 1, 1, 1, 1}, []int{0, 0, 0, 0, 1, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			g := counted()
			for _, i := range c.frozen {
				g.Nodes[i].Trained[0] = false
			}
			if name == "a gradient that no seed reaches" {
				e := New(g, c.cfg)
				if e.HasGradient(3) || !e.HasGradient(1) || !e.HasGradient(0) {
					t.Error("HasGradient is wrong")
				}
				c.cfg.Gradients, c.cfg.Outputs = nil, []Value{3}
			}
			forward, backward := counts(t, g, c.cfg)
			if !slices.Equal(forward, c.forward) || !slices.Equal(backward, c.backward) {
				t.Errorf("forward %v and backward %v, want %v and %v", forward, backward, c.forward, c.backward)
			}
		})
	}
}

// A parameter that is frozen has no place among the gradients, and no memory is taken for
// gradients that nobody wants.
func TestFrozenParametersTakeNoMemory(t *testing.T) {
	g := counted()
	cfg := Config{Training: true, Seeds: []Value{3}}
	all := New(g, cfg)
	want := all.NumGradients() - 3*vector.Size()
	for i := range 3 {
		g.Nodes[i].Trained[0] = false
	}
	e := New(g, cfg)
	if got := e.NumGradients(); got != want {
		t.Errorf("%d gradients, want %d", got, want)
	}
	split := e.SplitGradients(make([]float32, e.NumGradients()))
	for i, node := range split {
		if frozen := node[0] == nil; frozen != (i < 3) {
			t.Errorf("node %d: gradient %v", i, node)
		}
	}
	if got, less := e.blocks.plan.memory.size, all.blocks.plan.memory.size; got >= less {
		t.Errorf("a block takes %d floats, without frozen parameters %d", got, less)
	}
}

// A layer is given no memory for a gradient that nobody wants.
func TestUnwantedGradientsHaveNoData(t *testing.T) {
	g := graph(2)
	g.add(scale{newBase(vector)}, Input(0))
	g.add(product{newBase(vector)}, 0, Input(1))
	e := New(g, Config{Seeds: []Value{1}})
	if _, err := run(e, 3, 1); err != nil {
		t.Fatal(err)
	}
	dx := e.blocks.workspaces[0].backward[1].DX
	if dx[0].Data == nil || dx[1].Data != nil {
		t.Errorf("gradients of %d and %d floats, want some and none", len(dx[0].Data), len(dx[1].Data))
	}
	if !dx[1].Shape.Equal(op.Shape{6}) {
		t.Errorf("the one that is not wanted has shape %v", dx[1].Shape)
	}
}
