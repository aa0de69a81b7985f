package onnxio

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// layerMatch is a layer of a registered format: the node that gives its result, and those in
// front of it that belong to it.
type layerMatch struct {
	format *LayerFormat
	nodes  []*graph.Node // the one that gives the result first
	consts []string      // those that hold its parameters
	err    error         // why it was none, as long as not all shapes were known
}

// layerAt is the layer of a registered format whose result a node gives; nil if there is none.
// The nodes in front are not layers yet then, so that Read may not know all shapes.
func (im *importer) layerAt(root *graph.Node) *layerMatch {
	for _, f := range registeredFor(root) {
		n := im.readerOf(root)
		if _, nodes, err := n.read(f); err != nil {
			return &layerMatch{format: f, nodes: []*graph.Node{root}, err: err}
		} else if nodes != nil && im.closed(nodes) {
			return &layerMatch{format: f, nodes: nodes}
		}
	}
	return nil
}

// read asks a format for the layer of a node, and gives the nodes that belong to it, n first.
// nil without an error is that it is none, which in a file that gonn wrote the names of its
// nodes and parameters tell.
func (n *LayerReader) read(f *LayerFormat) (*FoundLayer, []*graph.Node, error) {
	if outputs := len(n.node.Outputs); outputs != 1 {
		return nil, nil, fmt.Errorf("has %d outputs; need 1", outputs)
	}
	found, err := f.Read(n)
	if err != nil || found == nil {
		return nil, nil, err
	}
	if found.Layer == nil || found.Layer.Kind() != f.Layer.Kind() {
		return nil, nil, fmt.Errorf("the Read of %s has given the layer %v", f.Layer.Kind(), found.Layer)
	}
	if n.im.asWritten {
		for name := range found.Params {
			if !slices.Contains(n.took.consts, n.node.Name+"."+name) {
				return nil, nil, nil
			}
		}
	}
	nodes, err := n.between(found.Inputs)
	return found, nodes, err
}

// between lists the nodes that a layer's result is computed by from its inputs. All must have
// been looked at.
func (n *LayerReader) between(inputs []string) ([]*graph.Node, error) {
	nodes := []*graph.Node{n.node}
	for i := 0; i < len(nodes); i++ {
		for _, in := range nodes[i].Inputs {
			if in == "" || n.Constant(in) || slices.Contains(inputs, in) {
				continue
			}
			inner := n.im.Maker[in]
			if inner == nil || !slices.Contains(n.took.nodes, inner) {
				return nil, fmt.Errorf("the Read of its layer leaves out the input %q", in)
			}
			if !slices.Contains(nodes, inner) {
				nodes = append(nodes, inner)
			}
		}
	}
	return nodes, nil
}

// enterRegistered takes a node into a layer of a registered format; false leaves it to the
// others.
func (im *importer) enterRegistered(root *graph.Node) bool {
	m := im.registered[root]
	if m == nil { // now that all shapes are known
		for _, f := range registeredFor(root) {
			n := im.readerOf(root)
			n.took.single = true
			if found, _, err := n.read(f); err != nil || found != nil {
				m = &layerMatch{format: f, nodes: []*graph.Node{root}}
				break
			}
		}
	}
	if m == nil {
		return false
	}
	if im.behindAny(m.nodes) {
		im.behind++
		return true
	}
	im.registered[root] = m
	n := im.readerOf(root)
	n.took.single, n.took.own = len(m.nodes) == 1, m.nodes
	found, nodes, err := n.read(m.format)
	switch {
	case err == nil && found == nil && m.err != nil:
		err = m.err
	case err == nil && !slices.Equal(nodes, m.nodes):
		err = fmt.Errorf("the Read of %s takes other nodes when it is called again", m.format.Layer.Kind())
	}
	if err == nil {
		err = im.readsLayers(found)
	}
	m.consts = n.took.consts
	im.add(root, found, err)
	return true
}

// behindAny reports whether nodes of a layer read what a node gives that is refused already.
func (im *importer) behindAny(nodes []*graph.Node) bool {
	for _, n := range nodes {
		for _, in := range n.Inputs {
			if in != "" && im.consts[in] == nil && im.layerOf[in] == "" && !slices.Contains(nodes, im.Maker[in]) {
				return true
			}
		}
	}
	return false
}

// readsLayers is an error if a layer is to read what no layer gives.
func (im *importer) readsLayers(found *FoundLayer) error {
	for _, value := range found.Inputs {
		if im.layerOf[value] == "" {
			return fmt.Errorf("its input %q is not the result of a layer", value)
		}
	}
	return nil
}

// described is the shape of a sample of a value as the file says it; nil if it does not.
func (im *importer) described(value string) nn.Shape {
	if im.says == nil {
		im.says = map[string]nn.Shape{}
		for _, v := range slices.Concat(im.file.Graph.ValueInfo, im.file.Graph.Outputs) {
			im.says[v.Name] = sampleShape(v)
		}
	}
	return im.says[value]
}

// sampleShape is the shape of a sample of a value; nil if the file does not fix it.
func sampleShape(v *graph.Value) (s nn.Shape) {
	if !v.HasShape || len(v.Shape) == 0 {
		return nil
	}
	for _, d := range v.Shape[1:] {
		if !d.Known() || d.Size < 1 || d.Size > MaxSample {
			return nil
		}
		s = append(s, int(d.Size))
	}
	return s
}
