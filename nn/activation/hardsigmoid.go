package activation

import "github.com/gonn-toolkit/gonn/nn/internal/kernel"

// HardSigmoid is the piecewise linear form of the logistic function, with a slope α > 0:
//
//	f(x)  = min(max(α·x + 1/2, 0), 1)
//	f'(x) = α where 0 < f(x) < 1, else 0
//
// By default α is 1/6, as in PyTorch and in Keras 3: the kinks are at ±3. It is 0.2 in
// Keras 2, and in ONNX where a file does not give it: hardsigmoid:0.2, with kinks at ±2.5.
// The derivative at the kinks is 0 in both frameworks.
//
// ONNX: HardSigmoid, with alpha and beta always written.
var HardSigmoid = &Func{
	Name:     "hardsigmoid",
	Formula:  "min(max(a·x + 1/2, 0), 1)",
	Arg:      Fixed,
	Param:    "alpha",
	Default:  new(float32(1. / 6)),
	Positive: true,
	Forward:  kernel.FormulaOf("hardsigmoid").Forward,
	Backward: kernel.FormulaOf("hardsigmoid").Backward,
}
