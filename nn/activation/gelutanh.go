package activation

import "github.com/gonn-toolkit/gonn/nn/internal/kernel"

// GELUTanh is the approximation of GELU by tanh that its authors give. With
// u = √(2/π)·(x + 0.044715·x³):
//
//	f(x)  = x·(1 + tanh(u))/2 = x·σ(2u)
//	f'(x) = σ(2u) + x·σ(2u)·(1 − σ(2u))·2u'
//
// It is within 5e-4 of GELU. PyTorch has it as GELU(approximate="tanh"), Keras as
// gelu(approximate=True).
//
// ONNX: nine nodes around Tanh before opset 20, Gelu with approximate = "tanh" from it on.
var GELUTanh = &Func{
	Name:     "gelu-tanh",
	Formula:  "x·(1 + tanh(sqrt(2/pi)·(x + 0.044715·x³)))/2",
	Forward:  kernel.FormulaOf("gelu-tanh").Forward,
	Backward: kernel.FormulaOf("gelu-tanh").Backward,
}
