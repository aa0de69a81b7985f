package exec

import "testing"

// scenario is a graph in which values lie in the memory of others, or might.
type scenario struct {
	build func(g *Graph) Config
	// together are nodes whose values lie in the memory of what they read first; the others'
	// do not.
	together []Value
}

// scenarios are at the places where sharing memory goes wrong if a later reader is missed.
var scenarios = map[string]scenario{
	"a chain in place": {func(g *Graph) Config {
		g.add(cosine(vector), Input(0))
		g.add(negative(vector), 0)
		g.add(negative(vector), 1)
		return Config{Outputs: []Value{2}, Seeds: []Value{2}, Gradients: []Value{Input(0)}}
	}, []Value{1, 2}},
	"a residual around an activation in place": {func(g *Graph) Config {
		g.add(scale{newBase(vector)}, Input(0))
		g.add(softsign(vector), 0)
		g.add(negative(vector), 1)
		g.add(sum{newBase(vector)}, 2, 0)
		return Config{Outputs: []Value{3}, Seeds: []Value{3}, Gradients: []Value{0}}
	}, nil},
	"a sum in place": {func(g *Graph) Config {
		g.add(scale{newBase(vector)}, Input(0))
		g.add(softsign(vector), 0)
		g.add(sumInPlace{sum{newBase(vector)}}, 0, 1) // 0 is read by softsign's derivative
		g.add(scale{newBase(vector)}, 2)
		g.add(negative(vector), 2)
		g.add(sumInPlace{sum{newBase(vector)}}, 4, 3)
		g.add(sumInPlace{sum{newBase(vector)}}, 5, 5) // reads what it would overwrite
		return Config{Outputs: []Value{6}, Seeds: []Value{6}, Gradients: []Value{0, 1, Input(0)}}
	}, []Value{5}},
	"an activation that reads its output": {func(g *Graph) Config {
		g.add(cosine(vector), Input(0))
		g.add(softsign(vector), 0)
		g.add(negative(vector), 1) // must not overwrite what softsign reads
		return Config{Outputs: []Value{2}, Seeds: []Value{2}, Gradients: []Value{Input(0)}}
	}, []Value{1}},
	"the same without a backward pass": {func(g *Graph) Config {
		g.add(cosine(vector), Input(0))
		g.add(softsign(vector), 0)
		g.add(negative(vector), 1)
		return Config{Outputs: []Value{2}}
	}, []Value{1, 2}},
	"a view of an input that is read elsewhere": {func(g *Graph) Config {
		g.add(reshape{newBase(square)}, Input(0))
		g.add(negative(square), 0)
		g.add(product{newBase(vector)}, 1, Input(0))
		return Config{Outputs: []Value{2}, Seeds: []Value{2}, Gradients: []Value{Input(0)}}
	}, []Value{0}},
	"an output that is a view of another": {func(g *Graph) Config {
		g.add(cosine(vector), Input(0))
		g.add(reshape{newBase(square)}, 0)
		return Config{Outputs: []Value{0, 1}, Seeds: []Value{0, 1}, Gradients: []Value{0, 1, Input(0)}}
	}, []Value{1}},
	"an output overwritten behind a view": {func(g *Graph) Config {
		g.add(cosine(vector), Input(0))
		g.add(reshape{newBase(square)}, 0)
		g.add(negative(square), 1)
		return Config{Outputs: []Value{0, 2}, Seeds: []Value{2}, Gradients: []Value{Input(0)}}
	}, []Value{1}},
	"observed values overwritten in place": {func(g *Graph) Config {
		g.add(negative(vector), Input(0))
		g.add(negative(vector), 0)
		g.add(reshape{newBase(square)}, 1)
		g.add(negative(square), 2)
		return Config{Outputs: []Value{3}, Observed: []Value{Input(0), 0, 1, 2, 3}}
	}, []Value{0, 1, 2, 3}},
	"an input that is an output too": {func(g *Graph) Config {
		g.add(negative(vector), Input(0))
		return Config{Outputs: []Value{Input(0), 0}}
	}, nil},
	"observed gradients overwritten in place": {func(g *Graph) Config {
		g.add(negative(vector), Input(0))
		g.add(softsign(vector), 0)
		g.add(reshape{newBase(square)}, 1)
		return Config{Seeds: []Value{2}, Gradients: []Value{Input(0), 0, 1, 2}}
	}, []Value{0, 1, 2}},
	"dropout is a view in inference": {func(g *Graph) Config {
		g.add(cosine(vector), Input(0))
		g.add(drop{newBase(vector)}, 0)
		g.add(negative(vector), 1)
		g.add(sum{newBase(vector)}, 2, 0)
		return Config{Outputs: []Value{3}, Seeds: []Value{3, 1}, Gradients: []Value{Input(0), 0}}
	}, []Value{1}},
	"dropout in training, read around": {func(g *Graph) Config {
		g.add(cosine(vector), Input(0))
		g.add(drop{newBase(vector)}, 0)
		g.add(sum{newBase(vector)}, 1, 0)
		return Config{Training: true, Outputs: []Value{2}, Seeds: []Value{2}, Gradients: []Value{Input(0), 0}}
	}, nil},
	"read twice by one node": {func(g *Graph) Config {
		g.add(scale{newBase(vector)}, Input(0))
		g.add(product{newBase(vector)}, 0, 0)
		g.add(product{newBase(vector)}, 1, 0, 1)
		return Config{Outputs: []Value{2}, Seeds: []Value{2}, Gradients: []Value{0, 1, Input(0)}}
	}, nil},
	"seeds inside and at the readers of an input": {func(g *Graph) Config {
		g.add(negative(vector), Input(0))
		g.add(softsign(vector), 0)
		g.add(negative(vector), 0)
		g.add(sum{newBase(vector)}, 1, 2)
		return Config{Seeds: []Value{0, 1, 3}, Gradients: []Value{0, 1, 2, Input(0)}}
	}, []Value{0, 2}},
	"a seed at an input": {func(g *Graph) Config {
		g.add(softsign(vector), Input(0))
		return Config{Seeds: []Value{Input(0), 0}, Gradients: []Value{Input(0)}}
	}, []Value{0}},
	"views read by many": {func(g *Graph) Config {
		g.add(reshape{newBase(square)}, Input(0))
		g.add(reshape{newBase(vector)}, Input(0))
		g.add(sum{newBase(vector)}, 0, 1, Input(0))
		g.add(reshape{newBase(square)}, 2)
		g.add(negative(square), 3)
		return Config{Seeds: []Value{0, 3, 4}, Gradients: []Value{0, 1, 2, 3, Input(0)}}
	}, []Value{0, 1, 3, 4}},
}

func TestValuesInTheMemoryOfOthers(t *testing.T) {
	for name, s := range scenarios {
		t.Run(name, func(t *testing.T) {
			g := graph(1)
			cfg := s.build(g)
			m := planMemory(newFlow(g, cfg))
			for i, node := range g.Nodes {
				want := false
				for _, v := range s.together {
					want = want || int(v) == i
				}
				if got := m.values[i] == m.values[g.index(node.In[0])]; got != want {
					t.Errorf("node %d in the memory of its input: %v, want %v", i, got, want)
				}
			}
			checkGraph(t, g, cfg, []int{21}, []int{1, 3})
		})
	}
}
