package activation

import "github.com/gonn-toolkit/gonn/nn/internal/kernel"

// GELU (Hendrycks and Gimpel 2016) is x·Φ(x) with the distribution function Φ and
// the density φ of the standard normal distribution:
//
//	f(x)  = x·Φ(x) = x·(1 + erf(x/√2))/2
//	f'(x) = Φ(x) + x·φ(x)
//
// It is the default of PyTorch's GELU and of Keras's activation "gelu". Its approximation
// by tanh, which is another function, is gelu-tanh.
//
// ONNX: Div, Erf, Add, Mul, Mul before opset 20, Gelu from it on.
var GELU = &Func{
	Name:     "gelu",
	Formula:  "x·(1 + erf(x/sqrt(2)))/2",
	Forward:  kernel.FormulaOf("gelu").Forward,
	Backward: kernel.FormulaOf("gelu").Backward,
}
