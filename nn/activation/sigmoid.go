package activation

import "github.com/gonn-toolkit/gonn/nn/internal/kernel"

// Sigmoid is the logistic function σ(x) = 1/(1 + e⁻ˣ), with derivative σ·(1 − σ).
//
// ONNX: Sigmoid.
var Sigmoid = &Func{
	Name:     "sigmoid",
	Formula:  "1/(1 + e^-x)",
	Forward:  kernel.FormulaOf("sigmoid").Forward,
	Backward: kernel.FormulaOf("sigmoid").Backward,
}
