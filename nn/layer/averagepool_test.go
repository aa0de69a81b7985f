package layer_test

import (
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/nntest"
	"github.com/gonn-toolkit/gonn/nn/op"
)

func average(countPads bool) func(v []float64, padded int) float64 {
	return func(v []float64, padded int) (s float64) {
		for _, x := range v {
			s += x
		}
		if countPads {
			return s / float64(padded)
		}
		return s / float64(len(v))
	}
}

func TestAveragePool(t *testing.T) {
	for name, c := range poolCases {
		for _, countPads := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				m := c.layer
				l := layer.AveragePool{Kernel: m.Kernel, Stride: m.Stride, Pads: m.Pads, Ceil: m.Ceil, CountPads: countPads}
				m = m.Normal()
				checkShape(t, l, c.in, c.out)
				nntest.Layer(t, nntest.Case{
					Layer: l, In: []op.Shape{c.in},
					Formula: poolFormula(c.in, c.out, m.Kernel, m.Stride, m.Dilation, m.Pads, average(countPads)),
				})
			})
		}
	}
	for _, in := range []op.Shape{{3, 4, 5}, {1, 1, 1}, {20, 2, 2}, {2, 9, 11}} {
		out := op.Shape{in[0], 1, 1}
		checkShape(t, layer.GlobalAveragePool{}, in, out)
		nntest.Layer(t, nntest.Case{
			Layer: layer.GlobalAveragePool{}, In: []op.Shape{in},
			Formula: poolFormula(in, out, [2]int{in[1], in[2]}, [2]int{1, 1}, [2]int{1, 1}, [4]int{}, average(false)),
		})
	}
}

// The divisors of a window in the corner, at the edge and in the middle, by hand. In the
// last row and column of Ceil, what lies behind the pads counts in no case.
func TestAveragePoolCountsPads(t *testing.T) {
	ones := slices.Repeat([]float32{1}, 16)
	l := layer.AveragePool{Kernel: [2]int{3, 3}, Stride: [2]int{2, 2}, Pads: [4]int{1, 1, 1, 1}, Ceil: true}
	dy := make([]float32, 9)
	y, _ := runOnce(t, l, op.Shape{1, 4, 4}, ones, dy)
	if want := slices.Repeat([]float32{1}, 9); !slices.Equal(y, want) {
		t.Errorf("without pads y is %v, want %v", y, want)
	}
	l.CountPads = true
	y, _ = runOnce(t, l, op.Shape{1, 4, 4}, ones, dy)
	want := []float32{4. / 9, 6. / 9, 2. / 6, 6. / 9, 1, 3. / 6, 2. / 6, 3. / 6, 1. / 4}
	if !slices.Equal(y, want) {
		t.Errorf("with pads y is %v, want %v", y, want)
	}
}

func TestAveragePoolRefusesWhatDoesNotFit(t *testing.T) {
	k2 := [2]int{2, 2}
	nntest.Refuses(t, layer.AveragePool{Kernel: k2}, []op.Shape{{25}}, "got input (25)", "need (channels, height, width)")
	nntest.Refuses(t, layer.AveragePool{Kernel: k2}, []op.Shape{{1, 5, 5}, {1, 5, 5}}, "got 2 inputs")
	nntest.Refuses(t, layer.AveragePool{}, []op.Shape{{1, 5, 5}}, "Kernel height is 0")
	nntest.Refuses(t, layer.AveragePool{Kernel: k2, Pads: [4]int{2, 0, 0, 0}}, []op.Shape{{1, 5, 5}}, "padding alone")
	nntest.Refuses(t, layer.GlobalAveragePool{}, []op.Shape{{25}}, "got input (25)")
}
