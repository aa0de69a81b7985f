package match

import (
	"fmt"
	"math"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
)

// report compares the layers in the order found.
func (m *matching) report() {
	seenA, seenB := map[string]bool{}, map[string]bool{}
	for _, p := range m.pairs {
		seenA[p.a.Name], seenB[p.b.Name] = true, true
		if len(p.a.Params)+len(p.b.Params) > 0 {
			m.compared++
		}
		apart := 0.0
		if m.s.filters[p.a.Name] != nil {
			l := m.layer(p)
			apart = l.MaxError
			m.r.Layers = append(m.r.Layers, l)
		} else {
			apart = m.differ(p)
		}
		if act, ok := p.a.Layer.(activation.Layer); ok {
			m.r.Activations = append(m.r.Activations, activationOf(p, act, m.s.layouts[p.a.Name]))
		}
		m.r.MaxError = max(m.r.MaxError, apart)
	}
	m.r.OnlyA, m.r.OnlyB = missing(m.a, seenA), missing(m.b, seenB)
	m.r.Equal = m.r.Equal && len(m.r.OnlyA)+len(m.r.OnlyB) == 0
}

// missing lists the layers with parameters that are in no pair.
func missing(net *nn.Network, seen map[string]bool) (names []string) {
	for _, node := range net.Nodes() {
		if len(node.Params) > 0 && !seen[node.Name] {
			names = append(names, node.Name)
		}
	}
	return names
}

// layer compares a convolution or dense layer.
func (m *matching) layer(p pair) Layer {
	l := Layer{A: p.a.Name, B: p.b.Name, Kind: p.a.Layer.Kind(), ShapeA: p.a.Params[0].Shape, ShapeB: p.b.Params[0].Shape}
	x := m.filters[p.a]
	if x == nil {
		l.Why = "the weights have other shapes"
		if l.ShapeA.Equal(l.ShapeB) {
			l.Why = "the groups differ"
		}
		m.r.Equal = false
		return l
	}
	l.Fixed, l.After = x.to.fixed(), x.after()
	in, same := x.inputOrder(), identity(x.inputs)
	for row, other := range x.to.order() {
		l.Perm = append(l.Perm, int(other))
		if row != int(other) {
			l.Moved++
		}
		l.Before += cosine(x.first, x.second, row, row, same) / float64(x.out)
		if cosine(x.first, x.second, row, int(other), in) >= AlikeFrom {
			l.Alike++
		}
	}
	l.MaxError = m.differ(p)
	return l
}

// after is the mean similarity of filters in the order found.
func (x *paired) after() (mean float64) {
	in := x.inputOrder()
	for row, other := range x.to.order() {
		mean += cosine(x.first, x.second, row, int(other), in) / float64(x.out)
	}
	return mean
}

// differ is the largest difference of the parameters of a pair, in the order found. It also
// records whether they are equal.
func (m *matching) differ(p pair) (most float64) {
	if len(p.a.Params) != len(p.b.Params) {
		m.r.Equal = false
		if category(p.a) != activations {
			m.note("%s has %d parameters and %s %d: the first are compared", p.a.Name, len(p.a.Params), p.b.Name, len(p.b.Params))
		}
	}
	for i := range min(len(p.a.Params), len(p.b.Params)) {
		q, other := p.a.Params[i], p.b.Params[i]
		if !q.Shape.Equal(other.Shape) {
			m.r.Equal = false
			m.note("%s has shape %v and %s %v: they are not compared", q.FullName(), q.Shape, other.FullName(), other.Shape)
			return most
		}
		for k, at := range m.s.order(p.a, i) {
			d := apart(q.Data[k], other.Data[at])
			m.r.Equal = m.r.Equal && d == 0
			most = max(most, d)
		}
	}
	return most
}

func (m *matching) note(format string, args ...any) {
	m.r.Notes = append(m.r.Notes, fmt.Sprintf(format, args...))
}

// apart is how far two values are from each other; 0 if both are NaN.
func apart(a, b float32) float64 {
	d := math.Abs(float64(a) - float64(b))
	switch {
	case a == b || a != a && b != b:
		return 0
	case math.IsNaN(d):
		return math.Inf(1)
	}
	return d
}

// order returns for each value of parameter i of a layer of the first network the one in the
// second.
func (s *structure) order(node *nn.Node, i int) []int32 {
	p, f := node.Params[i], s.filters[node.Name]
	switch {
	case f != nil && i == 0:
		return f.weightOrder()
	case f != nil, byChannel(node, p):
		return spread(s.layouts[node.Name].order(), len(p.Data)/node.Shape[0])
	}
	return identity(len(p.Data))
}

// weightOrder returns for each weight the one in the second network.
func (f *filters) weightOrder() []int32 {
	order := make([]int32, f.out*f.cols())
	to, in := f.to.order(), f.inputOrder()
	for row, other := range to {
		for i, j := range in {
			from, at := f.index(row, i), f.index(int(other), int(j))
			for k := range f.area {
				order[from+k] = int32(at + k)
			}
		}
	}
	return order
}

// spread is the order of values if each element has several.
func spread(order []int32, inner int) []int32 {
	all := make([]int32, 0, len(order)*inner)
	for _, to := range order {
		for k := range inner {
			all = append(all, to*int32(inner)+int32(k))
		}
	}
	return all
}
