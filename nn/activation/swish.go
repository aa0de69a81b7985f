package activation

import (
	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// Swish is x·σ(βx) (Ramachandran et al. 2017) with a fixed β, by default 1, which
// is SiLU:
//
//	f(x)  = x·σ(βx)
//	f'(x) = σ(βx) + βx·σ(βx)·(1 − σ(βx))
//
// β = 0 gives x/2, β → ∞ gives ReLU.
//
// ONNX: Sigmoid and Mul.
var Swish = &Func{
	Name:     "swish",
	Formula:  "x·sigmoid(b·x)",
	Arg:      Fixed,
	Param:    "beta",
	Default:  new(float32(1)),
	Forward:  kernel.SwishForward,
	Backward: kernel.SwishBackward,
}

// SwishBeta is Swish with a learned β, which moves a unit between linear and ReLU:
//
//	∂f/∂β = x²·σ(βx)·(1 − σ(βx))
//
// β starts at 1.
//
// ONNX: Mul, Sigmoid, Mul with β as an initializer.
var SwishBeta = &Func{
	Name:     "swish-beta",
	Formula:  "x·sigmoid(b·x), b learned",
	Arg:      Learned,
	Param:    "beta",
	Role:     op.Beta,
	Forward:  kernel.SwishForward,
	Backward: kernel.SwishBackward,
}
