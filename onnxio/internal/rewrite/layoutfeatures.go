package rewrite

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// mostPermuted bounds the nodes between a dense layer and the place where the order of its
// features changes.
const mostPermuted = 64

// permuted makes a value (N, features) anew with the features in another order, element k
// being what was element index[k]: the columns of the dense layers that give it are permuted,
// and the constants on the way. They are a map of shape to, whose axes the file has in
// another order. It is "" where other nodes need the old order, or the value comes from
// elsewhere.
func (l *layouter) permuted(value string, index []int, to []size, axes [][]int) string {
	p := &permuter{layouter: l, index: index, names: map[string]string{}, read: map[string]int{value: 1}}
	name, ok := p.value(value)
	if !ok {
		return ""
	}
	for old := range p.names {
		if p.read[old] != l.uses[old] {
			return ""
		}
	}
	for _, n := range p.made {
		l.emitted[n.c.Outputs[0]] = n.c
		l.nodes = append(l.nodes, n.c)
		l.from[n.c] = l.from[n.old]
		l.facts[n.c.Outputs[0]] = l.facts[n.old.Outputs[0]]
		l.gone[n.old] = true
		l.regrouped[n.old.Outputs[0]] = view{name: n.c.Outputs[0], parts: to, groups: []int{1, len(to) - 1}, axes: [][]int{{0}, slices.Concat(axes[1:]...)}}
	}
	return name
}

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
	v, ok := p.views[name]
	n, old := p.maker[name], p.emitted[name]
	if !ok || n == nil || old == nil || !v.plain() || v.name != name || len(p.names) > mostPermuted {
		return "", false
	}
	if index, flat := v.features(len(p.index)); !flat || index != nil {
		return "", false
	}
	if n.OpType != old.OpType || !readable(old) || len(old.Outputs) != 1 {
		return "", false
	}
	c := p.copyOf(old)
	c.Outputs[0] = p.unique(name)
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
	case !Elementwise(c.OpType) && c.OpType != "BatchNormalization":
		return false
	}
	for k, in := range n.Inputs {
		if _, computed := p.views[in]; !computed {
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
	t := p.consts[c.Inputs[k]]
	if t == nil {
		return false
	}
	dims := toInts(t.Dims)
	if volume(dims) == 1 && axis < 0 {
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
