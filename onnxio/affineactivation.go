package onnxio

import (
	"errors"
	"fmt"
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
// to be refused, for the reason that its row of betweens gives.
func (af *affineLayers) withSettings(n *graph.Node) bool {
	read := betweens[n.OpType]
	if af.asWritten || read == nil || !n.Standard() || len(n.Inputs) == 0 || len(n.Outputs) != 1 || af.layerOf[n.Inputs[0]] == "" {
		return false
	}
	b, err := read(af, n)
	i := slices.IndexFunc(activation.Funcs, func(f *activation.Func) bool { return f.Name == b.name })
	if err != nil || i < 0 {
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

// betweens read the activations that have more of them in ONNX. The error says which of its
// settings a network does not have.
var betweens = map[string]func(af *affineLayers, n *graph.Node) (between, error){
	"Selu": func(af *affineLayers, n *graph.Node) (between, error) {
		// γ·(x or α·(eˣ − 1)) is γ times an elu.
		alpha, gamma, err := af.settings(n, "alpha", "gamma")
		return between{name: "elu", value: alpha, behind: oneNumber([]float32{gamma}, nil)}, err
	},
	"HardSigmoid": func(af *affineLayers, n *graph.Node) (between, error) {
		// α·x + β between 0 and 1 is α·(x + (β − ½)/α) + ½ between 0 and 1.
		alpha, beta, err := af.settings(n, "alpha", "beta")
		shift := (beta - 0.5) / alpha
		switch {
		case err == nil && alpha == 0:
			err = errors.New("its alpha is 0: its result is the same for every input")
		case err == nil:
			err = finiteNumber("(beta - 0.5)/alpha, by which its input is moved,", shift)
		}
		return between{name: "hardsigmoid", value: alpha, front: oneNumber(nil, []float32{shift})}, err
	},
	"Clip": (*affineLayers).clip,
}

// clip: x between a and b is a more than x − a between 0 and b − a. Without an a it is b less
// what b − x is above 0.
func (af *affineLayers) clip(n *graph.Node) (between, error) {
	if err := af.readerOf(n).Check(1, 3); err != nil {
		return between{}, err
	}
	a, err := af.limit(n, 1, "min", -1)
	if err != nil {
		return between{}, err
	}
	b, err := af.limit(n, 2, "max", 1)
	if err != nil {
		return between{}, err
	}
	below, above := math.IsInf(float64(a), -1), math.IsInf(float64(b), 1) // open
	switch {
	case !(a < b):
		return between{}, fmt.Errorf("its min, %g, is not below its max, %g: its result is the same for every input", a, b)
	case !below && math.Abs(float64(a)) > maxMoved:
		return between{}, tooFar("min", a)
	case below && !above && math.Abs(float64(b)) > maxMoved:
		return between{}, tooFar("max", b)
	case below && above:
		return between{}, errors.New("its limits are more than 3e38 in size, which no input is meant to reach: leave them out")
	case below:
		turned := oneNumber([]float32{-1}, []float32{b})
		return between{front: turned, name: "relu", behind: turned}, nil
	case above:
		return between{front: oneNumber(nil, []float32{-a}), name: "relu", behind: oneNumber(nil, []float32{a})}, nil
	}
	return between{front: oneNumber(nil, []float32{-a}), name: "relu6", value: b - a, behind: oneNumber(nil, []float32{a})}, nil
}

// maxMoved is the largest number that values are moved by: of a float32 of size 1 it takes the last
// six bits.
const maxMoved = 64

// tooFar is the error of a limit by which x is not moved: x − a + a would have lost the last
// digits of x.
func tooFar(name string, v float32) error {
	return fmt.Errorf("its %s is %g: beside a number of more than %d in size the inputs would lose digits, and its layers are x less that number and back", name, v, maxMoved)
}

// limit is operand k of a Clip, infinite where there is none: exporters write the largest
// numbers for that.
func (af *affineLayers) limit(n *graph.Node, k int, name string, sign int) (float32, error) {
	none := float32(math.Inf(sign))
	if k >= len(n.Inputs) || n.Inputs[k] == "" {
		return none, nil
	}
	v, ok := af.scalar(n.Inputs[k])
	switch {
	case !ok:
		return 0, fmt.Errorf("its %s %q is not a constant of one FLOAT", name, n.Inputs[k])
	case v != v:
		return 0, finiteNumber("its "+name, v)
	case float64(v)*float64(sign) >= 3e38:
		return none, nil
	}
	return v, nil
}

// settings are the two settings of a node, which must be finite.
func (af *affineLayers) settings(n *graph.Node, first, second string) (a, b float32, err error) {
	if err := af.readerOf(n).Check(1, 1, first, second); err != nil {
		return 0, 0, err
	}
	values := [2]float32{}
	for i, name := range []string{first, second} {
		var ok bool
		if values[i], ok = attrOf(n, name).(float32); !ok {
			_, err := n.Float(name, 0)
			return 0, 0, err
		}
		if err := finiteNumber("its "+name, values[i]); err != nil {
			return 0, 0, err
		}
	}
	return values[0], values[1], nil
}

func finite(v ...float32) bool {
	return !slices.ContainsFunc(v, func(x float32) bool { return math.IsInf(float64(x), 0) || x != x })
}
