package activation

import "github.com/gonn-toolkit/gonn/nn/internal/kernel"

// Mish is x·tanh(softplus(x)) (Misra 2019). With n = eˣ(eˣ + 2):
//
//	f(x)  = x·n/(n + 2)
//	f'(x) = n/(n + 2) + x·σ(x)·4(n + 1)/(n + 2)²
//
// No logarithm is needed. For large x, where n overflows in the end,
// tanh(softplus(x)) is 1 to the last bit.
//
// ONNX: Softplus, Tanh, Mul before opset 18, Mish from it on.
var Mish = &Func{
	Name:     "mish",
	Formula:  "x·tanh(ln(1 + e^x))",
	Forward:  kernel.FormulaOf("mish").Forward,
	Backward: kernel.FormulaOf("mish").Backward,
}
