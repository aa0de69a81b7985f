package nn

import "github.com/gonn-toolkit/gonn/nn/internal/kernel"

// logsigmoid is ln σ(x), with derivative σ(−x):
//
//	f(x) = −ln(1 + e⁻ˣ)
//
// ONNX: Neg, Softplus, Neg, which unlike Sigmoid, Log is not −∞ where σ(x) underflows.
var logsigmoid = ActFunc{
	Name:    "logsigmoid",
	Formula: "-ln(1 + e^-x)",
	Forward: forward64(func(x, _ float64) float64 { return -logOnePlusExp(-x) }),
	Backward: backward64(func(x, _ float64) float64 {
		_, c := kernel.Logistic(x)
		return c
	}),
}
