package cause

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

// variants are the activations that are tried: each function with its usual parameters.
func variants() []activation.Layer {
	var list []activation.Layer
	for _, f := range activation.Funcs {
		a := activation.Layer{Func: f}
		switch {
		case f.Arg == activation.Learned:
		case f.Arg == activation.NoArg:
			list = append(list, a)
		case f == activation.Leaky:
			for _, v := range usual {
				if v != 0 && v != 1 {
					list = append(list, activation.Layer{Func: f, Value: v})
				}
			}
		case f.Default != nil:
			a.Value = *f.Default
			list = append(list, a)
		default:
			a.Value = 1
			list = append(list, a)
		}
	}
	return list
}

// otherActivation tries all activations in place of the node's.
func otherActivation(p *place) {
	a, ok := asActivation(p.node)
	if !ok {
		return
	}
	for _, b := range variants() {
		if b.Func == a.Func || a.Func == activation.ReLU && b.Func == activation.Leaky {
			continue // other slopes are another cause
		}
		p.replace("activation", fmt.Sprintf("its activation is %s and should be %s", a, b), b, nil)
	}
}

// missingActivation tries activations behind a layer that is not followed by one.
func missingActivation(p *place) {
	if p.input || !p.takesActivation() {
		return
	}
	for _, b := range variants() {
		if b.Func == activation.Linear {
			continue
		}
		v := value{kind: "activation-missing", text: fmt.Sprintf("the activation behind it is missing and should be %s", b)}
		v.compute = func(values batch) (*nn.Tensor, error) {
			y := values[p.name]
			if y == nil {
				return nil, errNoValue
			}
			return apply(b, nil, y)
		}
		p.try(v)
	}
}

// takesActivation reports whether a layer usually has an activation behind it, and has none.
func (p *place) takesActivation() bool {
	node := p.whole.c.Net.Node(p.name)
	if node == nil || p.outputs {
		return false
	}
	switch node.Layer.(type) {
	case layer.Conv, layer.ConvTranspose, layer.Dense, layer.BatchNorm, layer.Add:
	default:
		return false
	}
	for _, r := range p.readers() {
		if _, ok := asActivation(r); ok {
			return false
		}
		if _, ok := r.Layer.(layer.BatchNorm); ok {
			return false
		}
	}
	return true
}
