package match

import (
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
)

// mostAligned bounds the pairs of layers that bySequence looks at.
const mostAligned = 4 << 20

// bySequence pairs layers in order so that the most of them are alike, as a longest common
// subsequence. Networks with too many layers for that are paired by names.
func bySequence(a, b []*nn.Node, second *nn.Network) (pairs []pair) {
	if int64(len(a))*int64(len(b)) > mostAligned {
		for _, node := range a {
			if other := second.Node(node.Name); other != nil && likeness(node, other) > 0 {
				pairs = append(pairs, pair{node, other})
			}
		}
		return pairs
	}
	const both, first, other = 0, 1, 2 // what the best alignment of a[i:] and b[j:] begins with
	choice := make([]uint8, len(a)*len(b))
	next := make([]int, len(b)+1)
	for i, x := range slices.Backward(a) {
		row := make([]int, len(b)+1)
		for j, y := range slices.Backward(b) {
			best, take := next[j], uint8(first)
			if row[j+1] > best {
				best, take = row[j+1], other
			}
			if n := likeness(x, y); n > 0 && next[j+1]+n >= best {
				best, take = next[j+1]+n, both
			}
			row[j], choice[i*len(b)+j] = best, take
		}
		next = row
	}
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch choice[i*len(b)+j] {
		case both:
			pairs = append(pairs, pair{a[i], b[j]})
			i, j = i+1, j+1
		case first:
			i++
		default:
			j++
		}
	}
	return pairs
}

// likeness is how much two layers are alike; 0 if they cannot be paired.
func likeness(a, b *nn.Node) int {
	if category(a) != category(b) {
		return 0
	}
	n := 2
	if a.Name == b.Name {
		n++
	}
	if a.Shape.Equal(b.Shape) {
		n++
	}
	if len(a.Params) > 0 && slices.EqualFunc(a.Params, b.Params, func(p, q *nn.Param) bool { return p.Shape.Equal(q.Shape) }) {
		n += 4
	}
	return n
}
