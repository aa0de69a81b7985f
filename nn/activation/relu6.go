package activation

import "github.com/gonn-toolkit/gonn/nn/internal/kernel"

// ReLU6 is ReLU with an upper bound m > 0, by default 6 (Krizhevsky 2010):
//
//	f(x)  = min(max(x, 0), m)
//	f'(x) = 1 for 0 < x < m, else 0
//
// It is PyTorch's ReLU6 and Hardtanh(0, m), Keras's ReLU(max_value=m). The derivative is
// 0 at both kinks; but at x = m Keras clips for every m but 6, for which it has a function
// of its own, and its clip has the derivative 1 there.
//
// ONNX: Clip.
var ReLU6 = &Func{
	Name:          "relu6",
	Formula:       "min(max(x, 0), m)",
	Arg:           Fixed,
	Param:         "max",
	Default:       new(float32(6)),
	Positive:      true,
	Forward:       kernel.FormulaOf("relu6").Forward,
	Backward:      kernel.FormulaOf("relu6").Backward,
	BackwardKeras: relu6Keras,
}

func relu6Keras(dx, dy, x, a, da []float32) {
	f := kernel.FormulaOf("relu6")
	if a[0] == 6 {
		f.Backward(dx, dy, x, a, da)
	} else {
		f.BackwardKeras(dx, dy, x, a, da)
	}
}
