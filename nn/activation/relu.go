package activation

import "github.com/gonn-toolkit/gonn/nn/internal/kernel"

// ReLU is f(x) = max(x, 0) (Nair & Hinton 2010). Its derivative at 0 is 0 in
// PyTorch and in Keras.
//
// ONNX: Relu.
var ReLU = &Func{
	Name:     "relu",
	Formula:  "max(x, 0)",
	Forward:  kernel.FormulaOf("relu").Forward,
	Backward: kernel.FormulaOf("relu").Backward,
	norm:     kernel.NormRelu,
}
