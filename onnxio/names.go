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

// name chooses a layer's name: in files as gonn writes them that of its node; else from its
// parameters ("conv1.weight"), or from what its nodes tell of the author's module or layer,
// or from its kind and number.
func (im *importer) name(n *graph.Node, stem string, tensors []string) (name string, numbered bool) {
	if im.asWritten {
		name = n.Name
	}
	if name == "" {
		name = im.ownScope(n)
	}
	if name == "" && len(tensors) > 0 {
		name = im.tensorScope(im.rootOf(tensors[0]))
	}
	if name == "" {
		name = im.scope(n)
	}
	numbered = name == "" || name == nn.InputName || im.names[name]
	if numbered {
		name = im.number(stem)
	}
	im.names[name] = true
	return name, numbered
}

// rootOf is the initializer of the file that a constant comes from, or its own name if it
// comes from none or several.
func (im *importer) rootOf(constant string) string {
	if r := im.clean.Roots[constant]; len(r) == 1 {
		return r[0]
	}
	return constant
}

// number gives stem1, stem2, … in the order of the file; the bare stem if there is
// only one, as nn.Sequential does.
func (im *importer) number(stem string) string {
	if im.stems[stem] <= 1 && !im.names[stem] {
		return stem
	}
	for {
		im.given[stem]++
		if name := fmt.Sprintf("%s%d", stem, im.given[stem]); !im.names[name] {
			return name
		}
	}
}

// countStems counts the nodes that become layers of each kind.
func (im *importer) countStems() {
	im.stems, im.given = map[string]int{actStem: len(im.matches)}, map[string]int{}
	for _, n := range im.model.Graph.Nodes {
		if m := im.matches[n]; m != nil && m.factor != 0 && !im.weighed(n.Outputs[0]) && !slices.ContainsFunc(im.readers[n.Outputs[0]], im.withConstant) {
			im.stems[layer.Rescaling{}.Stem()]++
		}
		if m := im.registered[n]; m != nil {
			im.stems[m.format.Layer.Stem()]++
			continue
		}
		if im.claimed[n] || im.matches[n] != nil {
			continue
		}
		if io := layerByOp(n.OpType); io != nil {
			im.stems[io.Layer.Stem()]++
		}
		if im.withConstant(n) {
			im.stems[scaleStem]++
			if x := im.maker[im.computed(n)[0]]; x == nil || !im.withConstant(x) {
				im.stems[layer.Rescaling{}.Stem()]++ // else it joins the one in front
			}
		}
		if betweens[n.OpType] != nil {
			im.stems[layer.Rescaling{}.Stem()] += 2
		}
	}
}

// withConstant reports whether a node is arithmetic of a value and a constant.
func (im *importer) withConstant(n *graph.Node) bool {
	return n != nil && arithmetic[n.OpType] && len(n.Inputs) == 2 && len(im.computed(n)) == 1 && n.Inputs[0] != n.Inputs[1] || n != nil && n.OpType == "Neg"
}

// actStem is how activations are named.
var actStem = activation.Layer{}.Stem()

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i > 0 {
		return s[:i], s[i+len(sep):], true
	}
	return "", s, false
}
