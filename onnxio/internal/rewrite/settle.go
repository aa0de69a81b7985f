package rewrite

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// settled is the name of a value that lies as in the file. Where it does not, the moves
// that were put off are carried out: a Reshape that cuts the cleaned value into its parts,
// a Transpose, and a Reshape to the file's shape, as far as each is needed.
func (l *layouter) settled(v view, file *graph.Node) string {
	if v.plain() {
		return v.name
	}
	if moves := *v.moves; len(moves) > 0 {
		file = moves[len(moves)-1]
	}
	key := fmt.Sprint(v.name, v.axes)
	if name := l.shuffled[key]; name != "" {
		return name
	}
	name := v.name
	perm := v.permutation()
	if !slices.IsSorted(perm) {
		if len(v.parts) != len(v.groups) {
			name = l.reshape(name, v.parts, file)
		}
		shape := make([]size, len(perm))
		attr := make([]int64, len(perm))
		for i, p := range perm {
			shape[i], attr[i] = v.parts[p], int64(p)
		}
		name = l.move("Transpose", name, shape, file, graph.IntsAttr("perm", attr...))
	}
	if !slices.Equal(l.sizes(name), v.shape()) {
		name = l.reshape(name, v.shape(), file)
	}
	l.shuffled[key] = name
	return name
}

// permutation lists all parts in the order of the file's value; those of one element that
// the file's value does not have come last.
func (v view) permutation() []int {
	perm := slices.Concat(v.axes...)
	for p := range v.parts {
		if !slices.Contains(perm, p) {
			perm = append(perm, p)
		}
	}
	if slices.IsSorted(v.order()) { // only parts of one element are out of order
		slices.Sort(perm)
	}
	return perm
}

// reshape emits a Reshape.
func (l *layouter) reshape(name string, shape []size, file *graph.Node) string {
	return l.move("Reshape", name, shape, file, nil, l.openShape(name, shape))
}

// openShape enters a shape as a constant with -1 for the batch, under a name like that of the
// value.
func (w *work) openShape(name string, shape []size) string {
	to := make([]int, len(shape))
	free := -1
	for i, s := range shape {
		to[i] = s[0]
		if s[0] != s[1] || i == 0 && free < 0 { // the batch
			free = i
		}
	}
	if free >= 0 {
		to[free] = -1
	}
	return w.ints(name+".shape", to...)
}

// nameOf is a node's name, or that of its result if it has none.
func nameOf(n *graph.Node) string {
	if n.Name == "" {
		return firstOutput(n)
	}
	return n.Name
}

// move emits a node that moves axes.
func (l *layouter) move(op, name string, shape []size, file *graph.Node, attr *graph.Attr, more ...string) string {
	to := l.unique(name + ".moved")
	n := &graph.Node{OpType: op, Inputs: append([]string{name}, more...), Outputs: []string{to}}
	if file != nil { // to be told by the name that the user knows
		n.Name = nameOf(file)
	}
	if attr != nil {
		n.Attrs = []*graph.Attr{attr}
	}
	if file != nil {
		l.from[n] = l.from[file]
	}
	l.nodes = append(l.nodes, n)
	l.facts[to] = fact{typ: l.facts[name].typ}
	l.describe(to, shape)
	l.moves++
	return to
}
