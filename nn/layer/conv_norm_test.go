package layer_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/nntest"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// convsOfThree are convolutions of maps with three channels.
var convsOfThree = map[string]layer.Conv{
	"3x3":       {Out: 4, Kernel: [2]int{3, 3}, Pads: [4]int{1, 1, 1, 1}, NoBias: true},
	"stride":    {Out: 2, Kernel: [2]int{3, 2}, Stride: [2]int{2, 2}, Pads: [4]int{1, 0, 0, 1}},
	"1x1":       {Out: 5, Kernel: [2]int{1, 1}},
	"depthwise": {Out: 3, Kernel: [2]int{3, 3}, Pads: [4]int{1, 1, 1, 1}, Groups: 3},
}

// A convolution that normalises and activates its input keeps the contract of Ops.
func TestConvFusedWithItsNormalisedInput(t *testing.T) {
	const eps = 0.01
	in := nn.Shape{3, 4, 5}
	for _, spelled := range []string{"leaky:0.3", "prelu:channel", "prelu:one"} {
		for _, conv := range convsOfThree {
			formula := convFormula(conv, in)
			apply := func(z []float64, w [][]float64) []float64 {
				slope, params := func(int) float64 { return float64(float32(0.3)) }, 4
				if spelled != "leaky:0.3" {
					slope, params = func(i int) float64 { return w[4][i*len(w[4])/len(z)] }, 5
				}
				for i, v := range z {
					if v < 0 {
						z[i] = slope(i) * v
					}
				}
				return formula(w[params:], [][]float64{z})
			}
			nntest.Layer(t, nntest.Case{
				Layer: fused{layer.BatchNorm{Eps: eps}, activation.Must(spelled), conv}, In: []nn.Shape{in},
				Formula: func(w, x [][]float64) []float64 {
					return apply(normalized(x[0], w[2], w[3], w[0], w[1], float64(float32(eps))), w)
				},
				Training: func(w [][]float64, x [][][]float64) (y [][]float64) {
					var all [][]float64
					for _, sample := range x {
						all = append(all, sample[0])
					}
					mean, variance := moments(all, in[0])
					for _, sample := range all {
						y = append(y, apply(normalized(sample, mean, variance, w[0], w[1], float64(float32(eps))), w))
					}
					return y
				},
			})
		}
	}
}

// A training step of the fused Op gives what the layers give one after the other, whichever
// gradients are wanted.
func TestConvFusedIsTheThree(t *testing.T) {
	rng := rand.New(rand.NewPCG(15, 16))
	in := nn.Shape{3, 9, 8}
	const samples = 13
	for _, name := range slices.Sorted(maps.Keys(convsOfThree)) {
		conv := convsOfThree[name]
		for _, spelled := range []string{"relu", "leaky:-0.5", "prelu:channel", "prelu:one"} {
			for _, mode := range []string{"all", "no dx", "dx only"} {
				what := fmt.Sprintf("%s, %s, %s", name, spelled, mode)
				bind := func(l nn.Layer, in nn.Shape) op.Op {
					o, err := l.Bind([]nn.Shape{in})
					if err != nil {
						t.Fatal(err)
					}
					return o
				}
				norm, act, last := bind(layer.BatchNorm{}, in), bind(activation.Must(spelled), in), bind(conv, in)
				all := bind(fused{layer.BatchNorm{}, activation.Must(spelled), conv}, in)
				random := func(n int) []float32 {
					v := make([]float32, n)
					for i := range v {
						v[i] = float32(rng.NormFloat64())
					}
					return v
				}
				x := op.Block{Shape: in, Data: random(in.Size() * op.Lanes)}
				dy := op.Block{Shape: last.Shape(), Data: random(last.Shape().Size() * op.Lanes)}
				op.ClearLanes(dy.Data, samples)
				var w, want, got op.Weights
				for _, p := range all.Params() {
					n := p.Shape.Size()
					w = append(w, random(n))
					if mode == "dx only" || !p.Role.Trained() {
						want, got = append(want, nil), append(got, nil)
						continue
					}
					want, got = append(want, make([]float32, n)), append(got, make([]float32, n))
				}
				dx, gotDX := op.Block{Shape: in}, op.Block{Shape: in}
				if mode != "no dx" {
					dx, gotDX = op.NewBlock(in), op.NewBlock(in)
				}
				z, a, dz, da := op.NewBlock(in), op.NewBlock(in), op.NewBlock(in), op.NewBlock(in)
				y, gotY := op.NewBlock(last.Shape()), op.NewBlock(last.Shape())
				from := 4 + len(act.Params()) // the convolution's parameters
				call := func(lo, hi int, x, y, dy, dx op.Block) *op.Call {
					c := &op.Call{W: w[lo:hi], DW: want[lo:hi], X: []op.Block{x}, Y: y, DY: dy, DX: []op.Block{dx}}
					c.Training = &op.Training{Samples: samples}
					return c
				}
				first, second, third := call(0, 4, x, z, dz, dx), call(4, from, z, a, da, dz), call(from, len(w), a, y, dy, da)
				statistics(first, norm)
				norm.Forward(first)
				act.Forward(second)
				last.Forward(third)
				last.Backward(third)
				act.Backward(second)
				backwardStatistics(first, norm)
				norm.Backward(first)
				both := call(0, len(w), x, gotY, dy, gotDX)
				both.DW = got
				statistics(both, all)
				split(all, 1+rng.IntN(3), func(o op.Op) { o.Forward(both) })
				backwardStatistics(both, all)
				split(all, 1+rng.IntN(3), func(o op.Op) { o.Backward(both) })
				near(t, what+": y", gotY.Data, y.Data, 0)
				near(t, what+": dx", gotDX.Data, dx.Data, 1e-6)
				for i := range want {
					tolerance := 1e-5
					if len(want[i]) == 1 { // one slope: a sum over all elements of all samples
						tolerance = 1e-4
					}
					near(t, fmt.Sprint(what, ": parameter ", i), got[i], want[i], tolerance)
				}
			}
		}
	}
}
