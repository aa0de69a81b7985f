package onnxio_test

import (
	"fmt"
	"log"
	"math"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// Squareplus is (x + √(x² + 4))/2, a ReLU without a kink (Barron 2021).
var Squareplus = &activation.Func{
	Name:    "squareplus",
	Formula: "(x + √(x² + 4))/2",
	Forward: func(y, x, _ []float32) {
		for i, v := range x {
			y[i] = float32((float64(v) + math.Hypot(float64(v), 2)) / 2)
		}
	},
	Backward: func(dx, dy, x, _, _ []float32) {
		for i, v := range x {
			dx[i] = dy[i] * float32(0.5+0.5*float64(v)/math.Hypot(float64(v), 2))
		}
	},
}

func init() {
	activation.Register(Squareplus)
	onnxio.RegisterActivation(Squareplus, "s = Mul(x, x); a = Add(s, 4.0); r = Sqrt(a); p = Add(x, r); y = Mul(p, 0.5)")
}

// An activation from outside the module leaves as ONNX and comes back.
func ExampleRegisterActivation() {
	net, err := nn.Sequential(nn.Shape{3}, activation.Must("squareplus"), layer.Dense{Out: 1})
	if err != nil {
		log.Fatal(err)
	}
	b, err := onnxio.Encode(net, onnxio.EncodeOptions{}) // reads it back and compares
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
	im, err := onnxio.Import(m)
	if err != nil {
		log.Fatal(err)
	}
	for _, n := range im.Network.Nodes() {
		fmt.Println(n.Name, n.Layer.Kind(), n.Shape)
	}
	// Output:
	// Mul [input input] [act.s]
	// Constant [] [act.constant]
	// Add [act.s act.constant] [act.a]
	// Sqrt [act.a] [act.r]
	// Add [input act.r] [act.p]
	// Constant [] [act.constant_2]
	// Mul [act.p act.constant_2] [act]
	// Gemm [act dense.weight dense.bias] [logits]
	// act squareplus (3)
	// dense Dense (1)
}
