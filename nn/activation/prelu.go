package activation

import (
	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// PReLU (He et al. 2015) is LeakyReLU with a learned slope:
//
//	f(x)    = x for x > 0, α·x otherwise
//	∂f/∂x   = 1 for x > 0, α   for x < 0
//	∂f/∂α   = 0 for x > 0, x   otherwise
//
// At x = 0 PyTorch's ∂f/∂x is α; Keras computes relu(x) − α·relu(−x), whose
// derivative there is 0. Blank image patches under a zero bias hit that point
// exactly, so the choice shows in training.
//
// PyTorch starts α at 0.25, one value or one a channel; Keras at 0, one value an
// element.
//
// ONNX: PRelu with the slope as an initializer.
var PReLU = &Func{
	Name:          "prelu",
	Formula:       "x for x > 0, a·x otherwise, a learned",
	Arg:           Learned,
	Param:         "alpha",
	Role:          op.Slope,
	Forward:       kernel.SlopeForward,
	Backward:      kernel.SlopeBackward,
	BackwardKeras: kernel.SlopeFlatBackward,
	norm:          kernel.NormSlope,
	normKeras:     kernel.NormSlopeFlat,
}
