// Package match compares the parameters of two networks that may have their channels in another
// order, as two trainings of one network have.
//
// Networks aligns the layers of both, and finds for each convolution and dense layer which of
// its channels correspond: an assignment by the cosine similarity of filters, whose inputs are
// in the order that was found for the layers in front. An order goes on through normalisations,
// activations, pools, sums of branches, concatenations, depthwise convolutions and Flatten.
// Layers whose outputs are added share one order. Inputs and outputs of a network keep theirs, and
// so do the channels in front of a convolution in groups, of a Reshape that cuts channels, and of
// layers that are not of package layer.
package match

import (
	"cmp"
	"errors"
	"sync"

	"github.com/gonn-toolkit/gonn/nn"
)

// mostChannels bounds the channels of a layer that are matched: the assignment takes time in
// proportion to their cube.
const mostChannels = 2048

// Networks compares two networks. It is an error if no layers with parameters correspond.
func Networks(a, b *nn.Network) (*Result, error) {
	var chance []float64
	var failed error
	var beside sync.WaitGroup
	beside.Go(func() { chance, failed = byChance(a, b) })
	m := &matching{a: a, b: b, r: &Result{Equal: true}}
	m.prepare()
	err := solve(m.variables)
	beside.Wait()
	if err := cmp.Or(err, failed); err != nil {
		return nil, err
	}
	m.report()
	for i := range m.r.Layers {
		if l := &m.r.Layers[i]; l.Why == "" {
			l.Chance, chance = chance[0], chance[1:]
		}
	}
	if m.compared == 0 && len(m.r.OnlyA)+len(m.r.OnlyB) > 0 {
		return nil, errors.New("no layer with parameters of one network corresponds to one of the other")
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
		m.note("%d weights are not finite: similarity takes them as 0", broken)
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
			m.note("%d channels are compared in their order: at most %d are matched", v.n, mostChannels)
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
		var terms []*term
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
