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

// Bump is e^(−x²).
var Bump = &activation.Func{
	Name:    "bump",
	Formula: "e^(−x²)",
	Forward: func(y, x, _ []float32) {
		for i, v := range x {
			y[i] = float32(math.Exp(-float64(v) * float64(v)))
		}
	},
	Backward: func(dx, dy, x, _, _ []float32) {
		for i, v := range x {
			v := float64(v)
			dx[i] = dy[i] * float32(-2*v*math.Exp(-v*v))
		}
	},
}

func init() {
	activation.Register(Bump)
	onnxio.RegisterActivation(Bump, "s = Mul(x, x); n = Neg(s); y = Exp(n)")
}

// An activation from outside the module leaves as ONNX and comes back.
func ExampleRegisterActivation() {
	net, err := nn.Sequential(nn.Shape{3}, activation.Must("bump"), layer.Dense{Out: 1})
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
	// Neg [act.s] [act.n]
	// Exp [act.n] [act]
	// Gemm [act dense.weight dense.bias] [logits]
	// act bump (3)
	// dense Dense (1)
}
