package activation

import "github.com/gonn-toolkit/gonn/nn/internal/kernel"

// ThresholdedReLU passes on what is above a threshold θ, by default 1 as in ONNX
// (Konda et al. 2014):
//
//	f(x)  = x for x > θ, 0 otherwise
//	f'(x) = 1 for x > θ, 0 otherwise
//
// It jumps at θ, where value and derivative are 0 in both frameworks. It is PyTorch's
// Threshold(θ, 0) and Keras's ReLU(threshold=θ).
//
// ONNX: ThresholdedRelu, with alpha always written.
var ThresholdedReLU = &Func{
	Name:     "thresholded-relu",
	Formula:  "x for x > t, 0 otherwise",
	Arg:      Fixed,
	Param:    "theta",
	Default:  new(float32(1)),
	Forward:  kernel.FormulaOf("thresholded-relu").Forward,
	Backward: kernel.FormulaOf("thresholded-relu").Backward,
}
