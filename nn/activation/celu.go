package activation

import "github.com/gonn-toolkit/gonn/nn/internal/kernel"

// CELU (Barron 2017) is ELU made smooth at 0 for any α > 0, by default 1:
//
//	f(x)  = x for x > 0, α·(e^(x/α) − 1) otherwise
//	f'(x) = 1 for x > 0, e^(x/α)         otherwise
//
// The derivative is continuous, 1 at 0; but Keras computes max(x, 0) + α·(e^(min(x, 0)/α) − 1),
// where at x = 0 exactly both terms pass a gradient on, and its derivative there is 2.
//
// ONNX: Celu.
var CELU = &Func{
	Name:          "celu",
	Formula:       "x for x > 0, a·(e^(x/a) - 1) otherwise",
	Arg:           Fixed,
	Param:         "alpha",
	Default:       new(float32(1)),
	Positive:      true,
	Forward:       kernel.FormulaOf("celu").Forward,
	Backward:      kernel.FormulaOf("celu").Backward,
	BackwardKeras: kernel.FormulaOf("celu").BackwardKeras,
}
