package onnxio

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// affineLayers enters arithmetic with constants, and what is arithmetic around a layer.
type affineLayers struct {
	*importer
	weighs  map[string]bool    // layers with a weight, by outputs, and perhaps a bias
	trains  map[string]bool    // layers that are trained, or have one in front that is
	factors map[string]float32 // what is left to do to a value that a layer gives
	changed map[string]bool    // values that their layers gave before arithmetic behind these went into their weights
}

func newAffineLayers(im *importer) *affineLayers {
	return &affineLayers{im, map[string]bool{}, map[string]bool{}, map[string]float32{}, map[string]bool{}}
}

// added notes a layer that was added to the network.
func (af *affineLayers) added(name string, r *FoundLayer, inputs []string) {
	_, fixed := r.Layer.(layer.Rescaling)
	af.trains[name] = len(r.Params) > 0 && !fixed || slices.ContainsFunc(inputs, func(in string) bool { return af.trains[in] })
	switch r.Layer.(type) {
	case layer.Conv, layer.Dense, layer.BatchNorm:
		af.weighs[name] = true
	}
}

// scaled takes a node that is arithmetic with a constant into a layer; false leaves it to
// be refused.
func (af *affineLayers) scaled(n *graph.Node) bool {
	for _, x := range af.computed(n) {
		if af.layerOf[x] == "" {
			continue
		}
		a, ok, err := af.affineOf(n, x, af.shape(x))
		if err != nil {
			af.refuse(n, err)
		} else if ok {
			af.arithmetic(n, a)
		}
		return ok || err != nil
	}
	return false
}

// arithmetic enters y = s·x + t, as a part of the layer that gives x where that can be.
func (af *affineLayers) arithmetic(n *graph.Node, a affine) {
	if af.weighable(a) {
		af.intoLayer(n, a)
		return
	}
	steps := af.stepsFrom(n, a)
	switch i := af.learnedStep(steps); {
	case i == 0:
		af.add(n, channelwise(a, af.shape(a.x)[0]), nil)
	case i > 0:
		af.fixed(steps[:i]) // the rest has its turn later
	default:
		af.fixed(steps)
	}
}

// learnedStep is the place of the one step that the author trained, −1 if there is none.
// Two steps with numbers for each channel, a scale and a shift, are what is left of a frozen
// normalisation.
func (af *affineLayers) learnedStep(steps []step) int {
	at := -1
	for i, s := range steps {
		switch learned := af.learned(s.affine, steps[0].x); {
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
func (af *affineLayers) learned(a affine, x string) bool {
	shape := af.shape(x)
	return !af.asWritten && af.trains[af.layerOf[x]] && len(shape) == 3 && perChannel(a.dims, shape) &&
		af.trainable(a.constant) && len(af.clean.Roots[a.constant]) == 1 && af.tensorScope(af.rootOf(a.constant)) != ""
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
func (af *affineLayers) weighable(a affine) bool {
	name := af.layerOf[a.x]
	return !af.asWritten && af.weighs[name] && perChannel(a.dims, af.shape(a.x)) && len(af.Readers[a.x]) == 1 && (a.t == nil || af.params[name+".bias"] != nil)
}

// intoLayer changes the weights of the layer that gives x.
func (af *affineLayers) intoLayer(n *graph.Node, a affine) {
	name := af.layerOf[a.x]
	weight, bias := af.params[name+".weight"], af.params[name+".bias"]
	channels := af.shape(a.x)[0]
	if a.s != nil {
		af.params[name+".weight"] = weight.then(func(dst []float32) {
			for i := range dst {
				dst[i] *= ofChannel(a.s, i/(len(dst)/channels), 1)
			}
		})
	}
	if bias != nil {
		af.params[name+".bias"] = bias.then(func(dst []float32) {
			for i := range dst {
				dst[i] = dst[i]*ofChannel(a.s, i, 1) + ofChannel(a.t, i, 0)
			}
		})
	}
	af.layerOf[n.Outputs[0]] = name
	af.changed[a.x] = true
	i := slices.IndexFunc(af.layers, func(l RecoveredLayer) bool { return l.Name == name })
	af.layers[i].Nodes = append(af.layers[i].Nodes, af.nodesOf(af.cleanedOf(n))...)
	af.layers[i].sources = append(af.layers[i].sources, af.sourcesOf(af.cleanedOf(n))...)
	af.notes = append(af.notes, fmt.Sprintf("layer %s: %s is part of its weights now", name, n.Label()))
}

// difference reads a − b as the sum of a and −b.
func (af *affineLayers) difference(n *graph.Node) bool {
	if af.asWritten || !n.Standard() || n.OpType != "Sub" || len(n.Inputs) != 2 || len(n.Outputs) != 1 || len(n.Attrs) > 0 ||
		af.layerOf[n.Inputs[0]] == "" || af.layerOf[n.Inputs[1]] == "" {
		return false
	}
	negative := oneNumber([]float32{-1}, nil)
	negative.x = n.Inputs[1]
	if af.weighable(negative) {
		af.intoLayer(n, negative)
		af.add(n, &FoundLayer{Layer: layer.Add{}, Inputs: n.Inputs}, nil)
		return true
	}
	x := af.step(n, negative.x, "minus", func(step *graph.Node) { af.arithmetic(step, negative) })
	if af.layerOf[x] != "" { // else it is refused
		af.add(n, &FoundLayer{Layer: layer.Add{}, Inputs: []string{n.Inputs[0], x}}, nil)
	}
	return true
}
