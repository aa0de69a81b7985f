package onnxio

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// softmaxIO and logSoftmaxIO: layer.Softmax and layer.LogSoftmax are the operators of the same
// names over axis 1, the classes of (N, classes) or the channels of (N, C, H, W).
var (
	softmaxIO    = channelsIO(layer.Softmax{}, "Softmax")
	logSoftmaxIO = channelsIO(layer.LogSoftmax{}, "LogSoftmax")
)

func channelsIO(layer nn.Layer, op string) layerIO {
	return layerIO{
		layer: layer,
		ops:   []string{op},

		export: func(e *exporter, n *nn.Node) error {
			e.node(n, op, graph.IntAttr("axis", 1))
			return nil
		},

		recover: func(im *importer, n *graph.Node) (*recovered, error) {
			if err := im.check(n, 1, 1, "axis"); err != nil {
				return nil, err
			}
			return &recovered{layer: layer, inputs: n.Inputs}, im.overChannels(n)
		},
	}
}

// overChannels tells why a softmax does not run over axis 1 alone. Before opset 13 it
// runs over all axes from there on.
func (im *importer) overChannels(n *graph.Node) error {
	x := im.shape(n.Inputs[0])
	rank := int64(len(x) + 1)
	def, old := int64(-1), im.model.Opset("") < 13
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
