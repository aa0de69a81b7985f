package nntest

import (
	"fmt"
	"math/rand/v2"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// samples is the number of samples: one block, and one lane of a second one.
const samples = nn.Lanes + 1

// fixture is a bound layer with random parameters, samples and output gradients.
type fixture struct {
	Case
	op op.Op
	w  op.Weights
	x  [][][]float32 // of each sample, each input
	dy [][]float32   // of each sample
}

func newFixture(c Case) (*fixture, error) {
	op, err := c.Layer.Bind(c.In)
	if err != nil {
		return nil, fmt.Errorf("Bind: %w", err)
	}
	b := &fixture{Case: c, op: op}
	rng := rand.New(rand.NewPCG(1, 2))
	for _, p := range op.Params() {
		v := values(rng, p.Shape.Size())
		for i := range v {
			if p.Role == nn.Statistic && v[i] < 0 { // perhaps a variance
				v[i] = -v[i]
			}
		}
		b.w = append(b.w, v)
	}
	for range samples {
		var x [][]float32
		for _, in := range c.In {
			x = append(x, c.inputs(rng, in.Size()))
		}
		b.x = append(b.x, x)
		b.dy = append(b.dy, values(rng, op.Shape().Size()))
	}
	return b, nil
}

// block is the memory of a call of the layer.
type block struct {
	x     []nn.Block
	y, dy nn.Block
	dx    []nn.Block
	dw    op.Weights
}

// load writes samples lo…hi−1 to the lanes of a new block.
func (b *fixture) load(lo, hi int) *block {
	k := &block{y: nn.NewBlock(b.op.Shape()), dy: nn.NewBlock(b.op.Shape())}
	for i, shape := range b.In {
		k.x = append(k.x, nn.NewBlock(shape))
		k.dx = append(k.dx, nn.NewBlock(shape))
		for s := lo; s < hi; s++ {
			k.x[i].SetSample(s-lo, b.x[s][i])
		}
	}
	for s := lo; s < hi; s++ {
		k.dy.SetSample(s-lo, b.dy[s])
	}
	for _, w := range b.w {
		k.dw = append(k.dw, make([]float32, len(w)))
	}
	return k
}

// call is the call of the layer on a block, in inference.
func (b *fixture) call(k *block) *op.Call {
	c := &op.Call{W: b.w, DW: k.dw, X: k.x, Y: k.y, DY: k.dy, DX: k.dx, Scratch: op.NewScratch(b.op), Kept: op.NewKept(b.op)}
	fill(c.Kept, nan) // the forward pass must write what the backward pass reads
	return c
}

// forwardBackward runs a block forward and backward.
func (b *fixture) forwardBackward(k *block) {
	c := b.call(k)
	b.op.Forward(c)
	b.op.Backward(c)
}

// result is the result for a number of samples.
type result struct {
	y  [][]float32   // of each sample
	dx [][][]float32 // of each sample, each input
	dw op.Weights    // summed over samples
}

// run runs the layer on the first n samples, block by block.
func (b *fixture) run(n int) result {
	r := result{dw: b.load(0, 0).dw}
	for lo := 0; lo < n; lo += nn.Lanes {
		hi := min(lo+nn.Lanes, n)
		k := b.load(lo, hi)
		b.forwardBackward(k)
		for l := range hi - lo {
			r.y = append(r.y, lane(k.y, l))
			var dx [][]float32
			for _, d := range k.dx {
				dx = append(dx, lane(d, l))
			}
			r.dx = append(r.dx, dx)
		}
		for p, dw := range k.dw {
			for j, v := range dw {
				r.dw[p][j] += v
			}
		}
	}
	return r
}

func lane(b nn.Block, l int) []float32 {
	v := make([]float32, b.Shape.Size())
	b.Sample(l, v)
	return v
}
