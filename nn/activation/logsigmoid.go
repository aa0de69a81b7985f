package activation

import "github.com/gonn-toolkit/gonn/nn/internal/kernel"

// LogSigmoid is ln σ(x), with derivative σ(−x):
//
//	f(x) = −ln(1 + e⁻ˣ)
//
// ONNX: Neg, Softplus, Neg, which unlike Sigmoid, Log is not −∞ where σ(x) underflows.
var LogSigmoid = &Func{
	Name:    "logsigmoid",
	Formula: "-ln(1 + e^-x)",
	Forward: forward64(func(x, _ float64) float64 { return -logOnePlusExp(-x) }),
	Backward: backward64(func(x, _ float64) float64 {
		_, c := kernel.Logistic(x)
		return c
	}),
}
