package onnxio

import (
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/rewrite"
)

// island is a part of a graph that computes its result from one value, element by element:
// nodes between x and the result of the first, and constants.
type island struct {
	nodes []*graph.Node // in reverse order: the one that gives the result first
	x     string
}

// largestIsland bounds the nodes of an island. The longest activations that exporters
// write have a dozen.
const largestIsland = 24

// islands are the islands at a node, each within the next.
func (im *importer) islands(root *graph.Node) (all []island) {
	is := island{nodes: []*graph.Node{root}}
	frontier := im.computed(root)
	for rewrite.Elementwise(root.OpType) && rewrite.Readable(root) {
		if len(frontier) == 1 {
			is.x = frontier[0]
			all = append(all, island{slices.Clone(is.nodes), is.x})
		}
		// The latest node of the frontier is the next that may be inside: what it reads
		// can only be computed by earlier ones.
		next := im.latest(frontier)
		if next == nil || len(is.nodes) == largestIsland || !im.inside(next, is.nodes) {
			break
		}
		is.nodes = append(is.nodes, next)
		frontier = slices.DeleteFunc(frontier, func(v string) bool { return v == next.Outputs[0] })
		for _, v := range im.computed(next) {
			if !slices.Contains(frontier, v) {
				frontier = append(frontier, v)
			}
		}
	}
	return all
}

// computed are the operands of a node that are no constants, each once.
func (im *importer) computed(n *graph.Node) (values []string) {
	for _, v := range n.Inputs {
		if v != "" && im.consts[v] == nil && !slices.Contains(values, v) {
			values = append(values, v)
		}
	}
	return values
}

// latest is the node that stands last of those that make the values; nil if the last is
// the model's input.
func (im *importer) latest(values []string) *graph.Node {
	var last *graph.Node
	for _, v := range values {
		if n := im.maker[v]; n != nil && (last == nil || im.at[n] > im.at[last]) {
			last = n
		}
	}
	return last
}

// inside reports whether a node may join an island: it works element by element, and only
// the island reads its result.
func (im *importer) inside(n *graph.Node, nodes []*graph.Node) bool {
	if !rewrite.Elementwise(n.OpType) || !rewrite.Readable(n) || len(n.Outputs) != 1 || im.claimed[n] || im.isOutput(n.Outputs[0]) {
		return false
	}
	for _, r := range im.readers[n.Outputs[0]] {
		if !slices.Contains(nodes, r) {
			return false
		}
	}
	return true
}

func (im *importer) isOutput(value string) bool {
	return slices.ContainsFunc(im.model.Graph.Outputs, func(v *graph.Value) bool { return v.Name == value })
}

// constantsOf gives the shape that the constants of an island have together, without the
// batch, and the largest of those that a layer may learn: exporters write a slope next to
// its half or its inverse.
func (im *importer) constantsOf(is island) (dims []int, learned string, ok bool) {
	dims = []int{}
	sample, most := im.sampleOf(is.x), 0
	for _, n := range is.nodes {
		for _, v := range n.Inputs {
			t := im.consts[v]
			if t == nil {
				continue
			}
			d := dimsOf(t)
			if len(d) == len(sample)+1 && d[0] == 1 {
				d = d[1:]
			}
			if dims = rewrite.Broadcast(dims, d); dims == nil || len(d) > len(sample) {
				return nil, "", false
			}
			if size := dimsOf(t).Size(); im.trainable(v) && size > most {
				learned, most = v, size
			}
		}
	}
	// They do not make the result larger.
	return dims, learned, slices.Equal(rewrite.Broadcast(sample, dims), sample)
}

// sampleOf is the shape of a value without the batch, nil if it is not known yet.
func (im *importer) sampleOf(value string) nn.Shape {
	if layer := im.layerOf[value]; layer != "" {
		return im.builder.ShapeOf(layer)
	}
	return im.clean.Sample(value)
}
