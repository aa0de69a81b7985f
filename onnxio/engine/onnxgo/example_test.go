package onnxgo_test

import (
	"fmt"
	"log"

	"github.com/owulveryck/onnx-go"
	"gorgonia.org/tensor"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/engine/onnxgo"
)

// A program that uses onnx-go. Only the line that makes the backend differs from one that
// computes with Gorgonia.
func Example() {
	backend := onnxgo.NewGraph() // was gorgonnx.NewGraph()
	model := onnx.NewModel(backend)
	if err := model.UnmarshalBinary(file()); err != nil {
		log.Fatal(err)
	}
	input := tensor.New(tensor.WithShape(1, 3), tensor.WithBacking([]float32{1, -2, 3}))
	if err := model.SetInput(0, input); err != nil {
		log.Fatal(err)
	}
	if err := backend.Run(); err != nil {
		log.Fatal(err)
	}
	output, err := model.GetOutputTensors()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(output[0].Shape(), output[0].Data())
	// Output: (1, 2) [2 1]
}

// file is an ONNX file of a small network, which a program would read from a disk.
func file() []byte {
	net, err := nn.Sequential(nn.Shape{3}, layer.Dense{Out: 2}, activation.Must("leaky:-0.5"))
	if err != nil {
		log.Fatal(err)
	}
	copy(net.Param("dense.weight").Data, []float32{1, 1, 1, -2, 0, 0})
	b, err := onnxio.Encode(net, onnxio.EncodeOptions{})
	if err != nil {
		log.Fatal(err)
	}
	return b
}
