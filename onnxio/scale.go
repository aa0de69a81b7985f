package onnxio

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/rewrite"
)

// Arithmetic with constants, y = s·x + t, is part of a layer: what is behind a layer with
// weights goes into these, for they are trained anyway. What else the author trained, as far
// as the file tells, is a convolution of one pixel with a group for each channel; all other
// numbers are fixed, as they are in the file (rescaling.go). It is looked at last, when no
// activation has claimed it.

// scaleStem is how convolutions of one pixel with a group for each channel are named.
const scaleStem = "scale"

// arithmetic are the operators of two operands that are read.
var arithmetic = map[string]bool{"Add": true, "Sub": true, "Mul": true, "Div": true}

// affine is y = s·x + t with numbers that broadcast to x without widening it.
type affine struct {
	x        string    // "" where there is none
	s, t     []float32 // nil is 1, and 0
	dims     nn.Shape  // of the numbers, without the batch
	constant string    // the file's, "" for Neg
}

// oneNumber is the arithmetic of numbers without axes.
func oneNumber(s, t []float32) affine { return affine{s: s, t: t, dims: nn.Shape{}} }

// affineOf reads a node as arithmetic with a constant on the value x, whose samples have a
// shape. An error tells why the numbers cannot be a network's.
func (im *importer) affineOf(n *graph.Node, x string, shape nn.Shape) (a affine, ok bool, err error) {
	if !n.Standard() || len(n.Attrs) > 0 || len(n.Outputs) != 1 {
		return a, false, nil
	}
	a.x = x
	if n.OpType == "Neg" && len(n.Inputs) == 1 && n.Inputs[0] == x {
		a.s, a.dims = []float32{-1}, nn.Shape{}
		return a, true, nil
	}
	if !arithmetic[n.OpType] || len(n.Inputs) != 2 {
		return a, false, nil
	}
	k := slices.IndexFunc(n.Inputs, func(in string) bool { return in != x }) // the constant's place
	if k < 0 || n.Inputs[1-k] != x {
		return a, false, nil
	}
	a.constant = n.Inputs[k]
	t := im.consts[a.constant]
	if t == nil || t.Type != graph.Float {
		return a, false, nil
	}
	if a.dims = dimsOf(t); len(a.dims) == len(shape)+1 && a.dims[0] == 1 {
		a.dims = a.dims[1:]
	}
	if whole := rewrite.Broadcast(shape, a.dims); !slices.Equal(whole, shape) {
		return a, false, nil
	}
	c, err := t.Float32s()
	if err != nil || len(c) == 0 {
		return a, false, nil
	}
	if err := finiteNumbers(fmt.Sprintf("its constant %q", a.constant), c); err != nil {
		return a, false, err
	}
	a.s, a.t, ok = affineNumbers(n.OpType, c, k)
	return a, ok, finiteNumbers(fmt.Sprintf("1 by its constant %q", a.constant), a.s)
}

// affineNumbers are s and t of x·s + t for an operator with the constant c as operand k; ok
// is false for a constant divided by x.
func affineNumbers[T float32 | float64](op string, c []T, k int) (s, t []T, ok bool) {
	minus := func(v T) T { return -v }
	switch {
	case op == "Add":
		return nil, c, true
	case op == "Sub" && k == 1:
		return nil, each(c, minus), true
	case op == "Sub":
		return []T{-1}, c, true
	case op == "Mul":
		return c, nil, true
	case op == "Div" && k == 1:
		return each(c, func(v T) T { return 1 / v }), nil, true
	}
	return nil, nil, false
}

// finiteNumbers is an error if a number is none that a network can go on from.
func finiteNumbers(what string, v []float32) error {
	if i := slices.IndexFunc(v, func(x float32) bool { return !finite(x) }); i >= 0 {
		return fmt.Errorf("%s is %g at element %d: a network that can be trained needs finite numbers", what, v[i], i)
	}
	return nil
}

// perChannel reports whether numbers of the given shape are one for each channel of a value
// whose samples are of shape x, or one for all.
func perChannel(numbers, x nn.Shape) bool {
	for i, d := range numbers {
		if axis := len(x) - len(numbers) + i; d != 1 && (axis != 0 || d != x[0]) || axis < -1 {
			return false
		}
	}
	return true
}

// scaled takes a node that is arithmetic with a constant into a layer; false leaves it to
// be refused.
func (im *importer) scaled(n *graph.Node) bool {
	for _, x := range im.computed(n) {
		if im.layerOf[x] == "" {
			continue
		}
		a, ok, err := im.affineOf(n, x, im.shape(x))
		if err != nil {
			im.refuse(n, err)
		} else if ok {
			im.arithmetic(n, a)
		}
		return ok || err != nil
	}
	return false
}

// arithmetic enters y = s·x + t, as a part of the layer that gives x where that can be.
func (im *importer) arithmetic(n *graph.Node, a affine) {
	if im.weighable(a) {
		im.intoLayer(n, a)
		return
	}
	steps := im.stepsFrom(n, a)
	switch i := im.learnedStep(steps); {
	case i == 0:
		im.add(n, channelwise(a, im.shape(a.x)[0]), nil)
	case i > 0:
		im.fixed(steps[:i]) // the rest has its turn later
	default:
		im.fixed(steps)
	}
}

// learnedStep is the place of the one step that the author trained, −1 if there is none.
// Two steps with numbers for each channel, a scale and a shift, are what is left of a frozen
// normalisation.
func (im *importer) learnedStep(steps []step) int {
	at := -1
	for i, s := range steps {
		switch learned := im.learned(s.affine, steps[0].x); {
		case !learned && s.dims.Size() == 1:
		case at >= 0 || !learned:
			return -1
		default:
			at = i
		}
	}
	return at
}

// learned reports whether the author trained the numbers of a step behind the value x, as
// far as a file can tell: they stand behind a layer that is trained, one for each channel of
// a map, and are a parameter of a module by their name. Whatever it is, the network computes
// the same.
func (im *importer) learned(a affine, x string) bool {
	shape := im.shape(x)
	return !im.asWritten && im.trains[im.layerOf[x]] && len(shape) == 3 && perChannel(a.dims, shape) &&
		im.trainable(a.constant) && len(im.clean.Roots[a.constant]) == 1 && im.tensorScope(im.rootOf(a.constant)) != ""
}

// channelwise is the convolution of one pixel that scales and shifts each channel.
func channelwise(a affine, channels int) *FoundLayer {
	conv := layer.Conv{Out: channels, Kernel: [2]int{1, 1}, Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}, Groups: channels, NoBias: a.t == nil}
	r := &FoundLayer{Layer: conv, stem: scaleStem, Inputs: []string{a.x}, Params: map[string]Values{"weight": repeated(a.s, 1)}}
	if a.t != nil {
		r.Params["bias"] = repeated(a.t, 0)
	}
	return r
}

// repeated are values for each channel, if they are not one for all; nil is def.
func repeated(v []float32, def float32) Values {
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

// weighable reports whether the weights of the layer that gives x can take the arithmetic,
// and nothing else reads x.
func (im *importer) weighable(a affine) bool {
	name := im.layerOf[a.x]
	return !im.asWritten && im.weighs[name] && perChannel(a.dims, im.shape(a.x)) && len(im.readers[a.x]) == 1 && (a.t == nil || im.params[name+".bias"] != nil)
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
	im.changed[a.x] = true
	i := slices.IndexFunc(im.layers, func(l RecoveredLayer) bool { return l.Name == name })
	im.layers[i].Nodes = append(im.layers[i].Nodes, im.nodesOf(n)...)
	im.layers[i].sources = append(im.layers[i].sources, im.sourcesOf(n)...)
	im.notes = append(im.notes, fmt.Sprintf("layer %s: %s is part of its weights now", name, n.Label()))
}

// difference reads a − b as the sum of a and −b.
func (im *importer) difference(n *graph.Node) bool {
	if im.asWritten || !n.Standard() || n.OpType != "Sub" || len(n.Inputs) != 2 || len(n.Outputs) != 1 || len(n.Attrs) > 0 ||
		im.layerOf[n.Inputs[0]] == "" || im.layerOf[n.Inputs[1]] == "" {
		return false
	}
	negative := oneNumber([]float32{-1}, nil)
	negative.x = n.Inputs[1]
	if im.weighable(negative) {
		im.intoLayer(n, negative)
		im.add(n, &FoundLayer{Layer: layer.Add{}, Inputs: n.Inputs}, nil)
		return true
	}
	x := im.step(n, negative.x, "minus", func(step *graph.Node) { im.arithmetic(step, negative) })
	if im.layerOf[x] != "" { // else it is refused
		im.add(n, &FoundLayer{Layer: layer.Add{}, Inputs: []string{n.Inputs[0], x}}, nil)
	}
	return true
}
