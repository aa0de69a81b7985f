package activation

import "github.com/gonn-toolkit/gonn/nn/internal/kernel"

// Softplus is the smooth form of ReLU, with a sharpness β > 0, by default 1:
//
//	f(x)  = ln(1 + e^(βx))/β
//	f'(x) = σ(βx)
//
// PyTorch's Softplus has β too, and a threshold: where βx > 20 it gives x. There f(x) is x
// and f'(x) is 1 to the last bit of float32, so this is the same function. Keras has β = 1
// alone.
//
// ONNX: Softplus; Mul, Softplus, Div for another β.
var Softplus = &Func{
	Name:     "softplus",
	Formula:  "ln(1 + e^(b·x))/b",
	Arg:      Fixed,
	Param:    "beta",
	Default:  new(float32(1)),
	Positive: true,
	Forward:  kernel.FormulaOf("softplus").Forward,
	Backward: kernel.FormulaOf("softplus").Backward,
}
