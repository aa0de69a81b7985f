package activation

import "github.com/gonn-toolkit/gonn/nn/internal/kernel"

// Tanh is the hyperbolic tangent, with derivative 1 − tanh².
//
// ONNX: Tanh.
var Tanh = &Func{
	Name:     "tanh",
	Formula:  "tanh(x)",
	Forward:  kernel.FormulaOf("tanh").Forward,
	Backward: kernel.FormulaOf("tanh").Backward,
}
