package parity

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio"
)

// rename gives layers that do the work of several of the reference's the name of the one of
// their kind.
func (p *placement) rename(layers []Layer) {
	for i, l := range layers {
		if n := p.net.Node(l.Layer); n != nil && l.Reference != "" {
			layers[i].Reference = p.nameOf(n, l.Reference)
		}
	}
}

// nameOf is the reference's name of a layer for which a tensor was recorded. A layer that does
// the work of several of the reference's, such as a convolution with the normalisation behind
// it, is called as the one of its own kind.
func (p *placement) nameOf(n *nn.Node, placed string) string {
	best := placed
	if p.isInner(placed) { // it says which value of the file was recorded
		return best
	}
	k := slices.Index(p.order, placed)
	for k--; k >= 0; k-- { // those that were recorded just in front and are in no place
		i := slices.IndexFunc(p.unplaced, func(u Unplaced) bool { return u.Name == p.order[k] })
		if i < 0 {
			break
		}
		if kind := kindOf(n.Layer); wordLikeness(p.order[k], kind) > wordLikeness(best, kind) {
			best = p.order[k]
			p.unplaced[i].In = n.Name
			p.unplaced[i].Why = fmt.Sprintf("layer %s computes it together with %q, whose value it gives", n.Name, placed)
		}
	}
	return best
}

// isInner reports whether a name is that of a value inside of the file.
func (p *placement) isInner(name string) bool {
	if p.im == nil || name == p.im.Output {
		return false
	}
	_, ok := p.im.Value(name)
	return ok
}

// nameFor is the name by which a user knows a layer: the reference's, else the author's in
// the file, else that of the file's node.
func nameFor(im *onnxio.Imported, l Layer) string {
	if l.Reference != "" {
		return l.Reference
	}
	from := im.Layer(l.Layer)
	if from == nil || !from.Numbered || len(from.Nodes) == 0 {
		return l.Layer
	}
	name := from.Nodes[len(from.Nodes)-1].Name
	for _, n := range from.Nodes {
		if slices.Contains(mainOperators, n.OpType) {
			name = n.Name
			break
		}
	}
	if name == "" {
		return l.Layer
	}
	return name
}

// mainOperators do the work of the layers that more nodes belong to.
var mainOperators = []string{"Conv", "ConvTranspose", "Gemm", "MatMul", "BatchNormalization", "PRelu", "LeakyRelu", "MaxPool", "AveragePool", "GlobalAveragePool"}
