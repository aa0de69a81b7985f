package activation

import "github.com/gonn-toolkit/gonn/nn/internal/kernel"

// LogSigmoid is ln σ(x), with derivative σ(−x):
//
//	f(x) = −ln(1 + e⁻ˣ)
//
// ONNX: Neg, Softplus, Neg, which unlike Sigmoid, Log is not −∞ where σ(x) underflows.
var LogSigmoid = &Func{
	Name:     "logsigmoid",
	Formula:  "-ln(1 + e^-x)",
	Forward:  kernel.FormulaOf("logsigmoid").Forward,
	Backward: kernel.FormulaOf("logsigmoid").Backward,
}
