package exec

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gonn-toolkit/gonn/nn/op"
)

var vector, square = op.Shape{6}, op.Shape{2, 3}

// graph starts one of so many inputs.
func graph(inputs int) *Graph {
	g := &Graph{}
	for range inputs {
		g.Inputs = append(g.Inputs, vector)
	}
	return g
}

// add appends a node with some weights if its op has any.
func (g *Graph) add(o op.Op, in ...Value) Value {
	node := Node{Op: o, In: in}
	inner := o
	if hidden, ok := o.(notSplit); ok {
		inner = hidden.Op
	}
	switch inner.(type) {
	case scale:
		node.Weights, node.Trained = op.Weights{given(Value(len(g.Nodes)+3), o.Shape().Size(), 1)}, []bool{true}
	case center:
		node.Weights, node.Trained = op.Weights{given(Value(len(g.Nodes)+3), o.Shape().Size(), 1)}, []bool{false}
	}
	g.Nodes = append(g.Nodes, node)
	return Value(len(g.Nodes) - 1)
}

// all lists the values of a graph.
func (g *Graph) all() (list []Value) {
	for v := -len(g.Inputs); v < len(g.Nodes); v++ {
		list = append(list, Value(v))
	}
	return list
}

// randomGraph joins ops by chance.
func randomGraph(rng *rand.Rand) *Graph {
	g := graph(1 + rng.IntN(2))
	for range 1 + rng.IntN(12) {
		pick := func() Value {
			if n := len(g.Nodes); n > 0 && rng.IntN(2) == 0 {
				return Value(n - 1)
			}
			return Value(rng.IntN(g.numValues()) - len(g.Inputs))
		}
		from := pick()
		s := g.shape(from)
		var o op.Op
		switch rng.IntN(12) {
		case 0:
			o = negative(s)
		case 1:
			o = softsign(s)
		case 2:
			o = sine(s)
		case 3:
			o = cosine(s)
		case 4:
			o = scale{newBase(s)}
		case 5:
			g.add(sum{newBase(s)}, from, pick())
		case 6:
			g.add(product{newBase(s)}, from, from, pick())
		case 7:
			o = reshape{newBase(square)}
		case 8:
			o = drop{newBase(s)}
		case 9:
			o = mix{newBase(s)}
		case 10:
			o = center{newBase(s)}
		case 11:
			o = notSplit{softsign(s)}
		}
		if o != nil {
			g.add(o, from)
		}
	}
	return g
}

// some picks values by chance.
func some(rng *rand.Rand, from []Value, of int) (list []Value) {
	for _, v := range from {
		if rng.IntN(of) == 0 {
			list = append(list, v)
		}
	}
	return list
}

// Whatever a graph looks like and whatever is asked of it: an executor gives what a plain
// run gives that shares no memory, leaves nothing out and does one layer after the other.
func TestRandomGraphsEqualThePlainRun(t *testing.T) {
	rounds := 250
	if testing.Short() {
		rounds = 30
	}
	for round := range rounds {
		rng := rand.New(rand.NewPCG(uint64(round), 3))
		g := randomGraph(rng)
		for i := range g.Nodes {
			for p := range g.Nodes[i].Trained {
				g.Nodes[i].Trained[p] = g.Nodes[i].Trained[p] && rng.IntN(3) > 0
			}
		}
		batch, team := []int{[]int{1, 37, 64}[round%3]}, []int{1, []int{2, 3, 5}[rng.IntN(3)]}
		all := g.all()
		cfg := Config{
			Training: rng.IntN(2) == 0, Outputs: some(rng, all, 3), Observed: some(rng, all, 2), Seeds: some(rng, all, 3),
		}
		f := newFlow(g, Config{Seeds: cfg.Seeds, Gradients: all})
		for _, v := range some(rng, all, 2) {
			if f.hasGradient(v) {
				cfg.Gradients = append(cfg.Gradients, v)
			}
		}
		if checkGraph(t, g, cfg, batch, team); t.Failed() {
			for i, node := range g.Nodes {
				t.Logf("%d: %T reads %v, trained %v", i, node.Op, node.In, node.Trained)
			}
			t.Fatalf("round %d: %+v", round, cfg)
		}
	}
}

// The reference itself, against difference quotients.
func TestThePlainRunHasTheRightGradients(t *testing.T) {
	g := graph(1)
	a := g.add(scale{newBase(vector)}, Input(0))
	b := g.add(softsign(vector), a)
	c := g.add(product{newBase(vector)}, a, b, a)
	d := g.add(mix{newBase(vector)}, c)
	e := g.add(center{newBase(vector)}, d)
	last := g.add(sine(vector), e)
	cfg := Config{Training: true, Outputs: []Value{last}, Seeds: []Value{last}}
	const n, h = 21, 1e-2
	loss := func() (l float64) {
		dy := given(last-50, vector.Size(), n)
		for i, y := range plainRun(g, cfg, n, 1).outcome().outputs[last] {
			l += float64(y) * float64(dy[i])
		}
		return l
	}
	for i, got := range plainRun(g, cfg, n, 1).params {
		w := &g.Nodes[a].Weights[0][i]
		at := *w
		*w = at + h
		up := loss()
		*w = at - h
		want := (up - loss()) / (2 * h)
		*w = at
		if math.Abs(float64(got)-want) > 5e-3*(1+math.Abs(want)) {
			t.Errorf("gradient of weight %d is %g, want %g", i, got, want)
		}
	}
}
