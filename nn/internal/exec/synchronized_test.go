package exec

import (
	"testing"

	"github.com/gonn-toolkit/gonn/nn/op"
)

// synchronized graphs have layers that need the whole batch: one after the other, first and
// last, two that read the same value, and one on a branch that nothing comes back from.
func synchronizedGraphs() map[string]*Graph {
	list := map[string]*Graph{}
	g := graph(1)
	g.add(center{newBase(vector)}, Input(0))
	g.add(center{newBase(vector)}, 0)
	list["first and last"] = g

	g = graph(1)
	g.add(scale{newBase(vector)}, Input(0))
	g.add(center{newBase(vector)}, 0)
	g.add(cosine(vector), 1)
	g.add(center{newBase(vector)}, 2)
	g.add(scale{newBase(vector)}, 3)
	list["two in a row"] = g

	g = graph(1)
	g.add(scale{newBase(vector)}, Input(0))
	g.add(center{newBase(vector)}, 0)
	g.add(center{newBase(vector)}, 0)
	g.add(product{newBase(vector)}, 1, 2, 0)
	list["two that read the same"] = g

	g = graph(1)
	g.add(center{newBase(vector)}, Input(0))
	g.add(mix{newBase(vector)}, 0)
	g.add(scale{newBase(vector)}, 1)
	g.add(center{newBase(vector)}, 2)
	g.add(softsign(vector), 3)
	list["the first without a backward pass"] = g

	g = graph(1)
	g.add(scale{newBase(vector)}, Input(0))
	g.add(notSplitCenter{center{newBase(vector)}}, 0)
	g.add(sine(vector), 1)
	g.Nodes[1].Weights, g.Nodes[1].Trained = op.Weights{make([]float32, 6)}, []bool{false}
	list["one that is not split"] = g
	return list
}

// notSplitCenter is a synchronized op without Split.
type notSplitCenter struct{ center }

func (notSplitCenter) Split() {}

func TestSynchronizedLayers(t *testing.T) {
	for name, g := range synchronizedGraphs() {
		t.Run(name, func(t *testing.T) {
			last := Value(len(g.Nodes) - 1)
			for _, gradients := range [][]Value{nil, {Input(0)}} {
				cfg := Config{Training: true, Outputs: []Value{last}, Seeds: []Value{last}, Gradients: gradients}
				checkGraph(t, g, cfg, []int{1, 37}, []int{1, 2, 5})
			}
			checkGraph(t, g, Config{Training: true, Outputs: []Value{last}}, []int{37}, []int{1, 3})
			checkGraph(t, g, Config{Outputs: []Value{last}, Seeds: []Value{last}}, []int{37}, []int{3})
		})
	}
}

// Running statistics follow the batch once a run, whatever comes back, and not in inference.
func TestRunningStatisticsFollowARun(t *testing.T) {
	g := graph(1)
	g.add(center{newBase(vector)}, Input(0))
	want := make([]float32, vector.Size())
	for i, v := range given(Input(0), vector.Size(), 37) {
		want[i%vector.Size()] += v / 37
	}
	for _, cfg := range []Config{{Training: true, Outputs: []Value{0}}, {Training: true, Seeds: []Value{0}}, {Outputs: []Value{0}}} {
		before := []float32{1, 2, 3, 4, 5, 6}
		copy(g.Nodes[0].Weights[0], before)
		if _, err := run(New(g, cfg), 37, 1); err != nil {
			t.Fatal(err)
		}
		for k, got := range g.Nodes[0].Weights[0] {
			if !cfg.Training && got != before[k] || cfg.Training && max(got-want[k], want[k]-got) > 1e-5 {
				t.Errorf("%+v: running mean %v, the batch has %v", cfg, g.Nodes[0].Weights[0], want)
			}
		}
	}
}

// An op that shares memory between those who work on it and waits for them, whatever their
// number; and one that waits though it works alone.
func TestWaitingInsideLayers(t *testing.T) {
	g := graph(1)
	g.add(mix{newBase(vector)}, Input(0))
	g.add(alone{whole{sum{newBase(vector)}}}, 0)
	g.add(mix{newBase(vector)}, 1)
	cfg := Config{Training: true, Outputs: []Value{2}, Seeds: []Value{2}, Gradients: []Value{Input(0)}}
	checkGraph(t, g, cfg, []int{1, 17, 100}, []int{1, 2, 3, 5, 16})
}

// alone is an op without Split.
type alone struct{ whole }

func (alone) Split() {}
