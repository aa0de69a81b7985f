package cause

import (
	"errors"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

var errNoValue = errors.New("no value of that layer")

// outputSoftmax tries a network with another end: a softmax more or less, or another one.
func outputSoftmax(p *place) {
	if !p.outputs {
		return
	}
	ends := []struct {
		kind, text string
		l          nn.Layer
	}{
		{"softmax-missing", "the output lacks its softmax", layer.Softmax{}},
		{"softmax-missing", "the output lacks its log-softmax", layer.LogSoftmax{}},
		{"softmax-missing", "the output lacks its sigmoid", activation.Layer{Func: activation.Sigmoid}},
		{"softmax-missing", "the output lacks its logarithm of sigmoids", activation.Layer{Func: activation.LogSigmoid}},
	}
	of := func(name, kind, text string, l nn.Layer) {
		p.try(value{kind: kind, text: text, compute: func(values batch) (*nn.Tensor, error) {
			y := values[name]
			switch {
			case y == nil:
				return nil, errNoValue
			case l == nil:
				return y, nil
			}
			return apply(l, nil, y)
		}})
	}
	for _, e := range ends {
		of(p.name, e.kind, e.text, e.l)
	}
	if p.node == nil || !isEnd(p.node) {
		return
	}
	in := p.node.Inputs[0]
	kind, text := "softmax-extra", "the output has a softmax and should have none"
	if before := p.whole.c.Net.Node(in); before != nil && isEnd(before) {
		kind, text = "softmax-twice", "the output has its softmax twice and should have it once"
		of(before.Inputs[0], "softmax-extra", "the output has a softmax and should have none", nil)
	}
	of(in, kind, text, nil)
	for _, e := range ends {
		of(in, "softmax-other", "the output has another function at its end: "+e.text[len("the output lacks its "):]+" should be there", e.l)
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
