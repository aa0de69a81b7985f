package onnxio

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/elementwise"
	"github.com/gonn-toolkit/gonn/onnxio/internal/rewrite"
)

// PixelScaling is what a model does to its input before anything else, Scale·x + Offset, in
// the order of the network's axes: one number for all, or one for each channel or element.
// nil is 1, and 0.
type PixelScaling struct {
	Scale, Offset []float64

	steps int // of which it was put together
}

// mostScalings bounds how many numbers, one after the other, are looked at.
const mostScalings = 64

// PixelScale finds the fixed numbers (or the normalisation) by which a network scales its
// input first. ok reports whether they bring pixels from 0 to 255 to the size that networks
// work with, as 1/255, 1/127.5 and the reciprocal of a standard deviation of such pixels
// do. Whoever feeds the network must not divide pixels by 255 then.
func PixelScale(net *nn.Network) (p PixelScaling, ok bool) {
	readers := map[string][]*nn.Node{}
	for _, n := range net.Nodes() {
		addReader(readers, n, n.Inputs)
	}
	follow(net.Inputs()[0].Name, readers, func(n *nn.Node, _ string) (string, bool) { return n.Name, p.thenLayer(n) })
	return p, p.ofBytes()
}

// GraphPixelScale is PixelScale for a model of one input that may have no trainable form.
func GraphPixelScale(m *graph.Model) (p PixelScaling, ok bool) {
	if m.Check() != nil || len(m.Graph.Feeds()) != 1 {
		return p, false
	}
	g := rewrite.Clean(m).Model.Graph
	consts, readers := map[string]*graph.Tensor{}, map[string][]*graph.Node{}
	for _, t := range g.Initializers {
		consts[t.Name] = t
	}
	for _, n := range g.Nodes {
		addReader(readers, n, n.Inputs)
	}
	follow(m.Graph.Feeds()[0].Name, readers, func(n *graph.Node, x string) (string, bool) {
		if !p.thenNode(n, x, consts) {
			return "", false
		}
		return n.Outputs[0], true
	})
	return p, p.ofBytes()
}

// addReader enters what reads values, once for each.
func addReader[N comparable](readers map[string][]N, n N, values []string) {
	for _, v := range values {
		if r := readers[v]; len(r) == 0 || r[len(r)-1] != n {
			readers[v] = append(r, n)
		}
	}
}

// follow goes from a value to the one that its only reader gives, as long as then takes that
// reader and says what it gives.
func follow[N any](value string, readers map[string][]N, then func(reader N, value string) (gives string, more bool)) {
	for more := true; more && value != "" && len(readers[value]) == 1; {
		value, more = then(readers[value][0], value)
	}
}

// thenLayer takes a layer; false if it is no scaling, or the last one.
func (p *PixelScaling) thenLayer(n *nn.Node) bool {
	switch l := n.Layer.(type) {
	case layer.Flatten, layer.Pad, layer.Dropout:
		return true
	case layer.Rescaling:
		next, scale := n.Params, []float64(nil)
		if !l.NoScale {
			scale, next = float64s(next[0].Data), next[1:]
		}
		var offset []float64
		if !l.NoOffset {
			offset = float64s(next[0].Data)
		}
		return p.then(scale, offset)
	case layer.BatchNorm:
		p.then(normalisation(l.Normal().Eps, n.Params[0].Data, n.Params[1].Data, n.Params[2].Data, n.Params[3].Data))
	}
	return false
}

// keepsValues are operators that leave the values of pixels as they are.
var keepsValues = map[string]bool{
	"Cast": true, "CastLike": true, "Dropout": true, "Flatten": true, "Identity": true, "Pad": true, "Reshape": true,
	"Resize": true, "Squeeze": true, "Transpose": true, "Unsqueeze": true,
}

// thenNode takes a node that reads x in; false if it is no scaling.
func (p *PixelScaling) thenNode(n *graph.Node, x string, consts map[string]*graph.Tensor) bool {
	k := slices.Index(n.Inputs, x)
	if !n.Standard() || len(n.Outputs) == 0 || k > 1 {
		return false
	}
	if keepsValues[n.OpType] {
		return k == 0
	}
	if !arithmetic[n.OpType] || len(n.Inputs) != 2 || consts[n.Inputs[1-k]] == nil {
		return false
	}
	c, err := consts[n.Inputs[1-k]].Float64s()
	if err != nil {
		return false
	}
	scale, offset, ok := affineNumbers(n.OpType, c, 1-k)
	return ok && p.then(scale, offset)
}

// then puts scale·x + offset behind; false if the numbers do not go together.
func (p *PixelScaling) then(scale, offset []float64) bool {
	if p.steps++; p.steps > mostScalings {
		return false
	}
	s, ok1 := joined(p.Scale, scale, func(a, b float64) float64 { return a * b })
	t := p.Offset
	ok2 := true
	if t != nil {
		t, ok2 = joined(t, scale, func(a, b float64) float64 { return a * b })
	}
	t, ok3 := joined(t, offset, func(a, b float64) float64 { return a + b })
	if !ok1 || !ok2 || !ok3 {
		return false
	}
	p.Scale, p.Offset = s, t
	return true
}

// joined puts numbers together, of which one of the two may be one for all.
func joined(a, b []float64, f func(a, b float64) float64) ([]float64, bool) {
	switch {
	case a == nil || b == nil:
		return append(slices.Clone(a), b...), true
	case len(a) != len(b) && len(a) != 1 && len(b) != 1:
		return nil, false
	}
	all := make([]float64, max(len(a), len(b)))
	for i := range all {
		all[i] = f(a[min(i, len(a)-1)], b[min(i, len(b)-1)])
	}
	return all, true
}

// normalisation gives γ/√(σ² + ε) and β − μ·γ/√(σ² + ε).
func normalisation(eps float32, gamma, beta, mean, variance []float32) (scale, offset []float64) {
	for i, g := range gamma {
		s := float64(g) / math.Sqrt(float64(variance[i])+float64(eps))
		scale, offset = append(scale, s), append(offset, float64(beta[i])-float64(mean[i])*s)
	}
	return scale, offset
}

// ofBytes reports whether 255 becomes something of the size of 1: 0.5 to 10 in every
// channel, which 2 does for 1/127.5, and 3 to 5 for the standard deviations of pictures.
func (p PixelScaling) ofBytes() bool {
	return len(p.Scale) > 0 && !slices.ContainsFunc(p.Scale, func(s float64) bool { return !(math.Abs(s)*255 >= 0.5 && math.Abs(s)*255 <= 10) })
}

func float64s(v []float32) []float64 {
	all := make([]float64, len(v))
	for i, x := range v {
		all[i] = float64(x)
	}
	return all
}

// String spells the scaling as people write it: x/127.5 − 1, or (x − 123.7, 116.3,
// 103.5)/(58.4, 57.1, 57.4) where channels differ.
func (p PixelScaling) String() string {
	if len(p.Scale) == 0 {
		return "x"
	}
	by := numbersText(elementwise.Map(p.Scale, func(s float64) float64 { return 1 / s }))
	offset := slices.ContainsFunc(p.Offset, func(t float64) bool { return t != 0 })
	switch {
	case !offset:
		return "x/" + by
	case len(p.Scale) == 1 && len(p.Offset) == 1:
		sign := " + "
		if p.Offset[0] < 0 {
			sign = " − "
		}
		return "x/" + by + sign + numbersText([]float64{math.Abs(p.Offset[0])})
	}
	mean, _ := joined(p.Offset, p.Scale, func(t, s float64) float64 { return -t / s })
	return "(x − " + strings.Trim(numbersText(mean), "()") + ")/" + by
}

// numbersText spells a few numbers with four digits.
func numbersText(v []float64) string {
	const most = 4
	var parts []string
	for _, x := range v[:min(len(v), most)] {
		parts = append(parts, strconv.FormatFloat(x, 'g', 4, 64))
	}
	if len(v) > most {
		parts = append(parts, "…")
	}
	if len(v) == 1 {
		return parts[0]
	}
	return "(" + strings.Join(parts, ", ") + ")"
}
