package onnxio

import (
	"fmt"
	"math"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// addIO: layer.Add is Add, or Sum of more than two.
var addIO = layerIO{
	layer: layer.Add{},
	ops:   []string{"Add", "Sum"},

	export: func(e *exporter, n *nn.Node) error {
		if len(n.Inputs) == 2 {
			e.node(n, "Add")
		} else {
			e.node(n, "Sum")
		}
		return nil
	},

	recover: func(im *importer, n *graph.Node) (*recovered, error) {
		most := 2
		if n.OpType == "Sum" {
			most = math.MaxInt
		}
		return &recovered{layer: layer.Add{}, inputs: n.Inputs}, im.checkJoin(n, 2, most)
	},
}

// mulIO: layer.Mul is Mul of two results of layers.
var mulIO = layerIO{
	layer: layer.Mul{},
	ops:   []string{"Mul"},

	export: func(e *exporter, n *nn.Node) error {
		e.node(n, "Mul")
		return nil
	},

	recover: func(im *importer, n *graph.Node) (*recovered, error) {
		return &recovered{layer: layer.Mul{}, inputs: n.Inputs}, im.checkJoin(n, 2, 2)
	},
}

// concatIO: layer.Concat is Concat at axis 1.
var concatIO = layerIO{
	layer: layer.Concat{},
	ops:   []string{"Concat"},

	export: func(e *exporter, n *nn.Node) error {
		e.node(n, "Concat", graph.IntAttr("axis", 1))
		return nil
	},

	recover: func(im *importer, n *graph.Node) (*recovered, error) {
		if err := im.checkJoin(n, 1, math.MaxInt, "axis"); err != nil {
			return nil, err
		}
		axis, err := n.Int("axis", 0)
		rank := int64(len(im.shape(n.Inputs[0])) + 1)
		if err == nil && axis != 1 && axis != 1-rank {
			err = fmt.Errorf("attribute axis is %d; only 1 joins channels, of inputs like %s", axis, im.shape(n.Inputs[0]).Batched())
		}
		return &recovered{layer: layer.Concat{}, inputs: n.Inputs}, err
	},
}
