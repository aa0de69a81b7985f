package exec

import "slices"

// flow is what must be computed for what is wanted of a graph.
type flow struct {
	*Graph
	cfg      Config
	computed []bool // of each node: Forward runs
	wanted   []bool // of each value: something before it wants its gradient
	arrives  []bool // of each value: a gradient comes to it from behind, or is a seed
}

func newFlow(g *Graph, c Config) *flow {
	f := &flow{Graph: g, cfg: c, computed: make([]bool, len(g.Nodes)), wanted: make([]bool, g.numValues()), arrives: make([]bool, g.numValues())}
	for _, list := range [][]Value{c.Outputs, c.Observed, c.Seeds, c.Gradients} {
		for _, v := range list {
			if v >= 0 {
				f.computed[v] = true
			}
		}
	}
	for i := len(g.Nodes) - 1; i >= 0; i-- {
		for _, in := range g.Nodes[i].In {
			if f.computed[i] && in >= 0 {
				f.computed[in] = true
			}
		}
	}
	f.gradients()
	return f
}

// gradients finds which values have a gradient that somebody wants.
func (f *flow) gradients() {
	for _, v := range f.cfg.Gradients {
		f.wanted[f.index(v)] = true
	}
	for i, node := range f.Nodes {
		wants := slices.Contains(node.Trained, true)
		for _, in := range node.In {
			wants = wants || f.wanted[f.index(in)]
		}
		f.wanted[i] = f.wanted[i] || wants
	}
	for _, v := range f.cfg.Seeds {
		f.arrives[f.index(v)] = true
	}
	for i := len(f.Nodes) - 1; i >= 0; i-- {
		for _, in := range f.Nodes[i].In {
			if f.arrives[i] && f.computed[i] {
				f.arrives[f.index(in)] = true
			}
		}
	}
}

// hasGradient reports whether the gradient of a value is computed.
func (f *flow) hasGradient(v Value) bool {
	i := f.index(v)
	return f.wanted[i] && f.arrives[i]
}

// back reports whether Backward of a node runs: a gradient arrives, and a parameter or an
// input wants one.
func (f *flow) back(i int) bool {
	node := f.Nodes[i]
	return f.computed[i] && f.arrives[i] && (slices.Contains(node.Trained, true) ||
		slices.ContainsFunc(node.In, func(in Value) bool { return f.wanted[f.index(in)] }))
}
