package layout

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
	"github.com/gonn-toolkit/gonn/onnxio/internal/schema"
	"github.com/gonn-toolkit/gonn/onnxio/internal/shapeinfer"
)

// layCut carries out a Reshape that cuts axes in two. Features that the file takes for a map
// (N, H, W, C) become (N, C, H, W) at once: the columns of the dense layer in front are
// permuted for it. A sequence (N, C, L) is made a map of one row.
func (l *layouter) layCut(n *graph.Node, v axisMap, shape []ir.Size) bool {
	to, axes := l.mapOf(n, shape)
	if to == nil {
		to, axes = shape, identityMap("", shape).axes
	}
	name := ""
	if index := indexOf(to, axes); index == nil {
		name = l.materialized(v, n)
	} else if name = l.permuted(n.Inputs[0], index, to, axes); name == "" {
		to, axes, name = shape, identityMap("", shape).axes, l.materialized(v, n)
	}
	c := &graph.Node{Name: n.Name, OpType: "Reshape", Inputs: []string{name, l.AddShape(n.Outputs[0], to)}, Outputs: slices.Clone(n.Outputs)}
	l.emit(c, n, v)
	u := identityMap(n.Outputs[0], to)
	u.axes = axes
	l.Describe(u.name, to)
	l.maps[n.Outputs[0]] = u
	return true
}

// indexOf lists for each element of a sample of shape to where it is in the file, which has
// the axes in another order; nil if that is the same place.
func indexOf(to []ir.Size, axes [][]int) []int {
	var sizes, order []int // without the batch
	for _, axis := range axes[1:] {
		sizes = append(sizes, to[axis[0]][0])
		order = append(order, axis[0])
	}
	wide := slices.DeleteFunc(slices.Clone(order), func(a int) bool { return to[a] == ir.Unit })
	if slices.IsSorted(wide) {
		return nil
	}
	rank := make([]int, len(order)) // the file's axes in the order of to
	for i := range rank {
		rank[i] = i
	}
	slices.SortFunc(rank, func(i, j int) int { return order[i] - order[j] })
	return ir.PermutedIndex(sizes, rank)
}

// mapOf is the map that a reshaping to (N, H, W, C) or to a sequence should give, with the
// axes that the file sees; nil where the file's own shape is right.
func (l *layouter) mapOf(n *graph.Node, shape []ir.Size) (to []ir.Size, axes [][]int) {
	last := len(shape) - 1
	if last < 2 || last > 3 || slices.ContainsFunc(shape[1:], func(s ir.Size) bool { return s[0] != s[1] }) {
		return nil, nil
	}
	reader := l.readerBehind(n.Outputs[0])
	switch {
	case reader == nil:
	case last == 3 && channelsToFront(reader, 4):
		return []ir.Size{shape[0], shape[3], shape[1], shape[2]}, [][]int{{0}, {2}, {3}, {1}}
	case last == 2 && (channelsToFront(reader, 3) || channelsToFront(reader, 4)): // of a row
		return []ir.Size{shape[0], shape[2], ir.Unit, shape[1]}, [][]int{{0}, {3}, {1}}
	case last == 2 && slices.Contains(alongRow, reader.OpType):
		return []ir.Size{shape[0], shape[1], ir.Unit, shape[2]}, [][]int{{0}, {1}, {3}}
	}
	return nil, nil
}

// alongRow are the operators that run along a sequence (N, C, L).
var alongRow = []string{"Conv", "ConvTranspose", "MaxPool", "AveragePool", "GlobalMaxPool", "GlobalAveragePool"}

// channelsToFront reports whether a node brings the last axis to the place of the channels.
func channelsToFront(n *graph.Node, rank int) bool {
	perm := shapeinfer.PermOf(n, rank)
	return n.OpType == "Transpose" && len(perm) == rank && perm[0] == 0 && perm[1] == rank-1 && slices.IsSorted(perm[2:])
}

// beforeMap are operators, besides those of elements, that may stand between a Reshape and
// the layers of maps.
var beforeMap = []string{"BatchNormalization", "Pad", "Unsqueeze"}

// mostBehind bounds the nodes that are looked at behind a Reshape.
const mostBehind = 16

// readerBehind is the first node behind a value that does not work element by element, or on
// channels; nil if there is none near.
func (l *layouter) readerBehind(value string) *graph.Node {
	for range mostBehind {
		readers := l.Readers[value]
		if len(readers) == 0 {
			return nil
		}
		n := readers[0]
		if !schema.Readable(n) || !schema.Elementwise(n.OpType) && !slices.Contains(beforeMap, n.OpType) {
			return n
		}
		value = n.Outputs[0]
	}
	return nil
}
