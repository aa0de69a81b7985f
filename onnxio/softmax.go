package onnxio

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// softmaxIO: nn.Softmax is Softmax over the last axis of a matrix (N, classes).
var softmaxIO = layerIO{
	layer: nn.Softmax{},
	ops:   []string{"Softmax"},

	export: func(e *exporter, n *nn.Node) error {
		e.node(n, "Softmax", graph.IntAttr("axis", 1))
		return nil
	},

	recover: func(im *importer, n *graph.Node) (*recovered, error) {
		if err := im.check(n, 1, 1, "axis"); err != nil {
			return nil, err
		}
		def := int64(-1)
		if im.model.Opset("") < 13 {
			def = 1
		}
		axis, err := n.Int("axis", def)
		x := im.shape(n.Inputs[0])
		if err == nil && (len(x) != 1 || axis != 1 && axis != -1) {
			err = fmt.Errorf("it runs over axis %d of %s; need the last axis of (N, classes)", axis, x.Batched())
		}
		return &recovered{layer: nn.Softmax{}, input: n.Inputs[0]}, err
	},
}
