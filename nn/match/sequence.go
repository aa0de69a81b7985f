package match

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

// sequence is the layers of a network that can be aligned, in an order that does not depend on
// names, nor on the order in which branches are listed.
type sequence struct {
	nodes []*nn.Node
	hash  map[string]uint64 // of a layer and everything that it reads, by name
}

func sequenceOf(net *nn.Network) sequence {
	s := sequence{hash: map[string]uint64{}}
	for i, p := range net.Inputs() {
		s.hash[p.Name] = hashOf("input", fmt.Sprint(i, p.Shape), nil)
	}
	for _, node := range net.Nodes() {
		s.hash[node.Name] = s.hashOf(node)
	}
	seen := map[string]bool{}
	for _, p := range net.Outputs() {
		s.visit(net, p.Name, seen)
	}
	for _, node := range net.Nodes() { // that no output needs
		s.visit(net, node.Name, seen)
	}
	return s
}

// hashOf covers the category of a layer, its shapes and those of its parameters, and what it
// reads. Activations may differ in what they learn.
func (s sequence) hashOf(node *nn.Node) uint64 {
	kind := category(node)
	if kind == "" {
		return s.hash[node.Inputs[0]]
	}
	shapes := fmt.Sprint(node.Shape)
	if kind != activations {
		for _, p := range node.Params {
			shapes += fmt.Sprint(p.Name, p.Shape)
		}
	}
	var in []uint64
	for _, name := range s.inputs(node) {
		in = append(in, s.hash[name])
	}
	return hashOf(kind, shapes, in)
}

func hashOf(kind, shapes string, in []uint64) uint64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%q %q", kind, shapes)
	for _, v := range in {
		h.Write(binary.LittleEndian.AppendUint64(nil, v))
	}
	return h.Sum64()
}

// inputs are the names of a layer's inputs, in an order of their structure where it may be
// changed.
func (s sequence) inputs(node *nn.Node) []string {
	switch node.Layer.(type) {
	case layer.Add, layer.Mul:
		return slices.SortedStableFunc(slices.Values(node.Inputs), func(a, b string) int { return cmp.Compare(s.hash[a], s.hash[b]) })
	}
	return node.Inputs
}

// visit appends a layer behind everything that it reads.
func (s *sequence) visit(net *nn.Network, name string, seen map[string]bool) {
	type frame struct {
		node *nn.Node
		left []string
	}
	var stack []frame
	push := func(name string) {
		if node := net.Node(name); node != nil && !seen[name] {
			seen[name] = true
			stack = append(stack, frame{node, s.inputs(node)})
		}
	}
	push(name)
	for len(stack) > 0 {
		top := &stack[len(stack)-1]
		if len(top.left) > 0 {
			next := top.left[0]
			top.left = top.left[1:]
			push(next)
			continue
		}
		if category(top.node) != "" {
			s.nodes = append(s.nodes, top.node)
		}
		stack = stack[:len(stack)-1]
	}
}
