package onnxio

import (
	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/numericmatch"
	"github.com/gonn-toolkit/gonn/onnxio/internal/schema"
)

// activationFinder finds the activations of a cleaned graph: by their spellings, and in files
// of others by what nodes compute.
type activationFinder struct {
	*provenance
	rounding float64                     // of the file's numbers, see roundingOf
	sampleOf func(value string) nn.Shape // the shape of a sample, nil if it is not known
	numeric  *numericmatch.Matcher
	found    map[*graph.Node]*match // what activationAt has found
	claimed  map[*graph.Node]bool   // nodes inside a layer or an activation
}

func newActivationFinder(p *provenance, rounding float64, sampleOf func(value string) nn.Shape) *activationFinder {
	return &activationFinder{
		provenance: p, rounding: rounding, sampleOf: sampleOf,
		numeric: numericmatch.New(p.clean.Model.Opset(""), p.consts, p.trainable),
		found:   map[*graph.Node]*match{}, claimed: map[*graph.Node]bool{},
	}
}

// activationAt is the activation whose result a node gives, nil if there is none. Of
// several the smallest is taken that leaves nothing unknown in front of it: two activations
// one behind the other may compute what one does, but stay two. Fixed numbers in front are
// known too, but a larger activation that has them in it comes before these.
func (f *activationFinder) activationAt(root *graph.Node) *match {
	if m, known := f.found[root]; known {
		return m
	}
	f.found[root] = nil // what is in front of a node does not lead back to it
	var best, rescaled *match
	for _, m := range f.candidates(root) {
		if best == nil {
			best = m
		}
		if f.leavesLayer(m.x) {
			best, rescaled = m, nil
			break
		}
		if n := f.Maker[m.x]; rescaled == nil && f.withConstant(n) {
			rescaled = m
		}
	}
	if rescaled != nil {
		best = rescaled
	}
	f.found[root] = best
	return best
}

// candidates are the activations that a node may end: the one that is spelled so, and in
// files of others those that the parts in front of it compute, the smaller first. If there are
// none, they are those that these compute up to a factor.
func (f *activationFinder) candidates(root *graph.Node) (all []*match) {
	var multiples []*match
	spelled := f.largestMatch(root)
	if spelled != nil {
		all = append(all, spelled)
	}
	if f.asWritten || !root.Standard() || len(root.Outputs) != 1 {
		return all
	}
	for _, is := range f.parts(root) {
		if spelled == nil || len(is.nodes) > len(spelled.nodes) {
			switch m := f.matchNumerically(is); {
			case m == nil:
			case m.factor == 0:
				all = append(all, m)
			case !f.isScale(root):
				multiples = append(multiples, m)
			}
		}
	}
	if all == nil {
		return multiples
	}
	return all
}

// leavesLayer reports whether a value comes from a layer or an activation, rather than from
// arithmetic that would be left over.
func (f *activationFinder) leavesLayer(value string) bool {
	n := f.Maker[value]
	if n == nil || !schema.Elementwise(n.OpType) {
		return true
	}
	if layerByOp(n.OpType) != nil && len(f.computed(n)) == len(n.Inputs) {
		return true // a sum or product of layers
	}
	return f.activationAt(n) != nil
}

// largestMatch is the spelling of most nodes that gives a node's result; nil if there is none.
func (f *activationFinder) largestMatch(root *graph.Node) *match {
	var best *match
	for _, row := range allSpellings() {
		for _, s := range row.spellings {
			if m := f.match(root, row.fn, s); m != nil && m.better(best) {
				best = m
			}
		}
	}
	return best
}

// isScale reports whether a node is arithmetic on one value, which is read for itself.
func (f *activationFinder) isScale(n *graph.Node) bool {
	return (n.OpType == "Neg" || arithmetic[n.OpType]) && len(f.computed(n)) == 1
}

// withConstant reports whether a node is arithmetic of a value and a constant.
func (f *activationFinder) withConstant(n *graph.Node) bool {
	if n == nil || len(f.computed(n)) != 1 { // too many constants may have been left unfolded
		return false
	}
	return n.OpType == "Neg" || arithmetic[n.OpType] && len(n.Inputs) == 2 && n.Inputs[0] != n.Inputs[1]
}
