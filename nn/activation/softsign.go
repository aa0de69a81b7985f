package activation

import "github.com/gonn-toolkit/gonn/nn/internal/kernel"

// Softsign is x/(1 + |x|) (Turian et al. 2009), with derivative 1/(1 + |x|)².
//
// ONNX: Softsign.
var Softsign = &Func{
	Name:     "softsign",
	Formula:  "x/(1 + |x|)",
	Forward:  kernel.FormulaOf("softsign").Forward,
	Backward: kernel.FormulaOf("softsign").Backward,
}
