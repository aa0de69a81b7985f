package onnxio

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
)

// recovered makes the layer of a match.
func (m *match) recovered(im *importer) (*FoundLayer, error) {
	x := im.shape(m.x)
	for _, name := range m.fixed {
		// With more axes than the value (N, …) it would give the result more, too.
		if dims := dimsOf(im.consts[name]); len(dims) > len(x)+1 {
			return nil, fmt.Errorf("its constant %q has shape %v, which has more axes than %s", name, dims, x.Batched())
		}
	}
	r := &FoundLayer{Inputs: []string{m.x}}
	act := activation.Layer{Func: m.fn}
	switch m.fn.Arg {
	case activation.Fixed:
		act.Value = *m.value
	case activation.Learned:
		v, dims, err := im.parameterOf(m)
		if err != nil {
			return nil, err
		}
		act.Sharing = im.sharing(dims, x)
		r.Params = map[string]Values{m.fn.Param: v}
	}
	r.Layer = act
	return r, nil
}

// parameterOf gives the values and the shape of the learned parameter of a match.
func (im *importer) parameterOf(m *match) (Values, nn.Shape, error) {
	if m.values != nil {
		return given(m.values), m.dims, nil
	}
	v, dims, err := im.valuesOf(m.param, m.fn.Param)
	return v.then(func(v []float32) {
		for i := range v {
			v[i] /= m.times
		}
	}), dims, err
}

// sharing names the sharing of a parameter on a map of shape x. The file's shape
// may have a batch axis of 1. What does not broadcast is told when the layer is
// added.
func (im *importer) sharing(param, x nn.Shape) activation.Sharing {
	for _, s := range []activation.Sharing{activation.One, activation.PerElement, activation.PerChannel} {
		if shape, err := s.Shape(x); err == nil && shape.Equal(param) {
			return s // in gonn's own shape: [1,1,1] is channel where there is one channel
		}
	}
	if im.asWritten {
		return activation.SharedAs(param) // written again with the same shape
	}
	if len(param) > len(x) && param[0] == 1 {
		param = param[1:]
	}
	if s, err := activation.SharingOf(param, x); err == nil {
		return s
	}
	return activation.SharedAs(param)
}
