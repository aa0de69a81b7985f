package activation

import "github.com/gonn-toolkit/gonn/nn/internal/kernel"

// SELU (Klambauer et al. 2017) is ELU with two fixed constants, λ = 1.0507… and
// α = 1.6733…:
//
//	f(x)  = λ·x for x > 0, λ·α·(eˣ − 1) otherwise
//	f'(x) = λ   for x > 0, λ·α·eˣ       otherwise
//
// The derivative at 0 is λ·α in PyTorch, λ in Keras.
//
// ONNX: Selu, with alpha and gamma always written.
var SELU = &Func{
	Name:          "selu",
	Formula:       "1.0507·(x for x > 0, 1.6733·(e^x - 1) otherwise)",
	Forward:       kernel.FormulaOf("selu").Forward,
	Backward:      kernel.FormulaOf("selu").Backward,
	BackwardKeras: kernel.FormulaOf("selu").BackwardKeras,
}
