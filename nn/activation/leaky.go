package activation

import "github.com/gonn-toolkit/gonn/nn/internal/kernel"

// Leaky is LeakyReLU (Maas et al. 2013) with any slope:
//
//	f(x)  = x for x > 0, α·x otherwise
//	f'(x) = 1 for x > 0, α   otherwise
//
// α = −1 is the absolute value, 0 is ReLU, 1 is linear. The derivative at 0 is the
// slope in PyTorch and in Keras. There is no default slope, since PyTorch and ONNX
// take 0.01 and Keras's layer takes 0.3.
//
// ONNX: LeakyRelu, with alpha always written.
var Leaky = &Func{
	Name:     "leaky",
	Formula:  "x for x > 0, a·x otherwise",
	Arg:      Fixed,
	Param:    "alpha",
	Forward:  kernel.SlopeForward,
	Backward: kernel.SlopeBackward,
	norm:     kernel.NormSlope,
}
