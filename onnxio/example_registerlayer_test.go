package onnxio_test

import (
	"fmt"
	"log"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/op"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// LayerScale multiplies each channel by a learned number, which starts small.
type LayerScale struct {
	Start float32
}

func (LayerScale) Kind() string { return "LayerScale" }
func (LayerScale) Stem() string { return "scale" }

func (l LayerScale) Bind(in []nn.Shape) (op.Op, error) {
	if len(in) != 1 || len(in[0]) == 0 {
		return nil, fmt.Errorf("got inputs %v, need one with channels", in)
	}
	return layerScaleOp{l, in[0]}, nil
}

type layerScaleOp struct {
	LayerScale
	shape nn.Shape
}

func (o layerScaleOp) Shape() nn.Shape { return o.shape }
func (o layerScaleOp) MACs() int       { return o.shape.Size() }

func (o layerScaleOp) Params() []nn.ParamSpec {
	return []nn.ParamSpec{{Name: "weight", Shape: o.shape[:1], Role: nn.Scale, FanIn: 1, FanOut: 1, Start: &o.Start}}
}

func (o layerScaleOp) Forward(c *op.Call) {
	each := len(c.Y.Data) / o.shape[0]
	for i, x := range c.X[0].Data {
		c.Y.Data[i] = c.W[0][i/each] * x
	}
}

func (o layerScaleOp) Backward(c *op.Call) {
	each := len(c.Y.Data) / o.shape[0]
	for i, dy := range c.DY.Data {
		if dw := c.DW[0]; dw != nil {
			dw[i/each] += dy * c.X[0].Data[i]
		}
		if dx := c.DX[0].Data; dx != nil {
			dx[i] = c.W[0][i/each] * dy
		}
	}
}

// ONNX has no such operator, so the file has one of the domain com.example.
func init() {
	onnxio.RegisterLayer(onnxio.LayerFormat{
		Layer:     LayerScale{},
		Operators: []string{"com.example.LayerScale"},
		Unwritten: []string{"Start"}, // the weight is what has become of it
		Write: func(w *onnxio.LayerWriter) error {
			w.Result("com.example.LayerScale", w.Operands(), graph.IntAttr("axis", 1))
			return nil
		},
		Read: func(n *onnxio.LayerReader) (*onnxio.FoundLayer, error) {
			if err := n.Check(2, 2, "axis"); err != nil {
				return nil, err
			}
			if axis, err := n.Int("axis", 1); err != nil {
				return nil, err
			} else if axis != 1 {
				return nil, fmt.Errorf("attribute axis is %d, need 1", axis)
			}
			weight, shape, err := n.Values(n.Input(1), "weight")
			if err != nil {
				return nil, err
			}
			if len(shape) != 1 {
				return nil, fmt.Errorf("its weight has shape %v, need one axis", shape)
			}
			return &onnxio.FoundLayer{Layer: LayerScale{}, Inputs: []string{n.Input(0)}, Params: map[string]onnxio.Values{"weight": weight}}, nil
		},
	})
}

// A layer from outside the module leaves as ONNX and comes back.
func ExampleRegisterLayer() {
	net, err := nn.Sequential(nn.Shape{1, 4, 4}, layer.Conv{Out: 2, Kernel: [2]int{3, 3}}, LayerScale{Start: 0.1}, layer.Flatten{})
	if err != nil {
		log.Fatal(err)
	}
	net.Init(nn.PyTorchInit, 1)
	b, err := onnxio.Encode(net, onnxio.EncodeOptions{}) // reads it back and compares
	if err != nil {
		log.Fatal(err)
	}

	m, err := graph.Read(b)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(m.Opsets)
	for _, n := range m.Graph.Nodes {
		fmt.Println(n.Operator(), n.Inputs, n.Outputs)
	}
	im, err := onnxio.Import(m)
	if err != nil {
		log.Fatal(err)
	}
	for _, n := range im.Network.Nodes() {
		fmt.Println(n.Name, n.Layer.Kind(), n.Shape)
	}
	fmt.Println(im.Network.Param("scale.weight").Data)
	// Output:
	// [{ 16} {com.example 1}]
	// Conv [input conv.weight conv.bias] [conv]
	// com.example.LayerScale [conv scale.weight] [scale]
	// Flatten [scale] [logits]
	// conv Conv (2, 2, 2)
	// scale LayerScale (2, 2, 2)
	// flatten Flatten (8)
	// [0.1 0.1]
}
