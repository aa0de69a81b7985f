package activation

import "github.com/gonn-toolkit/gonn/nn/internal/kernel"

// ELU is the exponential linear unit (Clevert et al. 2015) with any α, by default 1:
//
//	f(x)  = x for x > 0, α·(eˣ − 1) otherwise
//	f'(x) = 1 for x > 0, α·eˣ       otherwise
//
// The derivative at 0 is α in PyTorch and in Keras.
//
// ONNX: Elu.
var ELU = &Func{
	Name:     "elu",
	Formula:  "x for x > 0, a·(e^x - 1) otherwise",
	Arg:      Fixed,
	Param:    "alpha",
	Default:  new(float32(1)),
	Forward:  kernel.FormulaOf("elu").Forward,
	Backward: kernel.FormulaOf("elu").Backward,
}
