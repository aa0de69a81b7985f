package layout

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
	"github.com/gonn-toolkit/gonn/onnxio/internal/schema"
)

// mostPermuted bounds the nodes between a dense layer and the place where the order of its
// features changes.
const mostPermuted = 64

// permuted makes a value (N, features) anew with the features in another order, element k
// being what was element index[k]: the columns of the dense layers that give it are permuted,
// and the constants on the way. They are a map of shape to, whose axes the file has in
// another order. It is "" where other nodes need the old order, or the value comes from
// elsewhere.
func (l *layouter) permuted(value string, index []int, to []ir.Size, axes [][]int) string {
	p := &permuter{layouter: l, index: index, names: map[string]string{}, read: map[string]int{value: 1}}
	name, ok := p.value(value)
	if !ok {
		return ""
	}
	for old := range p.names {
		if p.read[old] != l.Uses[old] {
			return ""
		}
	}
	for _, n := range p.made {
		l.emitted[n.c.Outputs[0]] = n.c
		l.Nodes = append(l.Nodes, n.c)
		l.From[n.c] = l.From[n.old]
		l.Facts[n.c.Outputs[0]] = l.Facts[n.old.Outputs[0]]
		l.gone[n.old] = true
		l.regrouped[n.old.Outputs[0]] = axisMap{name: n.c.Outputs[0], parts: to, groups: []int{1, len(to) - 1}, axes: [][]int{{0}, slices.Concat(axes[1:]...)}}
	}
	return name
}

// permuter makes values anew with their features in the order of index.
type permuter struct {
	*layouter
	index []int
	names map[string]string // of the values made anew
	read  map[string]int    // how often nodes that are made anew read a value
	made  []remade
}

// remade is a node in the place of another.
type remade struct{ c, old *graph.Node }

// value makes a value anew.
func (p *permuter) value(name string) (string, bool) {
	if to := p.names[name]; to != "" {
		return to, true
	}
	v, ok := p.maps[name]
	n, old := p.Maker[name], p.emitted[name]
	if !ok || n == nil || old == nil || !v.plain() || v.name != name || len(p.names) > mostPermuted {
		return "", false
	}
	if index, flat := v.features(len(p.index)); !flat || index != nil {
		return "", false
	}
	if n.OpType != old.OpType || !schema.Readable(old) || len(old.Outputs) != 1 {
		return "", false
	}
	c := p.CopyOf(old)
	c.Outputs[0] = p.Unique(name)
	p.names[name] = c.Outputs[0]
	if !p.operands(n, c) {
		return "", false
	}
	p.made = append(p.made, remade{c, old})
	return c.Outputs[0], true
}

// operands permutes those of a node: n as the file has it, c to be emitted.
func (p *permuter) operands(n, c *graph.Node) (ok bool) {
	switch {
	case c.OpType == "MatMul":
		return p.constant(c, 1, 1)
	case c.OpType == "Gemm":
		transB, err := c.Int("transB", 0)
		return err == nil && p.constant(c, 1, 1-int(min(max(transB, 0), 1))) && (len(c.Inputs) < 3 || p.constant(c, 2, -1))
	case !schema.Elementwise(c.OpType) && c.OpType != "BatchNormalization":
		return false
	}
	for k, in := range n.Inputs {
		if _, computed := p.maps[in]; !computed {
			if in != "" && !p.constant(c, k, -1) {
				return false
			}
			continue
		}
		p.read[in]++
		if c.Inputs[k], ok = p.value(in); !ok {
			return false
		}
	}
	return true
}

// constant permutes operand k along an axis, −1 being the last, if it has the features there.
// A constant of one number is left.
func (p *permuter) constant(c *graph.Node, k, axis int) (ok bool) {
	if c.Inputs[k] == "" {
		return true
	}
	t := p.Consts[c.Inputs[k]]
	if t == nil {
		return false
	}
	dims := ir.ToInts(t.Dims)
	if ir.Volume(dims) == 1 && axis < 0 {
		return true
	}
	if axis < 0 {
		axis = len(dims) - 1
	}
	if axis >= len(dims) || dims[axis] != len(p.index) {
		return false
	}
	c.Inputs[k], ok = p.taken(c.Inputs[k], axis, p.index)
	return ok && !slices.Contains(c.Inputs, "")
}

// features reports whether a value is (N, features), of so many, and how its features lie:
// position k of the cleaned value is position index[k] of the file's; nil is the same order.
func (v axisMap) features(count int) (index []int, ok bool) {
	if len(v.axes) != 2 || len(v.groups) != 2 || !slices.Equal(v.axes[0], []int{0}) || v.groups[0] != 1 || v.stored()[1] != (ir.Size{count, count}) {
		return nil, false
	}
	a, ok := v.axisOf(1)
	if !ok || a != 1 {
		return nil, false
	}
	if slices.IsSorted(v.order()) {
		return nil, true
	}
	sizes, order := make([]int, len(v.axes[1])), make([]int, len(v.axes[1]))
	for i, p := range v.axes[1] {
		sizes[i], order[p-1] = v.parts[p][0], i
	}
	return ir.PermutedIndex(sizes, order), true
}

// withBatch is a map of (N, features); one of the features of a single sample gets the batch
// as its first axis.
func (v axisMap) withBatch() (axisMap, bool) {
	if len(v.axes) == 2 {
		return v, true
	}
	if len(v.axes) != 1 || v.parts[0] != ir.Unit || slices.Contains(v.axes[0], 0) {
		return v, false
	}
	u := v
	u.axes = [][]int{{0}, v.axes[0]}
	return u, true
}
