package nn

import "github.com/gonn-toolkit/gonn/nn/internal/kernel"

// sigmoid is the logistic function σ(x) = 1/(1 + e⁻ˣ), with derivative σ·(1 − σ).
//
// ONNX: Sigmoid.
var sigmoid = ActFunc{
	Name:     "sigmoid",
	Formula:  "1/(1 + e^-x)",
	Forward:  kernel.SigmoidForward,
	Backward: kernel.SigmoidBackward,
}
