package onnxio

import (
	"errors"
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// batchNormFormat: layer.BatchNorm is BatchNormalization with γ, β, the running mean and the
// running variance as constants.
var batchNormFormat = LayerFormat{
	Layer:     layer.BatchNorm{},
	Operators: []string{"BatchNormalization"},

	Write: func(w *LayerWriter) error {
		l := w.Layer().(layer.BatchNorm).Normal()
		w.Result("BatchNormalization", w.Operands(), graph.FloatAttr("epsilon", l.Eps), graph.FloatAttr("momentum", l.Momentum))
		return nil
	},

	Read: func(n *LayerReader) (*FoundLayer, error) {
		if len(n.node.Outputs) > 1 {
			return nil, errors.New("other nodes compute with the running statistics that it gives in training; export the model for inference")
		}
		if err := n.Check(5, 5, "epsilon", "momentum", "spatial", "training_mode"); err != nil {
			return nil, err
		}
		eps, err1 := n.Float("epsilon", 1e-5)
		momentum, err2 := n.Float("momentum", 0.9)
		spatial, err3 := n.Int("spatial", 1) // before opset 9
		training, err4 := n.Int("training_mode", 0)
		if err := errors.Join(err1, err2, err3, err4); err != nil {
			return nil, err
		}
		if spatial != 1 || training != 0 {
			return nil, fmt.Errorf("attributes spatial %d and training_mode %d: a BatchNorm layer needs 1 and 0; export the model for inference", spatial, training)
		}
		if eps == 0 || momentum == 0 {
			return nil, fmt.Errorf("attributes epsilon %g and momentum %g must be above 0", eps, momentum)
		}
		x := n.Shape(n.Input(0))
		r := &FoundLayer{Layer: layer.BatchNorm{Eps: eps, Momentum: momentum}, Inputs: []string{n.Input(0)}, Params: map[string]Values{}}
		for i, name := range []string{"weight", "bias", "running_mean", "running_var"} {
			v, dims, err := n.Values(n.Input(i+1), name)
			if err != nil {
				return nil, err
			}
			if len(dims) != 1 || dims[0] != x[0] {
				return nil, fmt.Errorf("its %s has shape %v, an input of %s needs (%d)", name, dims, x.Batched(), x[0])
			}
			r.Params[name] = v
		}
		if !n.im.asWritten {
			r.Params["running_var"] = r.Params["running_var"].checked(func(v []float32) error { return varianceError(v, eps) })
		}
		return r, nil
	},
}

// varianceError tells why there is no square root of a running variance plus ε.
func varianceError(v []float32, eps float32) error {
	i := slices.IndexFunc(v, func(v float32) bool { return v+eps <= 0 })
	if i < 0 {
		return nil
	}
	return fmt.Errorf("its running_var is %g at element %d: with epsilon %g it must be above 0", v[i], i, eps)
}
