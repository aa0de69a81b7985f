package cause

import (
	"fmt"
	"math"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

// much is an error that neither noise nor rounding makes.
const much = 30

// weights names a layer whose weights are rounded, or of another state, when no correction was
// found.
func (s *search) weights() {
	if s.rounded() || len(s.suspects) == 0 || s.whole.before < much {
		return
	}
	suspects := s.wrong
	if len(s.suspects) == 1 && s.suspects[0].alone {
		if len(s.wrong) < 3 {
			suspects = s.suspects
		}
	}
	first := suspects[0]
	if len(suspects) == 1 && !first.alone {
		return
	}
	shown, refuting := 0, 0
	for _, u := range suspects {
		switch s.explained(u) {
		case refuted:
			refuting++
		case proven:
			shown++
		}
	}
	node := s.weighted(first)
	if node == nil || 2*refuting > len(suspects) || s.worst() < much {
		return
	}
	c := Cause{Kind: "weights-other", Before: s.whole.before, Uncorrected: true}
	c.Layer = node.Name
	what := numbersOf(node)
	c.Text = fmt.Sprintf("%s: its %s are of another state: other %s explain the reference's output", node.Name, what, what)
	if shown < len(suspects) {
		c.Text = fmt.Sprintf("%s: its %s seem to be of another state: no setting explains the reference's output, and there are too few samples to show that %s do, or dropout in front of it was recorded in training mode", node.Name, what, what)
	}
	if n := len(suspects); n > 1 {
		c.Text += "; so it is in " + others(n-1)
	} else {
		c.After = s.whole.patch(first.name).error(s.c.Want[first.name], s.whole.values, s.whole.want)
	}
	s.f.Tried[c.Kind] += len(suspects)
	s.f.Cause = &c
}

// numbersOf is what the parameters of a layer are called.
func numbersOf(node *nn.Node) string {
	switch node.Layer.(type) {
	case layer.Conv, layer.ConvTranspose, layer.Dense:
		return "weights"
	case layer.BatchNorm:
		return "parameters"
	case activation.Layer:
		return "slopes"
	}
	return "constants"
}

// others counts other layers.
func others(n int) string {
	if n == 1 {
		return "1 other layer"
	}
	return fmt.Sprintf("%d other layers", n)
}

// worst is the largest error of a suspect.
func (s *search) worst() float64 {
	worst := 0.0
	for _, u := range s.wrong {
		worst = max(worst, u.error)
	}
	return worst
}

// weighted is the only layer with parameters in a suspect's part of the network; nil if there is
// none or another one.
func (s *search) weighted(u *suspect) *nn.Node {
	var found *nn.Node
	for name := range u.stage.inside {
		if node := s.c.Net.Node(name); len(node.Params) > 0 {
			if found != nil {
				return nil
			}
			found = node
		}
	}
	return found
}

// proof is what the recorded values say about other weights.
type proof int

const (
	refuted proof = iota // no weights explain them
	untold               // there are too few values
	proven
)

// explained reports whether some weights of a suspect explain the reference's value.
func (s *search) explained(u *suspect) proof {
	node := s.weighted(u)
	if node == nil {
		return refuted
	}
	want := s.c.Want[u.name]
	if !node.Shape.Equal(want.Shape[1:]) {
		return refuted
	}
	if node.Name != u.name {
		return untold
	}
	x := u.stage.values[node.Inputs[0]]
	switch l := node.Layer.(type) {
	case layer.Conv:
		return s.linear(want, func(at int) ([]float64, int) { return patchOf(x, l.Normal(), node.Shape, at) })
	case layer.Dense:
		return s.linear(want, func(at int) ([]float64, int) {
			return append(doubles(x.Sample(at/l.Out)), 1), at % l.Out
		})
	case activation.Layer:
		return s.slopes(u)
	case layer.BatchNorm:
		area := node.Shape[1:].Size()
		return s.linear(want, func(at int) ([]float64, int) {
			return []float64{float64(x.Data[at]), 1}, at / area % node.Shape[0]
		})
	}
	return refuted
}

// slopes reports whether an activation with other learned numbers gives the reference's value.
func (s *search) slopes(u *suspect) proof {
	p := s.place(u.stage, u.name)
	_, _, old := p.argument()
	params := func(x []float64) map[string][]float32 {
		return map[string][]float32{p.node.Params[0].Name: floats(x)}
	}
	value := func(x []float64) *nn.Tensor {
		y, _ := apply(p.node.Layer, params(x), p.inputs(u.stage.values)...)
		return y
	}
	m := newMinimum(func(x []float64) []float64 { return p.residual(value(x), u.stage.values, u.stage.want) }, doubles(old))
	if m == nil {
		return refuted
	}
	for range fitSteps {
		if !m.step(p.separate(len(old))) {
			break
		}
	}
	if p.patch.error(value(m.x), u.stage.values, u.stage.want) <= 1 {
		return proven
	}
	return refuted
}

const (
	mostTerms  = 600 // of a sum whose weights are solved for
	fitted     = 3   // outputs for which that is done
	rowsPerOne = 2   // equations for each unknown weight
)

// linear reports whether each output is a sum of terms with some weights. row gives the terms of
// the element at an index of want, and the number of its output.
func (s *search) linear(want *nn.Tensor, row func(at int) ([]float64, int)) proof {
	terms, _ := row(0)
	n := len(terms)
	if n > mostTerms {
		return untold
	}
	channels := want.Shape[1]
	area := len(want.Data) / want.Shape[0] / channels
	rows := want.Shape[0] * area
	if rows < rowsPerOne*n {
		return untold
	}
	scale := 0.0
	for _, v := range want.Data {
		scale = max(scale, math.Abs(float64(v)))
	}
	for k := range min(fitted, channels) {
		c := k * channels / min(fitted, channels)
		a, b := make([]float64, n*n), make([]float64, n)
		var x [][]float64
		var y []float64
		for i := 0; i < rows; i += max(1, rows/(4*n)) {
			at := (i/area*channels+c)*area + i%area
			t, _ := row(at)
			x, y = append(x, t), append(y, float64(want.Data[at]))
		}
		for i, t := range x {
			for p, v := range t {
				for q := range p + 1 {
					a[p*n+q] += v * t[q]
				}
				b[p] += v * y[i]
			}
		}
		for p := range n {
			a[p*n+p] = a[p*n+p]*(1+1e-10) + 1e-12
		}
		if !cholesky(a, n) {
			return untold
		}
		substitute(a, n, b)
		for i, t := range x {
			if !(math.Abs(dot(t, b)-y[i]) <= 1e-4*scale) {
				return refuted
			}
		}
	}
	return proven
}

// patchOf is the part of x that a convolution multiplies by weights for the element at an index
// of its output, with a 1 for the bias, and the element's channel.
func patchOf(x *nn.Tensor, l layer.Conv, out nn.Shape, at int) ([]float64, int) {
	area := out[1] * out[2]
	sample, channel, oy, ox := at/(area*out[0]), at/area%out[0], at%area/out[2], at%out[2]
	c, h, w := x.Shape[1], x.Shape[2], x.Shape[3]
	per := c / l.Groups
	first := channel / (out[0] / l.Groups) * per
	data := x.Sample(sample)
	var terms []float64
	for i := first; i < first+per; i++ {
		for ky := range l.Kernel[0] {
			for kx := range l.Kernel[1] {
				iy, ix := oy*l.Stride[0]+ky*l.Dilation[0]-l.Pads[0], ox*l.Stride[1]+kx*l.Dilation[1]-l.Pads[1]
				v := 0.0
				if iy >= 0 && iy < h && ix >= 0 && ix < w {
					v = float64(data[(i*h+iy)*w+ix])
				}
				terms = append(terms, v)
			}
		}
	}
	return append(terms, 1), channel
}
