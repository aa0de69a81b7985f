package exec

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn/op"
)

// outcome is what a run shows, sample by sample.
type outcome struct {
	outputs, observed, gradients map[Value][]float32
	params                       []float32
}

// given is the value of an input, or a seed: some numbers.
func given(v Value, size, n int) []float32 {
	rows := make([]float32, n*size)
	for i := range rows {
		rows[i] = float32(math.Sin(float64(i) + 100*float64(v)))
	}
	return rows
}

// reference walks through a graph layer by layer with all blocks, each value and gradient in
// memory of its own, and computes everything, wanted or not.
type reference struct {
	g             *Graph
	cfg           Config
	n             int
	key           uint64
	values, grads [][]op.Block // by block and index
	training      [][]op.Training
	params        []float32
}

func plainRun(g *Graph, cfg Config, n int, key uint64) *reference {
	r := &reference{g: g, cfg: cfg, n: n, key: key, params: make([]float32, g.numGradients())}
	for b := range Blocks(n) {
		values, training := make([]op.Block, g.numValues()), make([]op.Training, len(g.Nodes))
		for k, s := range g.Inputs {
			x := op.NewBlock(s)
			x.SetSamples(r.rows(given(Input(k), s.Size(), n), s, b))
			values[g.index(Input(k))] = x
		}
		for i := range training {
			training[i] = op.Training{Key: op.Mix(key + uint64(i)), First: b * op.Lanes, Samples: min(op.Lanes, n-b*op.Lanes)}
		}
		r.values, r.training = append(r.values, values), append(r.training, training)
		r.grads = append(r.grads, make([]op.Block, g.numValues()))
	}
	for i := range g.Nodes {
		r.forward(i)
	}
	for b := range r.grads {
		for _, v := range cfg.Seeds {
			dy := op.NewBlock(g.shape(v))
			dy.SetSamples(r.rows(given(v-50, g.shape(v).Size(), n), g.shape(v), b))
			r.grads[b][g.index(v)] = dy
		}
	}
	params := make([][]float32, len(r.values))
	for b := range params {
		params[b] = make([]float32, len(r.params))
	}
	for i := len(g.Nodes) - 1; i >= 0; i-- {
		r.backward(i, params)
	}
	for _, block := range params {
		for i, v := range block {
			r.params[i] += v
		}
	}
	return r
}

// rows cuts those of a block out.
func (r *reference) rows(all []float32, s op.Shape, b int) []float32 {
	return all[b*op.Lanes*s.Size() : min((b+1)*op.Lanes, r.n)*s.Size()]
}

func (r *reference) call(i, b int) *op.Call {
	node := r.g.Nodes[i]
	c := &op.Call{W: node.Weights, Y: r.values[b][i], DY: r.grads[b][i], Scratch: op.NewScratch(node.Op)}
	for _, in := range node.In {
		c.X = append(c.X, r.values[b][r.g.index(in)])
		c.DX = append(c.DX, op.NewBlock(r.g.shape(in)))
	}
	if r.cfg.Training {
		c.Training = &r.training[b][i]
	}
	return c
}

func (r *reference) forward(i int) {
	node := r.g.Nodes[i]
	if s, ok := node.Op.(op.Synchronized); ok && r.cfg.Training {
		total, blocks := make([]float64, s.NumStatistics()), [][]float64(nil)
		for b := range r.values {
			own := make([]float64, s.NumStatistics())
			s.ForwardStatistics(r.call(i, b), own)
			r.training[b][i].Forward, r.training[b][i].BlockForward = total, own
			blocks = append(blocks, own)
		}
		s.MergeForward(blocks, total)
	}
	for b := range r.values {
		r.values[b][i] = op.NewBlock(node.Op.Shape())
		node.Op.Forward(r.call(i, b))
	}
}

func (r *reference) backward(i int, params [][]float32) {
	node := r.g.Nodes[i]
	if len(r.grads) == 0 || r.grads[0][i].Data == nil {
		return
	}
	if s, ok := node.Op.(op.Synchronized); ok && r.cfg.Training {
		total := make([]float64, s.NumStatistics())
		for b := range r.values {
			own := make([]float64, s.NumStatistics())
			s.BackwardStatistics(r.call(i, b), own)
			r.training[b][i].Backward, r.training[b][i].BlockBackward = total, own
			for k, v := range own {
				total[k] += v
			}
		}
	}
	for b := range r.values {
		c := r.call(i, b)
		c.DW = r.g.SplitGradients(params[b])[i]
		node.Op.Backward(c)
		for k, in := range node.In {
			to := &r.grads[b][r.g.index(in)]
			if to.Data == nil {
				*to = c.DX[k]
				continue
			}
			for j, v := range c.DX[k].Data {
				to.Data[j] += v
			}
		}
	}
}

// read gives values of the samples.
func (r *reference) read(blocks [][]op.Block, list []Value) map[Value][]float32 {
	all := map[Value][]float32{}
	for _, v := range list {
		s := r.g.shape(v)
		all[v] = make([]float32, r.n*s.Size())
		for b := range blocks {
			blocks[b][r.g.index(v)].Samples(r.rows(all[v], s, b))
		}
	}
	return all
}

func (r *reference) outcome() outcome {
	c := r.cfg
	return outcome{r.read(r.values, c.Outputs), r.read(r.values, c.Observed), r.read(r.grads, c.Gradients), r.params}
}

// run is what an executor shows.
func run(e *Executor, n int, key uint64) (outcome, error) {
	g, c := e.graph, e.blocks.cfg
	o := outcome{map[Value][]float32{}, map[Value][]float32{}, map[Value][]float32{}, make([]float32, e.NumGradients())}
	for to, list := range map[*map[Value][]float32][]Value{&o.outputs: c.Outputs, &o.observed: c.Observed, &o.gradients: c.Gradients} {
		for _, v := range list {
			(*to)[v] = make([]float32, n*g.shape(v).Size())
		}
	}
	rows := func(all []float32, u *Unit, v Value) []float32 {
		size := g.shape(v).Size()
		return all[u.First*size : (u.First+u.Samples)*size]
	}
	err := e.Run(n, Job{
		Key: key, InBlocks: true,
		Load: func(u *Unit) error {
			for k, s := range g.Inputs {
				u.Value(Input(k)).Write(rows(given(Input(k), s.Size(), n), u, Input(k)))
			}
			return nil
		},
		AfterForward: func(u *Unit) error {
			for _, v := range c.Outputs {
				u.Value(v).Read(rows(o.outputs[v], u, v))
			}
			for _, v := range c.Seeds {
				if dy := u.Gradient(v); dy.Data != nil {
					dy.SetSamples(rows(given(v-50, g.shape(v).Size(), n), u, v))
				}
			}
			return nil
		},
		Observe:  func(u *Unit, v Value) { u.Value(v).Read(rows(o.observed[v], u, v)) },
		Gradient: func(u *Unit, v Value) { u.Gradient(v).Samples(rows(o.gradients[v], u, v)) },
	})
	if err == nil && len(c.Seeds) > 0 {
		e.Reduce(o.params)
	}
	return o, err
}

// spoil fills all that blocks hold between runs with NaN.
func (e *Executor) spoil() {
	nan := float32(math.NaN())
	for _, ws := range e.blocks.workspaces {
		for _, list := range slices.Concat([][]op.Block{ws.values, ws.grads}, ws.temp) {
			for _, b := range list {
				for i := range b.Data {
					b.Data[i] = nan
				}
			}
		}
		for _, c := range slices.Concat(ws.forward, ws.backward) {
			for i := range c.Scratch {
				c.Scratch[i] = nan
			}
		}
	}
}

// checkGraph holds an executor against the reference, bit by bit: for batches that end
// inside a block or do not, and any number of workers.
func checkGraph(t *testing.T, g *Graph, cfg Config, batches, workers []int) {
	t.Helper()
	for _, n := range batches {
		want := plainRun(g, cfg, n, 7).outcome()
		for _, workers := range workers {
			cfg.Workers = workers
			e := New(g, cfg)
			for round := range 2 {
				got, err := run(e, n, 7)
				if err != nil {
					t.Fatal(err)
				}
				what := fmt.Sprintf("%d samples, %d workers, round %d", n, workers, round)
				sameValues(t, what+": output", got.outputs, want.outputs)
				sameValues(t, what+": observed", got.observed, want.observed)
				sameValues(t, what+": gradient", got.gradients, want.gradients)
				if len(cfg.Seeds) > 0 && !sameBits(got.params, want.params) {
					t.Errorf("%s: gradients of parameters %v, want %v", what, got.params, want.params)
				}
				e.spoil()
			}
			if t.Failed() {
				return
			}
		}
	}
}

func sameValues(t *testing.T, what string, got, want map[Value][]float32) {
	t.Helper()
	for _, v := range slices.Sorted(maps.Keys(want)) {
		if !sameBits(got[v], want[v]) {
			t.Errorf("%s of value %d is %.4v, want %.4v", what, v, got[v], want[v])
		}
	}
}

// sameBits takes 0 and −0 for the same.
func sameBits(a, b []float32) bool { return slices.Equal(a, b) }
