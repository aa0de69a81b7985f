package layout

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
	"github.com/gonn-toolkit/gonn/onnxio/internal/schema"
)

// materialized is the name of a value that lies as in the file. Where it does not, the moves
// that were put off are carried out: a Reshape that cuts the cleaned value into its parts,
// a Transpose, and a Reshape to the file's shape, as far as each is needed.
func (l *layouter) materialized(v axisMap, file *graph.Node) string {
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
		shape := make([]ir.Size, len(perm))
		attr := make([]int64, len(perm))
		for i, p := range perm {
			shape[i], attr[i] = v.parts[p], int64(p)
		}
		name = l.move("Transpose", name, shape, file, graph.IntsAttr("perm", attr...))
	}
	if !slices.Equal(l.Sizes(name), v.shape()) {
		name = l.reshape(name, v.shape(), file)
	}
	l.shuffled[key] = name
	return name
}

// reshape emits a Reshape.
func (l *layouter) reshape(name string, shape []ir.Size, file *graph.Node) string {
	return l.move("Reshape", name, shape, file, nil, l.AddShape(name, shape))
}

// nameOf is a node's name, or that of its result if it has none.
func nameOf(n *graph.Node) string {
	if n.Name == "" {
		return schema.FirstOutput(n)
	}
	return n.Name
}

// move emits a node that moves axes.
func (l *layouter) move(op, name string, shape []ir.Size, file *graph.Node, attr *graph.Attr, more ...string) string {
	to := l.Unique(name + ".moved")
	n := &graph.Node{OpType: op, Inputs: append([]string{name}, more...), Outputs: []string{to}}
	if file != nil { // to be told by the name that the user knows
		n.Name = nameOf(file)
	}
	if attr != nil {
		n.Attrs = []*graph.Attr{attr}
	}
	if file != nil {
		l.From[n] = l.From[file]
	}
	l.Nodes = append(l.Nodes, n)
	l.Facts[to] = ir.Fact{Type: l.Facts[name].Type}
	l.Describe(to, shape)
	l.moves++
	return to
}
