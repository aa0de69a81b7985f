package cause

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/gonn-toolkit/gonn/nn"
)

// place is a layer, an input or a given value at which corrections are tried.
type place struct {
	ctx      context.Context
	st       *stage
	whole    *stage // from the network's inputs to its outputs
	deadline time.Time

	node    *nn.Node // nil for an input and for a given value
	name    string
	shape   nn.Shape
	outputs bool // the name is an output of the network
	input   bool // it is an input of the network
	patch   *patch
	tried   map[string]int
	found   []hit
	races   []*race
	row     int  // of the table, of the corrections that are being tried
	out     bool // of time
}

// hit is a correction that makes the network agree.
type hit struct {
	Cause
	at    string // the corrected value
	row   int    // of the table
	value *value
}

// value computes the corrected value of a place.
type value struct {
	kind, text string
	layer      string // that the report names, if not the place
	unknowns   int    // numbers that were fitted
	unlikely   bool   // to be named only if nothing else of its row agrees
	compute    func(values batch) (*nn.Tensor, error)
}

const (
	gap     = 10 // how many times smaller a correction makes the error
	lenient = 4  // the limit of the error on the first samples, whose scale may be smaller
)

// least is the error from which on a correction with fitted numbers is named: several numbers
// explain noise too.
func least(unknowns int) float64 {
	switch {
	case unknowns == 0:
		return little
	case unknowns <= 2:
		return 10
	}
	return much
}

// try tries a corrected value on the first samples and, if they agree, on all. It returns the
// error on the first samples.
func (p *place) try(v value) float64 {
	if p.stopped() {
		return math.Inf(1)
	}
	p.tried[v.kind]++
	y, err := v.compute(p.st.fewer)
	if err != nil {
		return math.Inf(1)
	}
	few := p.patch.error(y, p.st.fewer, p.st.fewWant)
	if few <= lenient {
		p.confirm(v)
	}
	return few
}

// confirm records a corrected value if the stage, and then the whole network, agree with it.
func (p *place) confirm(v value) {
	if p.whole.before < least(v.unknowns) {
		return
	}
	y, err := v.compute(p.st.values)
	if err != nil {
		return
	}
	after := p.patch.error(y, p.st.values, p.st.want)
	if !(after <= 1 && gapped(p.st.before, after)) {
		return
	}
	if p.st != p.whole {
		if y, err = v.compute(p.whole.values); err != nil {
			return
		}
		after = p.whole.patch(p.name).error(y, p.whole.values, p.whole.want)
		if !(after <= 1 && gapped(p.whole.before, after)) {
			return
		}
	}
	h := hit{at: p.name, row: p.row, value: &v, Cause: Cause{
		Kind: v.kind, Text: p.name + ": " + v.text, Layer: p.name, Before: p.whole.before, After: after,
	}}
	if v.layer != "" {
		h.Layer = v.layer
	}
	p.found = append(p.found, h)
}

// gapped reports whether a correction is clearly better than nothing.
func gapped(before, after float64) bool { return before >= gap*after && before > 1 }

// stopped reports whether no more corrections are to be tried.
func (p *place) stopped() bool {
	p.out = p.out || p.ctx.Err() != nil || time.Now().After(p.deadline)
	return p.out
}

// replace tries another layer with parameters in place of the node's.
func (p *place) replace(kind, text string, l nn.Layer, params map[string][]float32) float64 {
	return p.try(p.replacement(kind, text, l, params))
}

// replaceUnlikely is replace for a correction that is named only if no other of its row agrees.
func (p *place) replaceUnlikely(kind, text string, l nn.Layer, params map[string][]float32) {
	v := p.replacement(kind, text, l, params)
	v.unlikely = true
	p.try(v)
}

func (p *place) replacement(kind, text string, l nn.Layer, params map[string][]float32) value {
	return value{kind: kind, text: text, compute: func(values batch) (*nn.Tensor, error) {
		return apply(l, params, p.inputs(values)...)
	}}
}

// with tries another value of one parameter.
func (p *place) with(kind, text, param string, data []float32) float64 {
	old := p.param(param)
	if old == nil || slices.Equal(old, data) {
		return math.Inf(1)
	}
	params := paramsOf(p.node)
	params[param] = data
	return p.replace(kind, text, p.node.Layer, params)
}

// inputs are the values of the node's inputs.
func (p *place) inputs(values batch) []*nn.Tensor {
	var in []*nn.Tensor
	for _, name := range p.node.Inputs {
		in = append(in, values[name])
	}
	return in
}

// inputShape is the shape of the node's first input.
func (p *place) inputShape() nn.Shape { return shapeOf(p.whole.c.Net, p.node.Inputs[0]) }

// param is the values of a parameter; nil if there is none of that name.
func (p *place) param(name string) []float32 {
	for _, q := range p.node.Params {
		if q.Name == name {
			return q.Data
		}
	}
	return nil
}

// direct reports whether the reference's value of this layer is known.
func (p *place) direct() bool { return slices.Contains(p.st.targets, p.name) }

// readers are the layers that read the place's value.
func (p *place) readers() []*nn.Node {
	var list []*nn.Node
	for _, node := range p.whole.c.Net.Nodes() {
		if slices.Contains(node.Inputs, p.name) {
			list = append(list, node)
		}
	}
	return list
}
