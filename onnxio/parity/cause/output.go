package cause

import (
	"errors"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

var errNoValue = errors.New("no value of that layer")

// ends are the functions at the end of a network.
var ends = []struct {
	name string
	l    nn.Layer
}{
	{"softmax", layer.Softmax{}},
	{"log-softmax", layer.LogSoftmax{}},
	{"sigmoid", activation.Layer{Func: activation.Sigmoid}},
	{"logarithm of sigmoids", activation.Layer{Func: activation.LogSigmoid}},
}

// outputMissing tries functions behind the output. unlikely: to be named only if nothing else agrees.
func outputMissing(p *place, unlikely bool) {
	for _, e := range ends {
		p.tryEnd(p.name, "softmax-missing", "the output lacks its "+e.name, e.l, unlikely)
	}
}

// tryEnd tries the output as a layer of a value, nil for the value itself.
func (p *place) tryEnd(of, kind, text string, l nn.Layer, unlikely bool) {
	p.try(value{kind: kind, text: text, unlikely: unlikely, compute: func(values batch) (*nn.Tensor, error) {
		y := values[of]
		switch {
		case y == nil:
			return nil, errNoValue
		case l == nil:
			return y, nil
		}
		return apply(l, nil, y)
	}})
}

// outputSoftmax tries a network with another end: a softmax more or less, or another one.
func outputSoftmax(p *place) {
	if !p.outputs {
		return
	}
	end := p.node != nil && isEnd(p.node)
	outputMissing(p, end) // the softmax of a log-softmax is that of what it reads
	if !end {
		return
	}
	in := p.node.Inputs[0]
	kind, text := "softmax-extra", "the output has a softmax and should have none"
	if before := p.whole.c.Net.Node(in); before != nil && isEnd(before) {
		kind, text = "softmax-twice", "the output has its softmax twice and should have it once"
		p.tryEnd(before.Inputs[0], "softmax-extra", "the output has a softmax and should have none", nil, false)
	}
	p.tryEnd(in, kind, text, nil, false)
	for _, e := range ends {
		p.tryEnd(in, "softmax-other", "the output has another function at its end: "+e.name+" should be there", e.l, false)
	}
}

// behind looks for what the reference computes behind the outputs.
func (s *search) behind() {
	for _, name := range s.whole.targets {
		p := s.place(s.whole, name)
		outputMissing(p, false)
		hits := p.found
		for kind, n := range p.tried {
			s.f.Tried[kind] += n
		}
		for h := best(hits); h != nil; h = best(hits) {
			if s.verify(h) {
				s.f.Cause = &h.Cause
				return
			}
			hits = slices.DeleteFunc(hits, func(o hit) bool { return o.value == h.value })
		}
	}
}

// isEnd reports whether a layer makes probabilities of logits, or their logarithms.
func isEnd(node *nn.Node) bool {
	switch node.Layer.(type) {
	case layer.Softmax, layer.LogSoftmax:
		return true
	}
	a, ok := asActivation(node)
	return ok && (a.Func == activation.Sigmoid || a.Func == activation.LogSigmoid)
}

func isSoftmax(node *nn.Node) bool {
	_, ok := node.Layer.(layer.Softmax)
	return ok
}
