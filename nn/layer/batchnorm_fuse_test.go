package layer_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/nntest"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// fused is a layer whose Op is that of several, fused. Those with two inputs read one of their own.
type fused []nn.Layer

func (fused) Kind() string { return "fused" }
func (fused) Stem() string { return "fused" }

func (f fused) Bind(in []nn.Shape) (op.Op, error) {
	o, err := f[0].Bind(in[:min(1, len(in))])
	for _, l := range f[1:] {
		if err != nil {
			return nil, err
		}
		reads := []nn.Shape{o.Shape()}
		if _, ok := l.(layer.Add); ok {
			reads = append(reads, in[1:]...)
		}
		next, err := l.Bind(reads)
		if err != nil {
			return nil, err
		}
		all, ok := o.(interface {
			Fuse(op.Op, int, bool) (op.Op, bool)
		}).Fuse(next, 0, true)
		if !ok {
			return nil, fmt.Errorf("%s is not fused", l.Kind())
		}
		o = all
	}
	return o, err
}

// The fused Op keeps the contract of Ops, whichever way the activation's parameter is shared.
func TestBatchNormFusedWithAnActivation(t *testing.T) {
	const eps = 0.01
	for spelled, shapes := range map[string][]nn.Shape{
		"tanh": {{3, 4, 5}, {7}, {1, 3, 45}}, "swish-beta:one": {{3, 4, 5}}, "swish-beta:channel": {{3, 4, 5}}, "swish-beta": {{3, 4, 5}, {7}}, "gelu": {{3, 4, 5}, {7}, {1, 3, 45}},
	} {
		for _, in := range shapes {
			act := activation.Must(spelled)
			f := func(z float64, a []float64, i int) float64 {
				switch {
				case spelled == "gelu":
					return z * math.Erfc(-z/math.Sqrt2) / 2
				case len(a) == 0:
					return math.Tanh(z)
				}
				return z / (1 + math.Exp(-a[i*len(a)/in.Size()]*z))
			}
			apply := func(z, a []float64) []float64 {
				for i := range z {
					z[i] = f(z[i], a, i)
				}
				return z
			}
			last := func(w [][]float64) []float64 {
				if len(w) > 4 {
					return w[4]
				}
				return nil
			}
			nntest.Layer(t, nntest.Case{
				Layer: fused{layer.BatchNorm{Eps: eps}, act}, In: []nn.Shape{in},
				Formula: func(w, x [][]float64) []float64 {
					return apply(normalized(x[0], w[2], w[3], w[0], w[1], float64(float32(eps))), last(w))
				},
				Training: func(w [][]float64, x [][][]float64) (y [][]float64) {
					var all [][]float64
					for _, sample := range x {
						all = append(all, sample[0])
					}
					mean, variance := moments(all, in[0])
					for _, sample := range all {
						y = append(y, apply(normalized(sample, mean, variance, w[0], w[1], float64(float32(eps))), last(w)))
					}
					return y
				},
			})
		}
	}
}

// For every activation of the table, in training and in inference, whatever is wanted, the fused
// Op gives what the two give one after the other.
func TestBatchNormFusedIsTheTwo(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 11))
	spelled := append(activation.Names(), "prelu:one", "prelu:channel", "swish-beta:channel", "prelu:1xHx1")
	for _, in := range []nn.Shape{{3, 4, 6}, {2, 20, 9}} {
		for _, name := range spelled {
			act, err := activation.Parse(strings.Replace(name, "H", fmt.Sprint(in[1]), 1))
			if err != nil {
				act = activation.Must(name + ":0.7")
			}
			for _, act.Kink = range []nn.Semantics{nn.PyTorch, nn.Keras} {
				for _, mode := range []string{"training", "inference", "frozen", "no dx", "slope only", "dx only"} {
					compareFused(t, rng, fmt.Sprintf("%s on %v, %v, %s", name, in, act.Kink, mode), in, act, mode)
				}
			}
		}
	}
}

func compareFused(t *testing.T, rng *rand.Rand, what string, in nn.Shape, act activation.Layer, mode string) {
	t.Helper()
	bind := func(l nn.Layer) op.Op {
		o, err := l.Bind([]nn.Shape{in})
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	norm, second, both := bind(layer.BatchNorm{}), bind(act), bind(fused{layer.BatchNorm{}, act})
	if got, want := len(both.Params()), len(norm.Params())+len(second.Params()); got != want {
		t.Fatalf("%s: %d parameters, want %d", what, got, want)
	}
	const samples = 13
	random := func(n int) []float32 {
		v := make([]float32, n)
		for i := range v {
			v[i] = float32(rng.NormFloat64())
		}
		return v
	}
	block := func(random []float32) op.Block { return op.Block{Shape: in, Data: random} }
	n := in.Size() * op.Lanes
	x, dy := block(random(n)), block(random(n))
	op.ClearLanes(dy.Data, samples)
	var w, want, got op.Weights
	for i, p := range both.Params() {
		v := random(p.Shape.Size())
		for j := range v {
			if p.Role == nn.Statistic {
				v[j] = max(v[j], -v[j])
			}
		}
		wanted := mode == "training" || mode == "inference" || mode == "no dx" || mode == "slope only" && i == 4
		zeros := func() []float32 {
			if !wanted || !p.Role.Trained() {
				return nil
			}
			return make([]float32, len(v))
		}
		w, want, got = append(w, v), append(want, zeros()), append(got, zeros())
	}
	var dx, gotDX []op.Block
	if mode == "no dx" || mode == "slope only" {
		dx, gotDX = []op.Block{{Shape: in}}, []op.Block{{Shape: in}}
	} else {
		dx, gotDX = []op.Block{op.NewBlock(in)}, []op.Block{op.NewBlock(in)}
	}
	z, y, dz, gotY := op.NewBlock(in), op.NewBlock(in), op.NewBlock(in), op.NewBlock(in)
	first := &op.Call{W: w[:4], DW: want[:4], X: []op.Block{x}, Y: z, DY: dz, DX: dx}
	then := &op.Call{W: w[4:], DW: want[4:], X: []op.Block{z}, Y: y, DY: dy, DX: []op.Block{dz}}
	all := &op.Call{W: w, DW: got, X: []op.Block{x}, Y: gotY, DY: dy, DX: gotDX, Kept: op.NewKept(both)}
	if mode != "inference" {
		training := func() *op.Training { return &op.Training{Samples: samples} }
		first.Training, then.Training, all.Training = training(), training(), training()
	}
	statistics(first, norm)
	norm.Forward(first)
	second.Forward(then)
	second.Backward(then)
	backwardStatistics(first, norm)
	norm.Backward(first)
	statistics(all, both)
	split(both, 1+rng.IntN(3), func(o op.Op) { o.Forward(all) })
	backwardStatistics(all, both)
	split(both, 1+rng.IntN(3), func(o op.Op) { o.Backward(all) })
	if !slices.Equal(gotY.Data, y.Data) {
		t.Errorf("%s: the output has other bits than that of the two", what)
	}
	near(t, what+": dx", gotDX[0].Data, dx[0].Data, 1e-6)
	for i := range want {
		near(t, fmt.Sprint(what, ": parameter ", i), got[i], want[i], 1e-5)
	}
}

// split does the shares of the work.
func split(o op.Op, n int, f func(o op.Op)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { f(o.(op.Splitter).Split(i, n)) })
	}
	wg.Wait()
}

// statistics computes the forward statistics of a batch of one block.
func statistics(c *op.Call, o op.Op) {
	if c.Training == nil {
		return
	}
	s := o.(op.Synchronized)
	block, total := make([]float64, s.NumStatistics()), make([]float64, s.NumStatistics())
	s.ForwardStatistics(c, block)
	s.MergeForward([][]float64{block}, total)
	c.Training.BlockForward, c.Training.Forward = block, total
}

func backwardStatistics(c *op.Call, o op.Op) {
	if c.Training != nil {
		s := make([]float64, o.(op.Synchronized).NumStatistics())
		o.(op.Synchronized).BackwardStatistics(c, s)
		c.Training.BlockBackward, c.Training.Backward = s, s
	}
}
