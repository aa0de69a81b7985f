package nn

import "github.com/gonn-toolkit/gonn/nn/internal/kernel"

// tanh is the hyperbolic tangent, with derivative 1 − tanh².
//
// ONNX: Tanh.
var tanh = ActFunc{
	Name:     "tanh",
	Formula:  "tanh(x)",
	Forward:  kernel.TanhForward,
	Backward: kernel.TanhBackward,
}
