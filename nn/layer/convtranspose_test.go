package layer_test

import (
	"math"
	"testing"

	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/nntest"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// convTransposeFormula adds each input pixel's window to the output, as in the definition.
func convTransposeFormula(c layer.ConvTranspose, in, out op.Shape) func(w, x [][]float64) []float64 {
	c = c.Normal()
	perGroup, outPerGroup := in[0]/c.Groups, c.Out/c.Groups
	kh, kw := c.Kernel[0], c.Kernel[1]
	return func(w, x [][]float64) []float64 {
		y := make([]float64, out.Size())
		if !c.NoBias {
			for i := range y {
				y[i] = w[1][i/(out[1]*out[2])]
			}
		}
		for i, v := range x[0] {
			ic, iy, ix := i/(in[1]*in[2]), i/in[2]%in[1], i%in[2]
			for o := range outPerGroup {
				oc := ic/perGroup*outPerGroup + o
				for ky := range kh {
					for kx := range kw {
						oy, ox := iy*c.Stride[0]+ky*c.Dilation[0]-c.Pads[0], ix*c.Stride[1]+kx*c.Dilation[1]-c.Pads[1]
						if oy >= 0 && oy < out[1] && ox >= 0 && ox < out[2] {
							y[(oc*out[1]+oy)*out[2]+ox] += v * w[0][((ic*outPerGroup+o)*kh+ky)*kw+kx]
						}
					}
				}
			}
		}
		return y
	}
}

func TestConvTranspose(t *testing.T) {
	k3 := [2]int{3, 3}
	for name, c := range map[string]struct {
		layer   layer.ConvTranspose
		in, out op.Shape
	}{
		"plain":              {layer.ConvTranspose{Out: 3, Kernel: k3}, op.Shape{2, 4, 5}, op.Shape{3, 6, 7}},
		"2x2 stride 2":       {layer.ConvTranspose{Out: 3, Kernel: [2]int{2, 2}, Stride: [2]int{2, 2}}, op.Shape{2, 3, 4}, op.Shape{3, 6, 8}},
		"no bias":            {layer.ConvTranspose{Out: 2, Kernel: [2]int{2, 3}, NoBias: true}, op.Shape{2, 3, 3}, op.Shape{2, 4, 5}},
		"1x1":                {layer.ConvTranspose{Out: 4, Kernel: [2]int{1, 1}}, op.Shape{3, 4, 3}, op.Shape{4, 4, 3}},
		"1x1 map":            {layer.ConvTranspose{Out: 2, Kernel: [2]int{1, 1}}, op.Shape{3, 1, 1}, op.Shape{2, 1, 1}},
		"1x1 stride 2":       {layer.ConvTranspose{Out: 2, Kernel: [2]int{1, 1}, Stride: [2]int{2, 2}}, op.Shape{2, 3, 2}, op.Shape{2, 5, 3}},
		"pads":               {layer.ConvTranspose{Out: 2, Kernel: k3, Stride: [2]int{2, 2}, Pads: [4]int{1, 1, 1, 1}}, op.Shape{2, 3, 4}, op.Shape{2, 5, 7}},
		"output pad":         {layer.ConvTranspose{Out: 2, Kernel: k3, Stride: [2]int{2, 2}, Pads: [4]int{1, 1, 1, 1}, OutputPad: [2]int{1, 1}}, op.Shape{2, 3, 4}, op.Shape{2, 6, 8}},
		"asymmetric pads":    {layer.ConvTranspose{Out: 2, Kernel: k3, Stride: [2]int{2, 2}, Pads: [4]int{0, 0, 1, 1}}, op.Shape{2, 4, 3}, op.Shape{2, 8, 6}},
		"stride over kernel": {layer.ConvTranspose{Out: 2, Kernel: [2]int{2, 1}, Stride: [2]int{3, 2}, OutputPad: [2]int{2, 1}}, op.Shape{1, 3, 2}, op.Shape{2, 10, 4}},
		"dilation":           {layer.ConvTranspose{Out: 2, Kernel: [2]int{3, 2}, Dilation: [2]int{2, 3}, OutputPad: [2]int{1, 2}}, op.Shape{2, 3, 3}, op.Shape{2, 8, 8}},
		"groups":             {layer.ConvTranspose{Out: 6, Kernel: [2]int{2, 2}, Groups: 2}, op.Shape{4, 3, 3}, op.Shape{6, 4, 4}},
		"depthwise":          {layer.ConvTranspose{Out: 3, Kernel: k3, Stride: [2]int{2, 2}, Groups: 3}, op.Shape{3, 2, 3}, op.Shape{3, 5, 7}},
		"pads over kernel":   {layer.ConvTranspose{Out: 2, Kernel: [2]int{2, 2}, Pads: [4]int{3, 2, 1, 2}}, op.Shape{2, 6, 5}, op.Shape{2, 3, 2}},
		"everything": {layer.ConvTranspose{Out: 4, Kernel: [2]int{3, 2}, Stride: [2]int{2, 3}, Dilation: [2]int{2, 1}, Pads: [4]int{1, 0, 2, 1}, OutputPad: [2]int{1, 2}, Groups: 2},
			op.Shape{4, 3, 3}, op.Shape{4, 7, 9}},
	} {
		t.Run(name, func(t *testing.T) {
			checkShape(t, c.layer, c.in, c.out)
			nntest.Layer(t, nntest.Case{Layer: c.layer, In: []op.Shape{c.in}, Formula: convTransposeFormula(c.layer, c.in, c.out)})
		})
	}
}

func TestConvTransposeRefusesWhatDoesNotFit(t *testing.T) {
	ok := layer.ConvTranspose{Out: 4, Kernel: [2]int{3, 3}}
	with := func(f func(*layer.ConvTranspose)) op.Layer {
		c := ok
		f(&c)
		return c
	}
	in := []op.Shape{{2, 3, 3}}
	for name, c := range map[string]struct {
		layer op.Layer
		in    []op.Shape
		words []string
	}{
		"two inputs":         {ok, []op.Shape{{1, 5, 5}, {1, 5, 5}}, []string{"got 2 inputs"}},
		"a vector":           {ok, []op.Shape{{25}}, []string{"got input (25)"}},
		"no output":          {with(func(c *layer.ConvTranspose) { c.Out = 0 }), in, []string{"Out is 0"}},
		"no kernel":          {with(func(c *layer.ConvTranspose) { c.Kernel[1] = 0 }), in, []string{"Kernel width is 0"}},
		"negative pad":       {with(func(c *layer.ConvTranspose) { c.Pads[2] = -1 }), in, []string{"Pads is -1"}},
		"endless stride":     {with(func(c *layer.ConvTranspose) { c.Stride[0] = math.MaxInt/2 + 1 }), in, []string{"Stride is", "at most"}},
		"groups":             {with(func(c *layer.ConvTranspose) { c.Groups = 3 }), in, []string{"3 groups do not divide 2 input and 4 output"}},
		"output pad":         {with(func(c *layer.ConvTranspose) { c.OutputPad[0] = 1 }), in, []string{"OutputPad is [1 0]", "stride [1 1]"}},
		"negative output":    {with(func(c *layer.ConvTranspose) { c.OutputPad[1] = -1 }), in, []string{"OutputPad is -1"}},
		"nothing left":       {with(func(c *layer.ConvTranspose) { c.Pads = [4]int{3, 0, 2, 0} }), in, []string{"(4, 0, 5)", "below 1", "pads [3 0 2 0]"}},
		"too large a result": {with(func(c *layer.ConvTranspose) { c.Stride = [2]int{1 << 14, 1 << 14} }), in, []string{"more than"}},
	} {
		t.Run(name, func(t *testing.T) { nntest.Refuses(t, c.layer, c.in, c.words...) })
	}
}

func TestConvTransposeCountsMultiplyAccumulates(t *testing.T) {
	op, err := layer.ConvTranspose{Out: 8, Kernel: [2]int{5, 4}, Groups: 2}.Bind([]op.Shape{{4, 3, 2}})
	if err != nil {
		t.Fatal(err)
	}
	if want := 4 * 3 * 2 * 4 * 20; op.MACs() != want {
		t.Errorf("%d, want %d", op.MACs(), want)
	}
}
