package layer_test

import (
	"math"
	"testing"

	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/nntest"
	"github.com/gonn-toolkit/gonn/nn/op"
)

func TestPad(t *testing.T) {
	for _, c := range []struct {
		pad     layer.Pad
		in, out op.Shape
	}{
		{layer.Pad{Pads: [4]int{1, 2, 3, 0}}, op.Shape{2, 3, 4}, op.Shape{2, 7, 6}},
		{layer.Pad{Pads: [4]int{1, 1, 1, 1}, Value: -2.5}, op.Shape{3, 1, 1}, op.Shape{3, 3, 3}},
		{layer.Pad{Pads: [4]int{0, 0, 0, 3}, Value: 1}, op.Shape{1, 2, 2}, op.Shape{1, 2, 5}},
		{layer.Pad{}, op.Shape{2, 2, 3}, op.Shape{2, 2, 3}},
	} {
		checkShape(t, c.pad, c.in, c.out)
		nntest.Layer(t, nntest.Case{Layer: c.pad, In: []op.Shape{c.in}, Formula: func(_, x [][]float64) (y []float64) {
			for ch := range c.out[0] {
				for i := range c.out[1] {
					for j := range c.out[2] {
						v := float64(c.pad.Value)
						if iy, ix := i-c.pad.Pads[0], j-c.pad.Pads[1]; iy >= 0 && iy < c.in[1] && ix >= 0 && ix < c.in[2] {
							v = x[0][(ch*c.in[1]+iy)*c.in[2]+ix]
						}
						y = append(y, v)
					}
				}
			}
			return y
		}})
	}
	nntest.Refuses(t, layer.Pad{}, []op.Shape{{4}}, "got input (4)", "need (channels, height, width)")
	nntest.Refuses(t, layer.Pad{Pads: [4]int{0, 0, -1, 0}}, []op.Shape{{1, 4, 4}}, "Pads is -1")
	nntest.Refuses(t, layer.Pad{Value: float32(math.NaN())}, []op.Shape{{1, 4, 4}}, "Value is NaN")
}
