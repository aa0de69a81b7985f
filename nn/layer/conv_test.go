package layer_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/nntest"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// convFormula is the sum of Conv's definition, pixel by pixel.
func convFormula(c layer.Conv, in op.Shape) func(w, x [][]float64) []float64 {
	c = c.Normal()
	chans, h, wd := in[0], in[1], in[2]
	kh, kw := c.Kernel[0], c.Kernel[1]
	oh := (h+c.Pads[0]+c.Pads[2]-c.Dilation[0]*(kh-1)-1)/c.Stride[0] + 1
	ow := (wd+c.Pads[1]+c.Pads[3]-c.Dilation[1]*(kw-1)-1)/c.Stride[1] + 1
	perGroup, outPerGroup := chans/c.Groups, c.Out/c.Groups
	return func(w, x [][]float64) []float64 {
		y := make([]float64, 0, c.Out*oh*ow)
		for oc := range c.Out {
			for oy := range oh {
				for ox := range ow {
					var s float64
					if !c.NoBias {
						s = w[1][oc]
					}
					for ic := range perGroup {
						for ky := range kh {
							for kx := range kw {
								iy := oy*c.Stride[0] + ky*c.Dilation[0] - c.Pads[0]
								ix := ox*c.Stride[1] + kx*c.Dilation[1] - c.Pads[1]
								if iy >= 0 && iy < h && ix >= 0 && ix < wd {
									from := oc/outPerGroup*perGroup + ic
									s += w[0][((oc*perGroup+ic)*kh+ky)*kw+kx] * x[0][(from*h+iy)*wd+ix]
								}
							}
						}
					}
					y = append(y, s)
				}
			}
		}
		return y
	}
}

func TestConv(t *testing.T) {
	for name, c := range map[string]struct {
		layer layer.Conv
		in    op.Shape
		out   op.Shape
	}{
		"plain 3x3":            {layer.Conv{Out: 3, Kernel: [2]int{3, 3}}, op.Shape{2, 6, 7}, op.Shape{3, 4, 5}},
		"the study's 7x7":      {layer.Conv{Out: 2, Kernel: [2]int{7, 7}}, op.Shape{1, 9, 10}, op.Shape{2, 3, 4}},
		"no bias":              {layer.Conv{Out: 2, Kernel: [2]int{2, 3}, NoBias: true}, op.Shape{2, 5, 5}, op.Shape{2, 4, 3}},
		"1x1":                  {layer.Conv{Out: 4, Kernel: [2]int{1, 1}}, op.Shape{3, 4, 3}, op.Shape{4, 4, 3}},
		"kernel as large":      {layer.Conv{Out: 3, Kernel: [2]int{5, 4}}, op.Shape{2, 5, 4}, op.Shape{3, 1, 1}},
		"1x1 map":              {layer.Conv{Out: 2, Kernel: [2]int{1, 1}}, op.Shape{3, 1, 1}, op.Shape{2, 1, 1}},
		"stride 2, odd map":    {layer.Conv{Out: 2, Kernel: [2]int{3, 3}, Stride: [2]int{2, 2}}, op.Shape{2, 7, 9}, op.Shape{2, 3, 4}},
		"stride leaves a rest": {layer.Conv{Out: 2, Kernel: [2]int{3, 2}, Stride: [2]int{2, 3}}, op.Shape{2, 8, 7}, op.Shape{2, 3, 2}},
		"stride over kernel":   {layer.Conv{Out: 2, Kernel: [2]int{1, 2}, Stride: [2]int{3, 4}}, op.Shape{2, 7, 11}, op.Shape{2, 3, 3}},
		"same pads":            {layer.Conv{Out: 2, Kernel: [2]int{3, 5}, Pads: [4]int{1, 2, 1, 2}}, op.Shape{2, 5, 6}, op.Shape{2, 5, 6}},
		"asymmetric pads":      {layer.Conv{Out: 2, Kernel: [2]int{4, 4}, Pads: [4]int{1, 2, 2, 1}}, op.Shape{2, 5, 5}, op.Shape{2, 5, 5}},
		"pads over kernel":     {layer.Conv{Out: 2, Kernel: [2]int{2, 2}, Pads: [4]int{3, 4, 0, 3}}, op.Shape{1, 3, 2}, op.Shape{2, 5, 8}},
		"pads with stride":     {layer.Conv{Out: 2, Kernel: [2]int{3, 3}, Stride: [2]int{2, 2}, Pads: [4]int{0, 1, 1, 1}}, op.Shape{2, 6, 5}, op.Shape{2, 3, 3}},
		"dilation":             {layer.Conv{Out: 2, Kernel: [2]int{3, 3}, Dilation: [2]int{2, 3}}, op.Shape{2, 7, 9}, op.Shape{2, 3, 3}},
		"dilation and pads":    {layer.Conv{Out: 2, Kernel: [2]int{3, 5}, Dilation: [2]int{2, 2}, Pads: [4]int{2, 4, 2, 4}}, op.Shape{1, 5, 3}, op.Shape{2, 5, 3}},
		"everything":           {layer.Conv{Out: 4, Kernel: [2]int{3, 2}, Stride: [2]int{2, 3}, Dilation: [2]int{2, 1}, Pads: [4]int{1, 0, 2, 1}, Groups: 2}, op.Shape{4, 7, 7}, op.Shape{4, 3, 3}},
		"many read a stride":   {layer.Conv{Out: 8, Kernel: [2]int{3, 2}, Stride: [2]int{2, 3}, Dilation: [2]int{2, 1}, Pads: [4]int{1, 0, 2, 1}, Groups: 2}, op.Shape{4, 7, 7}, op.Shape{8, 3, 3}},
		"and pads over kernel": {layer.Conv{Out: 6, Kernel: [2]int{2, 2}, Stride: [2]int{2, 2}, Pads: [4]int{3, 4, 0, 3}}, op.Shape{1, 3, 2}, op.Shape{6, 3, 4}},
		"1x1 with stride":      {layer.Conv{Out: 6, Kernel: [2]int{1, 1}, Stride: [2]int{2, 2}}, op.Shape{3, 5, 4}, op.Shape{6, 3, 2}},
		"groups":               {layer.Conv{Out: 6, Kernel: [2]int{2, 2}, Groups: 2}, op.Shape{4, 4, 4}, op.Shape{6, 3, 3}},
		"depthwise":            {layer.Conv{Out: 3, Kernel: [2]int{3, 3}, Groups: 3}, op.Shape{3, 5, 5}, op.Shape{3, 3, 3}},
		"depthwise doubled":    {layer.Conv{Out: 6, Kernel: [2]int{2, 3}, Groups: 3, NoBias: true}, op.Shape{3, 4, 4}, op.Shape{6, 3, 2}},
	} {
		t.Run(name, func(t *testing.T) {
			o, err := c.layer.Bind([]op.Shape{c.in})
			if err != nil {
				t.Fatal(err)
			}
			if !o.Shape().Equal(c.out) {
				t.Errorf("output %v, want %v", o.Shape(), c.out)
			}
			nntest.Layer(t, nntest.Case{Layer: c.layer, In: []op.Shape{c.in}, Formula: convFormula(c.layer, c.in)})
		})
	}
}

func TestConvRefusesWhatDoesNotFit(t *testing.T) {
	const endless = math.MaxInt/2 + 1 // a power of two, so that products overflow to 0
	ok := layer.Conv{Out: 4, Kernel: [2]int{3, 3}}
	with := func(f func(*layer.Conv)) layer.Conv {
		c := ok
		f(&c)
		return c
	}
	for name, c := range map[string]struct {
		layer layer.Conv
		in    []op.Shape
		words []string
	}{
		"two inputs":       {ok, []op.Shape{{1, 5, 5}, {1, 5, 5}}, []string{"got 2 inputs", "need 1"}},
		"a vector":         {ok, []op.Shape{{25}}, []string{"got input (25)", "need (channels, height, width)"}},
		"no output":        {with(func(c *layer.Conv) { c.Out = 0 }), []op.Shape{{1, 5, 5}}, []string{"Out is 0", "at least 1"}},
		"no kernel height": {with(func(c *layer.Conv) { c.Kernel[0] = 0 }), []op.Shape{{1, 5, 5}}, []string{"Kernel height is 0"}},
		"negative kernel":  {with(func(c *layer.Conv) { c.Kernel[1] = -3 }), []op.Shape{{1, 5, 5}}, []string{"Kernel width is -3"}},
		"negative stride":  {with(func(c *layer.Conv) { c.Stride[1] = -1 }), []op.Shape{{1, 5, 5}}, []string{"Stride is -1"}},
		"negative pad":     {with(func(c *layer.Conv) { c.Pads[2] = -1 }), []op.Shape{{1, 5, 5}}, []string{"Pads is -1"}},
		"negative dilation": {with(func(c *layer.Conv) { c.Dilation[0] = -2 }), []op.Shape{{1, 5, 5}},
			[]string{"Dilation is -2"}},
		"negative groups":   {with(func(c *layer.Conv) { c.Groups = -1 }), []op.Shape{{1, 5, 5}}, []string{"Groups is -1"}},
		"groups of input":   {with(func(c *layer.Conv) { c.Groups = 2 }), []op.Shape{{3, 5, 5}}, []string{"2 groups", "3 input", "4 output"}},
		"groups of output":  {with(func(c *layer.Conv) { c.Groups = 3 }), []op.Shape{{3, 5, 5}}, []string{"3 groups", "4 output"}},
		"map too low":       {ok, []op.Shape{{1, 2, 5}}, []string{"(1, 2, 5)", "height 2", "kernel's 3"}},
		"map too narrow":    {with(func(c *layer.Conv) { c.Dilation[1] = 4 }), []op.Shape{{1, 5, 8}}, []string{"width 8", "kernel's 9"}},
		"endless dilation":  {with(func(c *layer.Conv) { c.Dilation[0] = endless }), []op.Shape{{1, 5, 5}}, []string{"Dilation is " + fmt.Sprint(endless), "at most"}},
		"endless pads":      {with(func(c *layer.Conv) { c.Pads[3] = endless }), []op.Shape{{1, 5, 5}}, []string{"Pads is " + fmt.Sprint(endless), "at most"}},
		"endless stride":    {with(func(c *layer.Conv) { c.Stride[0] = endless }), []op.Shape{{1, 5, 5}}, []string{"Stride is " + fmt.Sprint(endless), "at most"}},
		"endless kernel":    {with(func(c *layer.Conv) { c.Kernel[0] = endless }), []op.Shape{{1, 5, 5}}, []string{"Kernel height is " + fmt.Sprint(endless), "at most"}},
		"endless output":    {with(func(c *layer.Conv) { c.Out = endless }), []op.Shape{{1, 5, 5}}, []string{"Out is " + fmt.Sprint(endless), "at most"}},
		"an empty shape":    {ok, []op.Shape{{}}, []string{"got input ()"}},
		"one axis too many": {ok, []op.Shape{{2, 1, 5, 5}}, []string{"got input (2, 1, 5, 5)"}},
	} {
		t.Run(name, func(t *testing.T) { nntest.Refuses(t, c.layer, c.in, c.words...) })
	}
}

func TestConvCountsMultiplyAccumulates(t *testing.T) {
	op, err := layer.Conv{Out: 8, Kernel: [2]int{5, 5}, Groups: 2}.Bind([]op.Shape{{8, 22, 22}})
	if err != nil {
		t.Fatal(err)
	}
	if want := 8 * 18 * 18 * 4 * 25; op.MACs() != want {
		t.Errorf("%d, want %d", op.MACs(), want)
	}
}
