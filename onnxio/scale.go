package onnxio

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// Arithmetic with constants, y = s·x + t, is part of a layer: what is behind a layer with
// weights goes into these, and what a map's channels are multiplied by or added to by itself
// is a convolution of one pixel with a group for each channel. It is looked at last, when no
// activation has claimed it.

// scaleStem is how convolutions of one pixel with a group for each channel are named.
const scaleStem = "scale"

// arithmetic are the operators of two operands that are read.
var arithmetic = map[string]bool{"Add": true, "Sub": true, "Mul": true, "Div": true}

// affine is y = s·x + t with one value for each channel, or one for all.
type affine struct {
	x        string    // "" where there is none
	s, t     []float32 // nil is 1, and 0
	constant string    // the file's, "" for Neg
}

// affineOf reads a node as arithmetic with a constant.
func (im *importer) affineOf(n *graph.Node) (a affine, ok bool) {
	if im.own() || !n.Standard() || len(n.Attrs) > 0 || len(n.Outputs) != 1 {
		return a, false
	}
	if n.OpType == "Neg" && len(n.Inputs) == 1 {
		a.x, a.s = n.Inputs[0], []float32{-1}
		return a, im.layerOf[a.x] != ""
	}
	if !arithmetic[n.OpType] || len(n.Inputs) != 2 {
		return a, false
	}
	k := 1 // the constant's place
	if im.consts[n.Inputs[0]] != nil {
		k = 0
	}
	a.x, a.constant = n.Inputs[1-k], n.Inputs[k]
	t := im.consts[a.constant]
	if t == nil || im.layerOf[a.x] == "" || !perChannel(dimsOf(t), im.shape(a.x)) {
		return a, false
	}
	c, err := t.Float32s()
	if err != nil || len(c) == 0 || t.Type != graph.Float {
		return a, false
	}
	switch op := n.OpType; {
	case op == "Add":
		a.t = c
	case op == "Sub" && k == 1:
		a.t = each(c, func(v float32) float32 { return -v })
	case op == "Sub":
		a.s, a.t = []float32{-1}, c
	case op == "Mul":
		a.s = c
	case op == "Div" && k == 1:
		a.s = each(c, func(v float32) float32 { return 1 / v })
	default: // a constant by x
		return a, false
	}
	return a, true
}

// perChannel tells whether a constant has one value for each channel of a value whose
// samples are of shape x, or one for all, without widening it.
func perChannel(constant, x nn.Shape) bool {
	for i, d := range constant {
		if axis := len(x) - len(constant) + i; d != 1 && (axis != 0 || d != x[0]) || axis < -1 {
			return false
		}
	}
	return true
}

// scaled takes a node that is arithmetic with a constant into a layer; false leaves it to
// be refused.
func (im *importer) scaled(n *graph.Node) bool {
	a, ok := im.affineOf(n)
	if !ok || !im.weighable(a) && len(im.shape(a.x)) != 3 {
		return false
	}
	im.arithmetic(n, a)
	return true
}

// arithmetic enters y = s·x + t, as a part of the layer that gives x where that can be.
func (im *importer) arithmetic(n *graph.Node, a affine) {
	if im.weighable(a) {
		im.intoLayer(n, a)
		return
	}
	im.add(n, channelwise(a, im.shape(a.x)[0]), nil)
	if !im.trainable(a.constant) {
		im.notes = append(im.notes, fmt.Sprintf("layer %s: what %s does with a number is learned for each channel now", im.layerOf[n.Outputs[0]], n.Label()))
	}
}

// channelwise is the convolution of one pixel that scales and shifts each channel.
func channelwise(a affine, channels int) *recovered {
	conv := nn.Conv{Out: channels, Kernel: [2]int{1, 1}, Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}, Groups: channels, NoBias: a.t == nil}
	r := &recovered{layer: conv, stem: scaleStem, inputs: []string{a.x}, params: map[string]values{"weight": repeated(a.s, 1)}}
	if a.t != nil {
		r.params["bias"] = repeated(a.t, 0)
	}
	return r
}

// repeated are values for each channel, if they are not one for all; nil is def.
func repeated(v []float32, def float32) values {
	return func(dst []float32) error {
		for i := range dst {
			dst[i] = ofChannel(v, i, def)
		}
		return nil
	}
}

// ofChannel is the value of channel i.
func ofChannel(v []float32, i int, def float32) float32 {
	switch len(v) {
	case 0:
		return def
	case 1:
		return v[0]
	}
	return v[i]
}

// weighable tells whether the weights of the layer that gives x can take the arithmetic, and
// nothing else reads x.
func (im *importer) weighable(a affine) bool {
	name := im.layerOf[a.x]
	return im.weighs[name] && len(im.readers[a.x]) == 1 && (a.t == nil || im.params[name+".bias"] != nil)
}

// intoLayer changes the weights of the layer that gives x.
func (im *importer) intoLayer(n *graph.Node, a affine) {
	name := im.layerOf[a.x]
	weight, bias := im.params[name+".weight"], im.params[name+".bias"]
	channels := im.shape(a.x)[0]
	if a.s != nil {
		im.params[name+".weight"] = weight.then(func(dst []float32) {
			for i := range dst {
				dst[i] *= ofChannel(a.s, i/(len(dst)/channels), 1)
			}
		})
	}
	if bias != nil {
		im.params[name+".bias"] = bias.then(func(dst []float32) {
			for i := range dst {
				dst[i] = dst[i]*ofChannel(a.s, i, 1) + ofChannel(a.t, i, 0)
			}
		})
	}
	im.layerOf[n.Outputs[0]] = name
	i := slices.IndexFunc(im.layers, func(l RecoveredLayer) bool { return l.Name == name })
	im.layers[i].Nodes = append(im.layers[i].Nodes, im.nodesOf(n)...)
	im.notes = append(im.notes, fmt.Sprintf("layer %s: %s is part of its weights now", name, n.Label()))
}

// difference reads a − b as a sum, if b comes from a layer whose weights can change sign.
func (im *importer) difference(n *graph.Node) bool {
	if !n.Standard() || n.OpType != "Sub" || len(n.Inputs) != 2 || len(n.Outputs) != 1 || len(n.Attrs) > 0 ||
		im.layerOf[n.Inputs[0]] == "" || im.layerOf[n.Inputs[1]] == "" {
		return false
	}
	r := &recovered{layer: nn.Add{}, inputs: n.Inputs}
	negative := affine{x: n.Inputs[1], s: []float32{-1}}
	if !im.weighable(negative) {
		return false
	}
	im.intoLayer(n, negative)
	im.add(n, r, nil)
	return true
}
