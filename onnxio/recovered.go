package onnxio

import (
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// RecoveredLayer tells where a layer comes from.
type RecoveredLayer struct {
	Name  string   // of the layer in the network
	Nodes []string // the operators of the file's nodes that it stands for, in their order
}

// String gives the operators as Relu+Neg+Relu+Mul+Add.
func (r RecoveredLayer) String() string { return strings.Join(r.Nodes, "+") }

// nodesOf lists the operators of the file's nodes behind the layer that n gives.
func (im *importer) nodesOf(n *graph.Node) []string {
	nodes := []*graph.Node{n}
	if m := im.matches[n]; m != nil {
		nodes = m.nodes
	}
	var all []*graph.Node
	for _, n := range nodes {
		all = append(all, im.clean.From[n]...)
	}
	slices.SortFunc(all, func(a, b *graph.Node) int { return im.inFile[a] - im.inFile[b] })
	var ops []string
	for _, f := range slices.Compact(all) {
		ops = append(ops, f.OpType)
	}
	return ops
}
