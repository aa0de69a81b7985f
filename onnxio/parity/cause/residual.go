package cause

import (
	"fmt"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

// plus is the place's value plus an earlier one.
func (p *place) plus(earlier string) value {
	return value{
		kind: "residual-missing", text: fmt.Sprintf("a residual is missing behind it: %s has to be added", earlier),
		layer: p.sumName(earlier),
		compute: func(values batch) (*nn.Tensor, error) {
			a, b := values[p.name], values[earlier]
			if a == nil || b == nil {
				return nil, errNoValue
			}
			return sum(a, b), nil
		},
	}
}

func sum(a, b *nn.Tensor) *nn.Tensor {
	y := nn.NewTensor(a.Shape...)
	for i, v := range a.Data {
		y.Data[i] = v + b.Data[i]
	}
	return y
}

// residualRecorded tries the reference's values without a layer that are the place's value and
// another one.
func residualRecorded(p *place) { p.missing(true) }

// layerMissing tries the reference's values without a layer behind a layer whose own value is
// right: between that and its readers a layer is missing.
func layerMissing(p *place) { p.missing(false) }

func (p *place) missing(residual bool) {
	c := p.whole.c
	got := p.st.values[p.name]
	if p.input || p.outputs || !p.right(got) {
		return
	}
	for _, t := range c.Unplaced {
		u := p.st.values[unplaced(t.Name)]
		if u == nil || !nn.Shape(u.Shape).Equal(got.Shape) || c.errorOf(got, u) <= 1 {
			continue
		}
		other := p.difference(u, got)
		if residual != (other != "") {
			continue
		}
		v := value{kind: "layer-missing", layer: t.Name, text: "behind it the reference has " + t.Name + ", which is missing"}
		if residual {
			v.kind, v.text = "residual-missing", fmt.Sprintf("a residual is missing behind it: %s, which adds %s", t.Name, other)
		}
		v.compute = func(values batch) (*nn.Tensor, error) { return values[unplaced(t.Name)], nil }
		p.try(v)
	}
}

// right reports whether a value is one of the reference's.
func (p *place) right(y *nn.Tensor) bool {
	c := p.whole.c
	if y == nil {
		return false
	}
	if w := c.Want[p.name]; isBatch(w) && c.errorOf(y, w) <= 1 {
		return true
	}
	for _, t := range c.Unplaced {
		if u := p.st.values[unplaced(t.Name)]; u != nil && c.errorOf(y, u) <= 1 {
			return true
		}
	}
	return false
}

// difference is the name of the reference's value that a is more than b; "" if there is none.
func (p *place) difference(a, b *nn.Tensor) string {
	c := p.whole.c
	for _, t := range c.Unplaced {
		u := p.st.values[unplaced(t.Name)]
		if u != nil && nn.Shape(u.Shape).Equal(b.Shape) && c.errorOf(sum(b, u), a) <= 1 {
			return t.Name
		}
	}
	for _, node := range c.Net.Nodes() {
		u := p.st.values[node.Name]
		if u != nil && nn.Shape(u.Shape).Equal(b.Shape) && c.errorOf(sum(b, u), a) <= 1 {
			return node.Name
		}
	}
	return ""
}

// residualMissing tries to add each earlier value of the same shape.
func residualMissing(p *place) {
	if p.input || p.outputs && p.st == p.whole && len(p.shape) < 3 {
		return
	}
	for _, u := range p.earlier() {
		p.try(p.plus(u))
	}
}

// earlier are the values in front of the place with its shape, the nearest first.
func (p *place) earlier() []string {
	net := p.whole.c.Net
	node := net.Node(p.name)
	if node == nil {
		return nil
	}
	depends := map[string]bool{}
	nodes := net.Nodes()
	var list []string
	at := len(nodes)
	for i, n := range nodes {
		if n == node {
			at = i
		}
	}
	depends[p.name] = true
	for i := at; i >= 0; i-- {
		n := nodes[i]
		if depends[n.Name] {
			for _, in := range n.Inputs {
				depends[in] = true
			}
		}
		if n != node && n.Shape.Equal(node.Shape) {
			list = append(list, n.Name)
		}
	}
	for _, in := range net.Inputs() {
		if in.Shape.Equal(node.Shape) {
			list = append(list, in.Name)
		}
	}
	return list
}

// sumName is the name of the missing layer, as those of sums in other blocks suggest: if block1
// has bn2 and add, behind block3.bn2 there should be block3.add. It is "" if nothing suggests one.
func (p *place) sumName(earlier string) string {
	net := p.whole.c.Net
	for _, node := range net.Nodes() {
		if _, ok := node.Layer.(layer.Add); !ok {
			continue
		}
		for _, in := range node.Inputs {
			if name, ok := renamed(in, p.name, node.Name); ok && net.Node(name) == nil {
				return name
			}
		}
	}
	return ""
}

// renamed changes the part of a name in which from and to differ, if it is a number that the
// name has in the same place.
func renamed(from, to, name string) (string, bool) {
	n := 0
	for n < min(len(from), len(to)) && from[n] == to[n] {
		n++
	}
	for n > 0 && isDigit(from[n-1]) {
		n--
	}
	a, b := digits(from[n:]), digits(to[n:])
	if a == "" || b == "" || from[n+len(a):] != to[n+len(b):] || !strings.HasPrefix(name, from[:n]+a) {
		return "", false
	}
	rest := name[n+len(a):]
	if rest != "" && isDigit(rest[0]) {
		return "", false
	}
	return to[:n] + b + rest, true
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// digits are those that a text begins with.
func digits(s string) string {
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return s[:n]
}
