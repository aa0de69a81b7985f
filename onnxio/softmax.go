package onnxio

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// softmaxFormat and logSoftmaxFormat: layer.Softmax and layer.LogSoftmax are the operators of the same
// names over axis 1, the classes of (N, classes) or the channels of (N, C, H, W).
var (
	softmaxFormat    = channelsFormat(layer.Softmax{}, "Softmax")
	logSoftmaxFormat = channelsFormat(layer.LogSoftmax{}, "LogSoftmax")
)

func channelsFormat(layer nn.Layer, op string) LayerFormat {
	return LayerFormat{
		Layer:     layer,
		Operators: []string{op},

		Write: func(w *LayerWriter) error {
			w.Result(op, w.Operands(), graph.IntAttr("axis", 1))
			return nil
		},

		Read: func(n *LayerReader) (*FoundLayer, error) {
			if err := n.Check(1, 1, "axis"); err != nil {
				return nil, err
			}
			return &FoundLayer{Layer: layer, Inputs: n.node.Inputs}, overChannels(n)
		},
	}
}

// overChannels tells why a softmax does not run over axis 1 alone. Before opset 13 it
// runs over all axes from there on.
func overChannels(n *LayerReader) error {
	x := n.Shape(n.Input(0))
	rank := int64(len(x) + 1)
	def, old := int64(-1), n.Version() < 13
	if old {
		def = 1
	}
	axis, err := n.Int("axis", def)
	if err != nil {
		return err
	}
	if axis != 1 && axis != 1-rank {
		return fmt.Errorf("it runs over axis %d of %s; need axis 1, the classes or channels", axis, x.Batched())
	}
	if old && x[1:].Size() > 1 {
		return fmt.Errorf("before opset 13 it runs over all of %s but the first axis; need axis 1 alone", x.Batched())
	}
	return nil
}
