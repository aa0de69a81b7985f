package exec

import "slices"

// flow is the analysis of a graph for a Config: which values and gradients are computed.
type flow struct {
	*Graph
	cfg      Config
	computed []bool // of each node: Forward runs
	wanted   []bool // of each value: it or something that it depends on needs a gradient
	reached  []bool // of each value: a seed depends on it, or it is one
}

func newFlow(g *Graph, c Config) *flow {
	f := &flow{Graph: g, cfg: c, computed: make([]bool, len(g.Nodes)), wanted: make([]bool, g.numValues()), reached: make([]bool, g.numValues())}
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

// gradients sets wanted and reached.
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
		f.reached[f.index(v)] = true
	}
	for i := len(f.Nodes) - 1; i >= 0; i-- {
		for _, in := range f.Nodes[i].In {
			if f.reached[i] && f.computed[i] {
				f.reached[f.index(in)] = true
			}
		}
	}
}

// hasGradient reports whether the gradient of a value is computed.
func (f *flow) hasGradient(v Value) bool {
	i := f.index(v)
	return f.wanted[i] && f.reached[i]
}

// back reports whether Backward of a node runs: its output has a gradient, and a parameter or
// an input needs one.
func (f *flow) back(i int) bool {
	node := f.Nodes[i]
	return f.computed[i] && f.reached[i] && (slices.Contains(node.Trained, true) ||
		slices.ContainsFunc(node.In, func(in Value) bool { return f.wanted[f.index(in)] }))
}

// trains reports whether the run is one of training, or has a backward pass.
func (f *flow) trains() bool { return f.cfg.Training || len(f.cfg.Seeds) > 0 }
