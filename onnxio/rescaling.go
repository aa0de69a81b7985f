package onnxio

import (
	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio/internal/elementwise"
)

// rescalingFormat: layer.Rescaling is Mul by a constant and Add of one, of which one may be absent.
// importer.scaled reads them, since both operators are other layers too.
var rescalingFormat = LayerFormat{
	Layer: layer.Rescaling{},

	Write: func(w *LayerWriter) error {
		l, x := w.Layer().(layer.Rescaling), w.Input(0)
		switch {
		case l.NoOffset:
			w.Result("Mul", []string{x, w.Param("scale")})
			return nil
		case !l.NoScale:
			x = w.Inner("scaled", w.Shape(), "Mul", []string{x, w.Param("scale")})
		}
		w.Result("Add", []string{x, w.Param("offset")})
		return nil
	},
}

// scaledName is how gonn calls the product inside a Rescaling.
func scaledName(layer string) string { return layer + ".scaled" }

// rescaled is the layer of a rescaling.
func (af *affineLayers) rescaled(r rescaling, x string, shape nn.Shape) *FoundLayer {
	l := layer.Rescaling{NoScale: r.s.v == nil, NoOffset: r.t.v == nil}
	layer := &FoundLayer{Inputs: []string{x}, Params: map[string]Values{}}
	if !l.NoScale {
		l.Scale = af.sharing(r.s.shape, shape)
		layer.Params["scale"] = given(elementwise.Float32s(r.s.v))
	}
	if !l.NoOffset {
		l.Offset = af.sharing(r.t.shape, shape)
		layer.Params["offset"] = given(elementwise.Float32s(r.t.v))
	}
	layer.Layer = l
	return layer
}
