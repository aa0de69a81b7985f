package layer_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/nntest"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// poolFormula calls f with each window's pixels in the map, and the number of those in the
// map and its pads. How many windows there are is given.
func poolFormula(in, out op.Shape, kernel, stride, dilation [2]int, pads [4]int, f func(v []float64, padded int) float64) func(w, x [][]float64) []float64 {
	for i := range 2 {
		stride[i], dilation[i] = max(stride[i], 1), max(dilation[i], 1)
	}
	return func(_, x [][]float64) (y []float64) {
		for c := range out[0] {
			for oy := range out[1] {
				for ox := range out[2] {
					var v []float64
					padded := 0
					for ky := range kernel[0] {
						for kx := range kernel[1] {
							iy, ix := oy*stride[0]+ky*dilation[0]-pads[0], ox*stride[1]+kx*dilation[1]-pads[1]
							if iy < in[1]+pads[2] && ix < in[2]+pads[3] {
								padded++
							}
							if iy >= 0 && iy < in[1] && ix >= 0 && ix < in[2] {
								v = append(v, x[0][(c*in[1]+iy)*in[2]+ix])
							}
						}
					}
					y = append(y, f(v, padded))
				}
			}
		}
		return y
	}
}

func largest(v []float64, _ int) float64 { return slices.Max(v) }

// poolCases are geometries that both kinds of pooling take. The output shapes are those
// of PyTorch where it takes the geometry (its pads are the same on both sides).
var poolCases = map[string]struct {
	layer   layer.MaxPool
	in, out op.Shape
}{
	"2x2":                      {layer.MaxPool{Kernel: [2]int{2, 2}}, op.Shape{3, 4, 6}, op.Shape{3, 2, 3}},
	"odd map":                  {layer.MaxPool{Kernel: [2]int{2, 2}}, op.Shape{2, 5, 7}, op.Shape{2, 2, 3}},
	"odd map, ceil":            {layer.MaxPool{Kernel: [2]int{2, 2}, Ceil: true}, op.Shape{2, 5, 7}, op.Shape{2, 3, 4}},
	"overlapping":              {layer.MaxPool{Kernel: [2]int{3, 3}, Stride: [2]int{2, 2}}, op.Shape{2, 7, 8}, op.Shape{2, 3, 3}},
	"overlapping, ceil":        {layer.MaxPool{Kernel: [2]int{3, 3}, Stride: [2]int{2, 2}, Ceil: true}, op.Shape{2, 7, 8}, op.Shape{2, 3, 4}},
	"stride 1":                 {layer.MaxPool{Kernel: [2]int{3, 2}, Stride: [2]int{1, 1}}, op.Shape{2, 4, 4}, op.Shape{2, 2, 3}},
	"stride 3, pads":           {layer.MaxPool{Kernel: [2]int{3, 3}, Stride: [2]int{3, 3}, Pads: [4]int{1, 1, 1, 1}}, op.Shape{1, 7, 9}, op.Shape{1, 3, 3}},
	"stride over kernel":       {layer.MaxPool{Kernel: [2]int{1, 2}, Stride: [2]int{3, 4}}, op.Shape{2, 7, 9}, op.Shape{2, 3, 2}},
	"asymmetric pads":          {layer.MaxPool{Kernel: [2]int{3, 3}, Stride: [2]int{2, 2}, Pads: [4]int{0, 0, 1, 1}}, op.Shape{2, 6, 8}, op.Shape{2, 3, 4}},
	"more in front":            {layer.MaxPool{Kernel: [2]int{3, 4}, Stride: [2]int{2, 1}, Pads: [4]int{2, 3, 0, 1}}, op.Shape{1, 5, 4}, op.Shape{1, 3, 5}},
	"ceil starts in the pads":  {layer.MaxPool{Kernel: [2]int{2, 2}, Stride: [2]int{2, 2}, Pads: [4]int{1, 1, 1, 1}, Ceil: true}, op.Shape{1, 5, 4}, op.Shape{1, 3, 3}},
	"ceil starts at the end":   {layer.MaxPool{Kernel: [2]int{1, 2}, Stride: [2]int{2, 3}, Ceil: true}, op.Shape{1, 4, 3}, op.Shape{1, 2, 1}},
	"as large as the map":      {layer.MaxPool{Kernel: [2]int{4, 3}}, op.Shape{3, 4, 3}, op.Shape{3, 1, 1}},
	"larger than the map":      {layer.MaxPool{Kernel: [2]int{4, 4}, Stride: [2]int{1, 1}, Pads: [4]int{2, 1, 1, 2}}, op.Shape{2, 2, 2}, op.Shape{2, 2, 2}},
	"1x1":                      {layer.MaxPool{Kernel: [2]int{1, 1}}, op.Shape{2, 2, 3}, op.Shape{2, 2, 3}},
	"many channels, few rows":  {layer.MaxPool{Kernel: [2]int{1, 2}}, op.Shape{9, 1, 4}, op.Shape{9, 1, 2}},
	"ceil, stride over kernel": {layer.MaxPool{Kernel: [2]int{2, 2}, Stride: [2]int{3, 3}, Ceil: true}, op.Shape{1, 6, 7}, op.Shape{1, 2, 3}},
}

func TestMaxPool(t *testing.T) {
	cases := poolCases
	for name, c := range cases {
		t.Run(name, func(t *testing.T) { checkMaxPool(t, c.layer, c.in, c.out) })
	}
	t.Run("dilation", func(t *testing.T) {
		checkMaxPool(t, layer.MaxPool{Kernel: [2]int{3, 2}, Stride: [2]int{1, 2}, Dilation: [2]int{2, 3}}, op.Shape{2, 7, 9}, op.Shape{2, 3, 3})
		checkMaxPool(t, layer.MaxPool{Kernel: [2]int{2, 2}, Stride: [2]int{2, 2}, Dilation: [2]int{3, 2}, Pads: [4]int{1, 1, 2, 1}, Ceil: true},
			op.Shape{2, 6, 5}, op.Shape{2, 4, 3})
	})
	t.Run("global", func(t *testing.T) {
		for _, in := range []op.Shape{{3, 4, 5}, {1, 1, 1}, {20, 2, 2}} {
			checkMaxPool(t, layer.GlobalMaxPool{}, in, op.Shape{in[0], 1, 1})
			checkMaxPool(t, layer.GlobalMaxPool{Ties: op.Keras}, in, op.Shape{in[0], 1, 1})
		}
	})
}

func checkMaxPool(t *testing.T, l op.Layer, in, out op.Shape) {
	t.Helper()
	m, ok := l.(layer.MaxPool)
	if !ok {
		m = layer.MaxPool{Kernel: [2]int{in[1], in[2]}}
	}
	m = m.Normal()
	checkShape(t, l, in, out)
	nntest.Layer(t, nntest.Case{
		Layer: l, In: []op.Shape{in}, Distinct: true,
		Formula: poolFormula(in, out, m.Kernel, m.Stride, m.Dilation, m.Pads, largest),
	})
}

func checkShape(t *testing.T, l op.Layer, in, out op.Shape) {
	t.Helper()
	bound, err := l.Bind([]op.Shape{in})
	if err != nil {
		t.Fatal(err)
	}
	if !bound.Shape().Equal(out) {
		t.Fatalf("%+v on %v gives %v, want %v", l, in, bound.Shape(), out)
	}
}

// runOnce runs a layer without parameters forward and back on one sample.
func runOnce(t *testing.T, l op.Layer, in op.Shape, x, dy []float32) (y, dx []float32) {
	t.Helper()
	bound, err := l.Bind([]op.Shape{in})
	if err != nil {
		t.Fatal(err)
	}
	bx, bdx, by, bdy := op.NewBlock(in), op.NewBlock(in), op.NewBlock(bound.Shape()), op.NewBlock(bound.Shape())
	bx.SetSample(5, x)
	bdy.SetSample(5, dy)
	bound.Forward(&op.Call{X: []op.Block{bx}, Y: by})
	bound.Backward(&op.Call{X: []op.Block{bx}, Y: by, DY: bdy, DX: []op.Block{bdx}})
	y, dx = make([]float32, len(dy)), make([]float32, len(x))
	by.Sample(5, y)
	bdx.Sample(5, dx)
	return y, dx
}

// Of equal pixels the first in the order of rows gets the gradient.
func TestMaxPoolGivesTiesToTheFirst(t *testing.T) {
	y, dx := runOnce(t, layer.MaxPool{Kernel: [2]int{2, 2}, Stride: [2]int{1, 1}}, op.Shape{1, 2, 4},
		[]float32{
			1, 7, 7, 0,
			7, 7, 0, 0,
		}, []float32{10, 20, 40})
	if want := []float32{7, 7, 7}; !slices.Equal(y, want) {
		t.Errorf("y is %v, want %v", y, want)
	}
	if want := []float32{0, 30, 40, 0, 0, 0, 0, 0}; !slices.Equal(dx, want) {
		t.Errorf("dx is %v, want %v", dx, want)
	}
	inf := float32(math.Inf(-1))
	if _, dx := runOnce(t, layer.GlobalMaxPool{}, op.Shape{1, 2, 2}, []float32{inf, inf, inf, inf}, []float32{3}); !slices.Equal(dx, []float32{3, 0, 0, 0}) {
		t.Errorf("of −∞ alone dx is %v", dx)
	}
}

// Keras divides the gradient of the largest pixel of all.
func TestGlobalMaxPoolDividesTiesInKeras(t *testing.T) {
	x, dy := []float32{1, 7, 7, 0, 7, 7}, []float32{10}
	for ties, want := range map[op.Semantics][]float32{
		op.PyTorch: {0, 10, 0, 0, 0, 0},
		op.Keras:   {0, 2.5, 2.5, 0, 2.5, 2.5},
	} {
		y, dx := runOnce(t, layer.GlobalMaxPool{Ties: ties}, op.Shape{1, 2, 3}, x, dy)
		if y[0] != 7 || !slices.Equal(dx, want) {
			t.Errorf("%v: y is %v and dx %v, want 7 and %v", ties, y, dx, want)
		}
	}
}

// As in PyTorch a NaN is larger than all, and of several the last one is.
func TestMaxPoolOfNaN(t *testing.T) {
	nan := float32(math.NaN())
	y, dx := runOnce(t, layer.MaxPool{Kernel: [2]int{1, 3}}, op.Shape{1, 1, 9},
		[]float32{1, nan, 3, nan, nan, 9, 1, 2, 3}, []float32{10, 20, 40})
	if y[0] == y[0] || y[1] == y[1] || y[2] != 3 {
		t.Errorf("y is %v, want NaN, NaN, 3", y)
	}
	if want := []float32{0, 10, 0, 0, 20, 0, 0, 0, 40}; !slices.Equal(dx, want) {
		t.Errorf("dx is %v, want %v", dx, want)
	}
}

func TestMaxPoolRefusesWhatDoesNotFit(t *testing.T) {
	k2 := [2]int{2, 2}
	for name, c := range map[string]struct {
		layer op.Layer
		in    []op.Shape
		words []string
	}{
		"two inputs":         {layer.MaxPool{Kernel: k2}, []op.Shape{{1, 5, 5}, {1, 5, 5}}, []string{"got 2 inputs"}},
		"a vector":           {layer.MaxPool{Kernel: k2}, []op.Shape{{25}}, []string{"got input (25)", "need (channels, height, width)"}},
		"no kernel":          {layer.MaxPool{}, []op.Shape{{1, 5, 5}}, []string{"Kernel height is 0"}},
		"negative stride":    {layer.MaxPool{Kernel: k2, Stride: [2]int{1, -1}}, []op.Shape{{1, 5, 5}}, []string{"Stride is -1"}},
		"negative pad":       {layer.MaxPool{Kernel: k2, Pads: [4]int{0, -1, 0, 0}}, []op.Shape{{1, 5, 5}}, []string{"Pads is -1"}},
		"negative dilation":  {layer.MaxPool{Kernel: k2, Dilation: [2]int{-1, 1}}, []op.Shape{{1, 5, 5}}, []string{"Dilation is -1"}},
		"map too low":        {layer.MaxPool{Kernel: [2]int{4, 2}}, []op.Shape{{1, 3, 5}}, []string{"(1, 3, 5)", "height 3", "kernel's 4"}},
		"map too narrow":     {layer.MaxPool{Kernel: k2, Dilation: [2]int{1, 5}}, []op.Shape{{1, 5, 5}}, []string{"width 5", "kernel's 6"}},
		"padding in front":   {layer.MaxPool{Kernel: k2, Pads: [4]int{2, 0, 0, 0}}, []op.Shape{{1, 5, 5}}, []string{"height 5", "position 0", "padding alone", "smaller Pads"}},
		"padding behind":     {layer.MaxPool{Kernel: k2, Pads: [4]int{0, 0, 0, 3}}, []op.Shape{{1, 4, 4}}, []string{"width 4", "position 2", "padding alone"}},
		"taps around a row":  {layer.MaxPool{Kernel: k2, Dilation: [2]int{2, 1}, Pads: [4]int{1, 0, 1, 0}}, []op.Shape{{1, 1, 4}}, []string{"height 1", "position 0", "padding alone"}},
		"endless kernel":     {layer.MaxPool{Kernel: [2]int{math.MaxInt, 1}}, []op.Shape{{1, 5, 5}}, []string{fmt.Sprint("Kernel height is ", math.MaxInt), "at most"}},
		"global of a vector": {layer.GlobalMaxPool{}, []op.Shape{{25}}, []string{"got input (25)", "need (channels, height, width)"}},
		"global of two":      {layer.GlobalMaxPool{}, []op.Shape{{1, 2, 2}, {1, 2, 2}}, []string{"got 2 inputs"}},
	} {
		t.Run(name, func(t *testing.T) { nntest.Refuses(t, c.layer, c.in, c.words...) })
	}
}
