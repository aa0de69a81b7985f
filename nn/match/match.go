// Package match compares the parameters of two networks that may have their channels in another
// order, as two trainings of one network have.
//
// Networks aligns the layers of both, and finds for each convolution and dense layer which of
// its channels correspond: an assignment by the cosine similarity of filters, whose inputs are
// in the order that was found for the layers in front. An order goes on through normalisations,
// activations, pools, sums of branches, concatenations, depthwise convolutions and Flatten.
// Layers whose outputs are added share one order.
package match

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
)

// Result is how two networks correspond. The first is A, the second B.
type Result struct {
	// Layers are the convolutions and dense layers of both networks that correspond, in the
	// order of A.
	Layers []Layer
	// Activations are those of both networks that correspond.
	Activations []Activation
	// OnlyA and OnlyB are the names of layers with parameters that the other network lacks.
	OnlyA, OnlyB []string
	// Equal reports whether all parameters are equal to the bit, with the channels in the
	// order found, and no layer with parameters is in one network only.
	Equal bool
	// MaxError is the largest difference between parameters of layers that correspond, with
	// the channels in the order found. Infinite if one is NaN or infinite and the other is
	// not the same.
	MaxError float64
	// Notes say what could not be compared, and why.
	Notes []string
}

// Layer is a convolution or dense layer of both networks.
type Layer struct {
	A, B string // names
	Kind string
	// Shapes of the weights. They are equal unless Why is set.
	ShapeA, ShapeB nn.Shape
	// Why says why the filters are not compared; "" if they are.
	Why string
	// Perm is the order of the output channels: channel i of A is channel Perm[i] of B.
	Perm []int
	// Fixed reports whether the order was given, as for the outputs of a network.
	Fixed bool
	// Moved is the number of channels with Perm[i] ≠ i.
	Moved int
	// Before is the mean cosine similarity of the filters, with their biases, of the two
	// networks in their own order; After is that in the order found.
	Before, After float64
	// Alike is the number of filters with a similarity of at least AlikeFrom after matching.
	Alike int
	// MaxError is as in Result.
	MaxError float64
}

// AlikeFrom is the cosine similarity from which Layer.Alike counts filters.
const AlikeFrom = 0.9

// mostChannels bounds the channels of a layer that are matched: the assignment takes time in
// proportion to their cube.
const mostChannels = 2048

// Networks compares two networks. It is an error if no layers with parameters correspond.
func Networks(a, b *nn.Network) (*Result, error) {
	m := &matching{a: a, b: b, r: &Result{Equal: true}}
	m.prepare()
	if err := solve(m.variables); err != nil {
		return nil, err
	}
	m.report()
	if len(m.r.Layers) == 0 && len(m.r.OnlyA)+len(m.r.OnlyB) > 0 && m.compared == 0 {
		return nil, fmt.Errorf("no layer with parameters of one network corresponds to one of the other")
	}
	return m.r, nil
}

// matching is what Networks works on.
type matching struct {
	a, b      *nn.Network
	s         *structure // of a
	pairs     []pair
	filters   map[*nn.Node]*paired // by the node of a
	variables []*variable          // that are to be found
	compared  int                  // layers with parameters
	r         *Result
}

// prepare aligns the networks and collects what layers say on each order.
func (m *matching) prepare() {
	m.s, m.pairs, m.filters = structureOf(m.a), align(m.a, m.b), map[*nn.Node]*paired{}
	other := structureOf(m.b)
	m.r.Notes = append(m.r.Notes, m.s.notes...)
	made := map[*variable]bool{} // by layers that can be compared
	broken := 0
	for _, p := range m.pairs {
		f, g := m.s.filters[p.a.Name], other.filters[p.b.Name]
		if f == nil || g == nil || !f.same(g) {
			continue
		}
		withBias := len(p.a.Params) > 1 && len(p.b.Params) > 1
		x := &paired{pair: p, filters: f}
		var n, k int
		x.first, n = newBank(f, p.a, withBias)
		x.second, k = newBank(g, p.b, withBias)
		broken += n + k
		m.filters[p.a] = x
		for _, s := range f.to {
			if v := s.free(); v != nil {
				made[v] = true
			}
		}
	}
	if broken > 0 {
		m.r.Notes = append(m.r.Notes, fmt.Sprintf("%d weights are not finite: similarity takes them as 0", broken))
	}
	m.choose(made)
	m.collect()
}

// choose lists the orders that are to be found; others are fixed.
func (m *matching) choose(made map[*variable]bool) {
	listed := map[*variable]bool{}
	for _, v := range m.s.variables {
		v = v.find()
		switch {
		case v.fixed || listed[v]:
			continue
		case v.n > mostChannels:
			m.r.Notes = append(m.r.Notes, fmt.Sprintf("%d channels are compared in their order: at most %d are matched", v.n, mostChannels))
			v.fixed = true
		case !made[v]:
			v.fixed = true
		default:
			listed[v] = true
			m.variables = append(m.variables, v)
		}
	}
}

// collect gives each variable the terms in which it occurs.
func (m *matching) collect() {
	for _, p := range m.pairs {
		var terms []term
		if x := m.filters[p.a]; x != nil {
			terms = append(termsOf(x, x.to, false), termsOf(x, x.in, true)...)
		} else if m.s.filters[p.a.Name] == nil && category(p.a) == category(p.b) {
			terms = valuesOf(p, m.s.layouts[p.a.Name])
		}
		for _, t := range terms {
			v := t.free()
			v.terms = append(v.terms, t)
		}
	}
}
