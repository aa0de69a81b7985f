package onnxio

import (
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// ONNX has some activations with more settings than nn has for them. With others than the
// usual ones they are what nn has, between a factor or a shift in front and one behind. This
// is looked at last too.

// between is an activation with arithmetic around it.
type between struct {
	front, behind affine
	name          string // of the activation
	value         float32
}

func (a affine) nothing() bool { return a.s == nil && a.t == nil }

// withSettings takes a node that is an activation with settings of its own; false leaves it
// to be refused.
func (af *affineLayers) withSettings(n *graph.Node) bool {
	read := betweens[n.OpType]
	if af.asWritten || read == nil || !n.Standard() || len(n.Inputs) == 0 || len(n.Outputs) != 1 || af.layerOf[n.Inputs[0]] == "" {
		return false
	}
	b, ok := read(af, n)
	i := slices.IndexFunc(activation.Funcs, func(f *activation.Func) bool { return f.Name == b.name })
	if !ok || i < 0 {
		return false
	}
	x := n.Inputs[0]
	b.front.x = x
	if !b.front.nothing() {
		x = af.step(n, x, "front", func(step *graph.Node) { af.arithmetic(step, b.front) })
	}
	act := &FoundLayer{Layer: activation.Layer{Func: activation.Funcs[i], Value: b.value}, Inputs: []string{x}}
	if b.behind.nothing() {
		af.add(n, act, nil)
		return true
	}
	b.behind.x = af.step(n, x, "act", func(step *graph.Node) { af.add(step, act, nil) })
	if af.layerOf[b.behind.x] != "" { // else it is refused
		af.arithmetic(n, b.behind)
	}
	return true
}

// step enters a layer for a part of what n does, and gives the name of its result.
func (af *affineLayers) step(n *graph.Node, x, what string, enter func(*graph.Node)) string {
	step := &graph.Node{Name: n.Name, OpType: n.OpType, Inputs: []string{x}, Outputs: []string{n.Outputs[0] + "/" + what}}
	af.clean.From[step] = af.clean.From[n]
	af.Readers[step.Outputs[0]] = []*graph.Node{n}
	enter(step)
	return step.Outputs[0]
}

// betweens read the activations that have more of them in ONNX.
var betweens = map[string]func(af *affineLayers, n *graph.Node) (between, bool){
	"Selu": func(af *affineLayers, n *graph.Node) (b between, ok bool) {
		// γ·(x or α·(eˣ − 1)) is γ times an elu.
		alpha, gamma, ok := floatsOf(n, "alpha", "gamma")
		return between{name: "elu", value: alpha, behind: oneNumber([]float32{gamma}, nil)}, ok && finite(alpha, gamma)
	},
	"HardSigmoid": func(af *affineLayers, n *graph.Node) (b between, ok bool) {
		// α·x + β between 0 and 1 is α·(x + (β − ½)/α) + ½ between 0 and 1.
		alpha, beta, ok := floatsOf(n, "alpha", "beta")
		shift := (beta - 0.5) / alpha
		return between{name: "hardsigmoid", value: alpha, front: oneNumber(nil, []float32{shift})}, ok && finite(alpha, shift)
	},
	"Clip": (*affineLayers).clip,
}

// clip: x between a and b is a more than x − a between 0 and b − a. Without an a it is b less
// what b − x is above 0.
func (af *affineLayers) clip(n *graph.Node) (between, bool) {
	a, ok1 := af.limit(n, 1, -1)
	b, ok2 := af.limit(n, 2, 1)
	below, above := math.IsInf(float64(a), 0), math.IsInf(float64(b), 0) // open
	switch {
	case !ok1 || !ok2 || !(a < b) || below && above || len(n.Attrs) > 0:
		return between{}, false
	case !below && math.Abs(float64(a)) > maxMoved, below && math.Abs(float64(b)) > maxMoved:
		return between{}, false // x − a + a would have lost the last digits of x
	case below:
		turned := oneNumber([]float32{-1}, []float32{b})
		return between{front: turned, name: "relu", behind: turned}, true
	case above:
		return between{front: oneNumber(nil, []float32{-a}), name: "relu", behind: oneNumber(nil, []float32{a})}, true
	}
	return between{front: oneNumber(nil, []float32{-a}), name: "relu6", value: b - a, behind: oneNumber(nil, []float32{a})}, finite(b - a)
}

// maxMoved is the largest number that values are moved by: of a float32 of size 1 it takes the last
// six bits.
const maxMoved = 64

// limit is operand k of a Clip, infinite where there is none: exporters write the largest
// numbers for that. ok is false if it is not known.
func (af *affineLayers) limit(n *graph.Node, k, sign int) (v float32, ok bool) {
	none := float32(math.Inf(sign))
	if k >= len(n.Inputs) || n.Inputs[k] == "" {
		return none, true
	}
	v, ok = af.scalar(n.Inputs[k])
	if float64(v)*float64(sign) >= 3e38 {
		v = none
	}
	return v, ok
}

// floatsOf are the two settings of a node; ok is false if one is of another kind, or there is
// another.
func floatsOf(n *graph.Node, first, second string) (a, b float32, ok bool) {
	a, ok1 := attrOf(n, first).(float32)
	b, ok2 := attrOf(n, second).(float32)
	other := slices.ContainsFunc(n.Attrs, func(a *graph.Attr) bool { return a.Name != first && a.Name != second })
	return a, b, ok1 && ok2 && !other && len(n.Inputs) == 1
}

func finite(v ...float32) bool {
	return !slices.ContainsFunc(v, func(x float32) bool { return math.IsInf(float64(x), 0) || x != x })
}
