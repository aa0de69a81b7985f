package match

import (
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

// pair is a layer of each network that have the same place in it.
type pair struct{ a, b *nn.Node }

// activations is the category of all activations.
const activations = "activation"

// category is the kind of a layer for the alignment: all activations are one. It is "" for
// layers that one network may have and another not, since they change no channel: those that
// change the shape, do nothing in inference, or turn logits into probabilities.
func category(node *nn.Node) string {
	switch l := node.Layer.(type) {
	case layer.Flatten, layer.Reshape, layer.Dropout, layer.Softmax, layer.LogSoftmax:
		return ""
	case activation.Layer:
		if l.Func == activation.Linear {
			return ""
		}
		return activations
	}
	return node.Layer.Kind()
}

// align pairs the layers of two networks. Networks of one structure are paired completely, by
// names if these agree. Others are paired as far as the layers follow one another alike.
func align(a, b *nn.Network) []pair {
	s, t := sequenceOf(a), sequenceOf(b)
	pairs, whole := byName(s, t, b)
	if !whole {
		pairs, whole = byStructure(s, t)
	}
	if !whole {
		pairs = bySequence(s.nodes, t.nodes, b)
	}
	at := map[*nn.Node]int{}
	for i, node := range a.Nodes() {
		at[node] = i
	}
	slices.SortFunc(pairs, func(p, q pair) int { return at[p.a] - at[q.a] })
	return pairs
}

// byName pairs layers of the same name; whole if all have one of the same structure.
func byName(s, t sequence, b *nn.Network) (pairs []pair, whole bool) {
	for _, node := range s.nodes {
		other := b.Node(node.Name)
		if other == nil || category(other) == "" || s.hash[node.Name] != t.hash[node.Name] {
			return nil, false
		}
		pairs = append(pairs, pair{node, other})
	}
	return pairs, len(s.nodes) == len(t.nodes)
}

// byStructure pairs layers of the same structure, in order.
func byStructure(s, t sequence) (pairs []pair, whole bool) {
	if len(s.nodes) != len(t.nodes) {
		return nil, false
	}
	for i, node := range s.nodes {
		if s.hash[node.Name] != t.hash[t.nodes[i].Name] {
			return nil, false
		}
		pairs = append(pairs, pair{node, t.nodes[i]})
	}
	return pairs, true
}
