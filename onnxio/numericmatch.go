package onnxio

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/numericmatch"
	"github.com/gonn-toolkit/gonn/onnxio/internal/schema"
	"github.com/gonn-toolkit/gonn/onnxio/internal/shapeinfer"
)

// elementwisePart is a part of a graph that computes its result from one value, element by element:
// nodes between x and the result of the first, and constants.
type elementwisePart struct {
	nodes []*graph.Node // in reverse order: the one that gives the result first
	x     string
}

// largestPart bounds the nodes of a part. The longest activations that exporters
// write have a dozen.
const largestPart = 24

// parts are the elementwise parts that end at a node, each within the next.
func (f *activationFinder) parts(root *graph.Node) (all []elementwisePart) {
	is := elementwisePart{nodes: []*graph.Node{root}}
	frontier := f.computed(root)
	for schema.Elementwise(root.OpType) && schema.Readable(root) {
		if len(frontier) == 1 {
			is.x = frontier[0]
			all = append(all, elementwisePart{slices.Clone(is.nodes), is.x})
		}
		// The latest node of the frontier is the next that may be inside: what it reads
		// can only be computed by earlier ones.
		next := f.latest(frontier)
		if next == nil || len(is.nodes) == largestPart || !f.inside(next, is.nodes) {
			break
		}
		is.nodes = append(is.nodes, next)
		frontier = slices.DeleteFunc(frontier, func(v string) bool { return v == next.Outputs[0] })
		for _, v := range f.computed(next) {
			if !slices.Contains(frontier, v) {
				frontier = append(frontier, v)
			}
		}
	}
	return all
}

// latest is the node that stands last of those that make the values; nil if the last is
// the model's input.
func (f *activationFinder) latest(values []string) *graph.Node {
	var last *graph.Node
	for _, v := range values {
		if n := f.Maker[v]; n != nil && (last == nil || f.Place[n] > f.Place[last]) {
			last = n
		}
	}
	return last
}

// inside reports whether a node may join a part: it works element by element, and only
// the part reads its result.
func (f *activationFinder) inside(n *graph.Node, nodes []*graph.Node) bool {
	if !schema.Elementwise(n.OpType) || !schema.Readable(n) || len(n.Outputs) != 1 || f.claimed[n] || f.isOutput(n.Outputs[0]) {
		return false
	}
	for _, r := range f.Readers[n.Outputs[0]] {
		if !slices.Contains(nodes, r) {
			return false
		}
	}
	return true
}

// constantsOf gives the shape that the constants of a part have together, without the
// batch, and the largest of those that a layer may learn: exporters write a slope next to
// its half or its inverse.
func (f *activationFinder) constantsOf(is elementwisePart) (dims []int, learned string, ok bool) {
	dims = []int{}
	sample, most := f.sampleOf(is.x), 0
	for _, n := range is.nodes {
		for _, v := range n.Inputs {
			t := f.consts[v]
			if t == nil {
				continue
			}
			d := dimsOf(t)
			if len(d) == len(sample)+1 && d[0] == 1 {
				d = d[1:]
			}
			if dims = shapeinfer.Broadcast(dims, d); dims == nil || len(d) > len(sample) {
				return nil, "", false
			}
			if size := dimsOf(t).Size(); f.trainable(v) && size > most {
				learned, most = v, size
			}
		}
	}
	// They do not make the result larger.
	return dims, learned, slices.Equal(shapeinfer.Broadcast(sample, dims), sample)
}

// matchNumerically finds the activation that a part computes, perhaps up to a factor; nil if
// it is none.
func (f *activationFinder) matchNumerically(is elementwisePart) *match {
	dims, learned, ok := f.constantsOf(is)
	if !ok {
		return nil
	}
	found := f.numeric.Match(numericmatch.Part{Nodes: is.nodes, X: is.x, Dims: dims, Learned: learned})
	if found == nil {
		return nil
	}
	m := &match{fn: found.Func, nodes: is.nodes, x: is.x, param: found.Param, numeric: true, values: found.Values, dims: dims, factor: found.Factor}
	if m.fn.Arg == activation.Fixed {
		m.value = &m.values[0]
	}
	return m
}

// note says how an activation was recognised.
func (m *match) note(layer string) string {
	note := fmt.Sprintf("layer %s was recognised as %s by its values at %d points", layer, m.fn.Name, len(numericmatch.Points))
	if m.factor != 0 {
		note += fmt.Sprintf(", up to the factor %g", m.factor)
	}
	return note
}
