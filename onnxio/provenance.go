package onnxio

import (
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/rewrite"
)

// provenance says where the nodes and constants of a cleaned graph come from in the file.
type provenance struct {
	*graphIndex // of the cleaned graph
	file        *graph.Model
	clean       *rewrite.Result
	inFile      map[*graph.Node]int // the place of each node of the file
	// asWritten: the graph is read as gonn writes it, layer by layer (written.go).
	asWritten bool
}

func provenanceOf(file *graph.Model, clean *rewrite.Result, asWritten bool) *provenance {
	p := &provenance{indexOf(clean.Model.Graph), file, clean, map[*graph.Node]int{}, asWritten}
	for i, n := range file.Graph.Nodes {
		p.inFile[n] = i
	}
	return p
}

// trainable reports whether a constant may be what a layer learns, rather than a number
// written into the graph: it comes from an initializer, or, in files of others, has more
// elements than one. All exporters write the numbers of a program without axes; what is
// learned has at least one axis in PyTorch and Keras.
func (p *provenance) trainable(value string) bool {
	t := p.consts[value]
	if t == nil || t.Type != graph.Float {
		return false
	}
	if p.asWritten {
		return len(p.clean.Roots[value]) > 0
	}
	n, err := t.Len()
	if err != nil || n > 1 {
		return err == nil
	}
	if len(t.Dims) == 0 || len(p.clean.Roots[value]) == 0 {
		return false
	}
	// tf2onnx gives numbers all axes of what they meet. What was learned has one, or is read
	// from a variable; PReLU's slope is negated at once.
	root := p.rootOf(value)
	return !p.fromTensorFlow() || len(t.Dims) == 1 || strings.Contains(root, "ReadVariableOp") || strings.HasSuffix(root, "/Neg:0")
}

// rootOf is the initializer of the file that a constant comes from, or its own name if it
// comes from none or several.
func (p *provenance) rootOf(constant string) string {
	if r := p.clean.Roots[constant]; len(r) == 1 {
		return r[0]
	}
	return constant
}

// nodesOf lists the file's nodes behind nodes of the cleaned graph, in the file's order.
func (p *provenance) nodesOf(cleaned []*graph.Node) []*graph.Node {
	var all []*graph.Node
	for _, n := range cleaned {
		all = append(all, p.clean.From[n]...)
	}
	slices.SortFunc(all, func(a, b *graph.Node) int { return p.inFile[a] - p.inFile[b] })
	return slices.Compact(all)
}

// sourcesOf lists the file's initializers behind the constants that nodes read.
func (p *provenance) sourcesOf(cleaned []*graph.Node) (names []string) {
	for _, n := range cleaned {
		for _, in := range n.Inputs {
			for _, root := range p.clean.Roots[in] {
				if p.consts[in] != nil && !slices.Contains(names, root) {
					names = append(names, root)
				}
			}
		}
	}
	return names
}
