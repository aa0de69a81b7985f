package onnxio

import (
	"errors"
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/opset"
)

// importer recovers the network of one cleaned graph.
type importer struct {
	*provenance
	*refusals
	acts   *activationFinder
	naming *namer
	affine *affineLayers
	batch  int64 // the batch size that the file fixes; 0 if it does not
	notes  []string

	matches    map[*graph.Node]*match      // activations, by the node that gives the result
	registered map[*graph.Node]*layerMatch // layers of registered formats, by the same
	says       map[string]nn.Shape         // samples of values, as the file describes them

	builder *nn.Builder
	layerOf map[string]string      // value → layer that gives it
	gives   map[string]*graph.Node // the node that a layer was made of
	params  map[string]Values      // by full name
	owner   map[string]string      // constant → layer that took it as its parameter
	layers  []RecoveredLayer
}

// newImporter starts the network with the input of the cleaned graph.
func newImporter(p *provenance, rounding float64, notes []string) *importer {
	in := p.graph.Inputs[0]
	var shape nn.Shape
	for _, d := range in.Shape[1:] {
		shape = append(shape, int(d.Size))
	}
	im := &importer{
		provenance: p, refusals: newRefusals(p), naming: newNamer(p), notes: slices.Clone(notes),
		matches: map[*graph.Node]*match{}, registered: map[*graph.Node]*layerMatch{},
		builder: nn.NewBuilder(shape), layerOf: map[string]string{in.Name: nn.InputName}, gives: map[string]*graph.Node{},
		params: map[string]Values{}, owner: map[string]string{},
	}
	im.acts = newActivationFinder(p, rounding, im.sampleOf)
	im.affine = newAffineLayers(im)
	return im
}

// findLayers claims the nodes of every activation, and of every layer of a registered format.
// It goes backwards and takes the largest at each result, so that the Tanh inside a Mish is not
// taken for an activation of its own.
func (im *importer) findLayers() {
	for _, root := range slices.Backward(im.graph.Nodes) {
		if im.acts.claimed[root] {
			continue
		}
		if m := im.layerAt(root); m != nil {
			im.registered[root] = m
		} else if m := im.acts.activationAt(root); m != nil {
			im.matches[root] = m
		}
		for _, n := range im.cleanedOf(root)[1:] {
			im.acts.claimed[n] = true
		}
	}
}

// node turns one node into a layer, unless it is part of an activation or a
// constant.
func (im *importer) node(n *graph.Node) {
	if im.acts.claimed[n] {
		return
	}
	if m := im.matches[n]; m != nil {
		if im.layerOf[m.x] == "" {
			im.behind++ // it comes from a node that is refused already
			return
		}
		if m.factor != 0 {
			im.affine.enterMultiple(n, m)
			return
		}
		r, err := m.recovered(im)
		im.add(n, r, err)
		return
	}
	if im.enterRegistered(n) {
		return
	}
	if why := opset.WhyNotUpgraded(n); why != "" && !im.isBehind(n) {
		im.refuse(n, errors.New(why))
		return
	}
	if im.affine.scaled(n) || im.affine.difference(n) || im.affine.withSettings(n) {
		return
	}
	io := layerByOp(n.OpType)
	if io == nil || !n.Standard() {
		im.refuse(n, im.whyNoLayer(n))
		return
	}
	if im.isBehind(n) {
		im.behind++
		return
	}
	r, err := io.Read(im.readerOf(n))
	if err == nil {
		im.affine.takeFactor(n, r)
	}
	im.add(n, r, err)
}

// isBehind reports whether a node reads what a node gives that is refused already.
func (im *importer) isBehind(n *graph.Node) bool {
	return slices.ContainsFunc(n.Inputs, func(in string) bool { return in != "" && im.layerOf[in] == "" && im.consts[in] == nil })
}

// add enters a layer under a name of its own, or refuses its node.
func (im *importer) add(n *graph.Node, r *FoundLayer, err error) {
	if err == nil {
		err = im.fits(r)
	}
	if err != nil {
		im.refuse(n, err)
		return
	}
	var inputs []string
	for _, value := range r.Inputs {
		inputs = append(inputs, im.layerOf[value])
	}
	tensors := im.tensors(n, r)
	stem := r.stem
	if stem == "" {
		stem = r.Layer.Stem()
	}
	name, numbered := im.naming.name(n, im.cleanedOf(n), im.matches[n] != nil, stem, tensors)
	im.builder.Add(name, r.Layer, inputs...)
	im.layerOf[n.Outputs[0]] = name
	im.gives[name] = n
	im.affine.added(name, r, inputs)
	for p, v := range r.Params {
		im.params[name+"."+p] = v
	}
	im.untie(tensors, name)
	im.layers = append(im.layers, RecoveredLayer{Name: name, Numbered: numbered, Nodes: im.nodesOf(im.cleanedOf(n)), sources: im.sourcesOf(im.cleanedOf(n))})
	if m := im.matches[n]; m != nil && m.numeric {
		im.notes = append(im.notes, m.note(name))
	}
	if r.then != nil {
		next := im.naming.number(r.then.Stem())
		im.naming.names[next] = true
		im.builder.Add(next, r.then, name)
		im.layers = append(im.layers, RecoveredLayer{Name: next, Numbered: true})
		im.affine.trains[next] = im.affine.trains[name]
		im.layerOf[n.Outputs[0]] = next
	}
}

// fits tells why a layer does not take its inputs.
func (im *importer) fits(r *FoundLayer) error {
	var shapes []nn.Shape
	for _, value := range r.Inputs {
		shapes = append(shapes, im.shape(value))
	}
	op, err := r.Layer.Bind(shapes)
	if err == nil && tooLarge(op.Shape()) {
		err = fmt.Errorf("its result has samples of shape %v; %w", op.Shape(), ErrTooLarge)
	}
	return err
}

// untie notes a tensor that more than one layer uses: exporters merge tensors that
// happen to be equal.
func (im *importer) untie(tensors []string, layer string) {
	for _, name := range tensors {
		root := im.rootOf(name)
		if first, taken := im.owner[root]; taken && first != layer {
			im.notes = append(im.notes, fmt.Sprintf("layers %s and %s shared the tensor %q; each has its own now", first, layer, root))
		} else {
			im.owner[root] = layer
		}
	}
}

// tensors lists the file's tensors that a layer takes as its parameters.
func (im *importer) tensors(n *graph.Node, r *FoundLayer) (names []string) {
	if len(r.Params) == 0 {
		return nil
	}
	var from []string
	switch act, registered := im.matches[n], im.registered[n]; {
	case act != nil:
		from = []string{act.param}
	case registered != nil:
		from = registered.consts
	default:
		from = n.Inputs[1:]
	}
	for _, name := range from {
		if im.trainable(name) {
			names = append(names, name)
		}
	}
	return names
}

// shape is the shape of a value that a layer gives.
func (im *importer) shape(value string) nn.Shape { return im.builder.ShapeOf(im.layerOf[value]) }

// sampleOf is the shape of a value without the batch, nil if it is not known yet.
func (im *importer) sampleOf(value string) nn.Shape {
	if layer := im.layerOf[value]; layer != "" {
		return im.builder.ShapeOf(layer)
	}
	return im.clean.Sample(value)
}
