package activation

import "github.com/gonn-toolkit/gonn/nn/internal/kernel"

// HardSwish is the piecewise quadratic form of Swish (Howard et al. 2019):
//
//	f(x)  = 0 for x ≤ −3, x for x ≥ 3, x·(x + 3)/6 between
//	f'(x) = 0 for x ≤ −3, 1 for x ≥ 3, x/3 + 1/2   between
//
// ONNX: HardSwish.
var HardSwish = &Func{
	Name:     "hardswish",
	Formula:  "x·min(max(x + 3, 0), 6)/6",
	Forward:  kernel.FormulaOf("hardswish").Forward,
	Backward: kernel.FormulaOf("hardswish").Backward,
}
