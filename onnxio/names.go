package onnxio

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// namer chooses the names of layers.
type namer struct {
	*provenance
	names map[string]bool // in use
	stems map[string]int  // how many layers of each kind there are
	given map[string]int  // the last number that a name of each kind was given
}

func newNamer(p *provenance) *namer {
	return &namer{p, map[string]bool{}, map[string]int{}, map[string]int{}}
}

// name chooses a layer's name: in files as gonn writes them that of its node; else from its
// parameters ("conv1.weight"), or from what its nodes tell of the author's module or layer,
// or from its kind and number.
//
// n is the node that gives the layer's result, cleaned all of its nodes, and tensors are those
// of the file that its parameters come from.
func (m *namer) name(n *graph.Node, cleaned []*graph.Node, activation bool, stem string, tensors []string) (name string, numbered bool) {
	if m.asWritten {
		name = n.Name
	}
	if name == "" && !activation {
		name = m.ownScope(n)
	}
	if name == "" && len(tensors) > 0 {
		name = m.tensorScope(m.rootOf(tensors[0]))
	}
	if name == "" {
		name = m.scope(n, cleaned)
	}
	numbered = name == "" || name == nn.InputName || m.names[name]
	if numbered {
		name = m.number(stem)
	}
	m.names[name] = true
	return name, numbered
}

// number gives stem1, stem2, … in the order of the file; the bare stem if there is
// only one, as nn.Sequential does.
func (m *namer) number(stem string) string {
	if m.stems[stem] <= 1 && !m.names[stem] {
		return stem
	}
	for {
		m.given[stem]++
		if name := fmt.Sprintf("%s%d", stem, m.given[stem]); !m.names[name] {
			return name
		}
	}
}

// countStems counts the nodes that become layers of each kind.
func (im *importer) countStems() {
	stems := im.naming.stems
	stems[actStem] = len(im.matches)
	for _, n := range im.graph.Nodes {
		if m := im.matches[n]; m != nil && m.factor != 0 && !im.affine.weighed(n.Outputs[0]) && !slices.ContainsFunc(im.Readers[n.Outputs[0]], im.acts.withConstant) {
			stems[layer.Rescaling{}.Stem()]++
		}
		if m := im.registered[n]; m != nil {
			stems[m.format.Layer.Stem()]++
			continue
		}
		if im.acts.claimed[n] || im.matches[n] != nil {
			continue
		}
		if io := layerByOp(n.OpType); io != nil {
			stems[io.Layer.Stem()]++
		}
		if im.acts.withConstant(n) {
			stems[scaleStem]++
			if x := im.Maker[im.computed(n)[0]]; x == nil || !im.acts.withConstant(x) {
				stems[layer.Rescaling{}.Stem()]++ // else it joins the one in front
			}
		}
		if betweens[n.OpType] != nil {
			stems[layer.Rescaling{}.Stem()] += 2
		}
	}
}

// scope is the author's name for the module or layer that n and the other nodes of its layer come from, as
// far as the exporter has written it; "" if it has not.
func (m *namer) scope(n *graph.Node, cleaned []*graph.Node) string {
	nodes := m.clean.From[n]
	for _, inner := range cleaned[1:] {
		nodes = append(slices.Clone(nodes), m.clean.From[inner]...)
	}
	for _, f := range slices.Backward(nodes) {
		if name := m.scopeOf(f); name != "" && !m.names[name] {
			return name
		}
	}
	return ""
}

// ownScope is scope by the node of the file that has the operator of n alone: an exporter that
// folds a normalisation into a convolution may name the new weights after it.
func (m *namer) ownScope(n *graph.Node) string {
	if !m.fromTensorFlow() {
		return ""
	}
	for _, f := range m.clean.From[n] {
		if f.OpType == n.OpType {
			if name := m.scopeOf(f); name != "" && !m.names[name] {
				return name
			}
		}
	}
	return ""
}

// actStem is how activations are named.
var actStem = activation.Layer{}.Stem()

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i > 0 {
		return s[:i], s[i+len(sep):], true
	}
	return "", s, false
}
