package onnxio_test

import (
	"fmt"
	"log"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

func ExampleEncode() {
	net, err := nn.Sequential(nn.Shape{1, 28, 28},
		layer.Conv{Out: 8, Kernel: [2]int{7, 7}},
		activation.Must("prelu:channel"),
		layer.Flatten{},
		layer.Dense{Out: 10},
	)
	if err != nil {
		log.Fatal(err)
	}
	b, err := onnxio.Encode(net, onnxio.EncodeOptions{Metadata: map[string]string{"gonn.seed": "1"}})
	if err != nil {
		log.Fatal(err)
	}

	m, err := graph.Read(b)
	if err != nil {
		log.Fatal(err)
	}
	for _, n := range m.Graph.Nodes {
		fmt.Println(n.OpType, n.Inputs, n.Outputs)
	}
	// Output:
	// Conv [input conv.weight conv.bias] [conv]
	// PRelu [conv act.alpha] [act]
	// Flatten [act] [flatten]
	// Gemm [flatten dense.weight dense.bias] [logits]
}

func ExampleLoad() {
	im, err := onnxio.Load("../testdata/golden/pytorch/prelu-channel/torchscript.onnx")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(im.Producer)
	for _, n := range im.Network.Nodes() {
		fmt.Println(n.Name, n.Layer.Kind(), n.Shape)
	}
	slopes := im.Network.Param("act1.alpha")
	fmt.Println(slopes.FullName(), slopes.Shape, "trainable:", len(slopes.Data))
	for _, note := range im.Notes {
		fmt.Println("note:", note)
	}
	// Output:
	// pytorch 2.15.0
	// conv1 Conv (8, 22, 22)
	// act1 prelu (8, 22, 22)
	// conv2 Conv (8, 18, 18)
	// act2 prelu (8, 18, 18)
	// flatten Flatten (2592)
	// dense Dense (10)
	// act1.alpha (8, 1, 1) trainable: 8
	// note: layers conv1 and conv2 shared the tensor "conv1.bias"; each has its own now
}

func ExampleUnsupportedError() {
	_, err := onnxio.Import(&graph.Model{
		IRVersion: 8, Opsets: []graph.Opset{{Version: 16}},
		Graph: &graph.Graph{
			Inputs: []*graph.Value{{Name: "x", Type: graph.Float, HasShape: true, Shape: []graph.Dim{{Param: "N"}, {Size: 4}}}},
			Nodes: []*graph.Node{
				{Name: "s", OpType: "Sin", Inputs: []string{"x"}, Outputs: []string{"h"}},
				{Name: "e", OpType: "Erf", Inputs: []string{"h"}, Outputs: []string{"y"}},
			},
			Outputs: []*graph.Value{{Name: "y", Type: graph.Float}},
		},
	})
	fmt.Println(err)
	// Output:
	// 2 of its 2 nodes cannot be read as layers: Sin "s" (no layer for this operator); Erf "e" (no layer for this operator)
}
