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

// residualUnplaced tries sums that are a value of the reference without a layer.
func residualUnplaced(p *place) {
	c := p.whole.c
	if len(c.Unplaced) == 0 || p.outputs {
		return
	}
	for _, u := range p.earlier() {
		for _, t := range c.Unplaced {
			if !isBatch(t.Tensor) || !p.shape.Equal(t.Shape[1:]) || t.Shape[0] != p.st.c.samples() {
				continue
			}
			a, b := p.st.values[p.name], p.st.values[u]
			if a == nil || b == nil || !nn.Shape(a.Shape).Equal(b.Shape) || c.errorOf(sum(a, b), t.Tensor) > 1 {
				continue
			}
			v := p.plus(u)
			v.layer = t.Name
			p.try(v)
		}
	}
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
