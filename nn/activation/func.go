package activation

import (
	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// Func is an elementwise function f(x; a) with at most one parameter a, which the layer fixes or
// learns.
//
// Forward and Backward work on slices of a map, of any length. a is empty for a function
// without a parameter, otherwise it has one value for all of x, or one for each op.Lanes values
// of x. For Forward it may also be as long as x, with one value for each (for single samples).
// They must not allocate, nor keep their arguments.
type Func struct {
	// Name is the name of the function on the command line and in reports.
	Name string
	// Formula is one line for help pages.
	Formula string
	// Arg says what the parameter is.
	Arg ArgKind
	// Param is the name of the parameter: "alpha", "beta"; "" if there is none.
	Param string
	// Role is the parameter's role when it is learned.
	Role op.Role
	// Default is the default of a fixed parameter; nil if it must be given.
	Default *float32
	// Positive reports whether a fixed parameter must be above 0.
	Positive bool

	// Forward writes y = f(x; a). y may be x.
	Forward func(y, x, a []float32)
	// Backward writes dx = dy·∂f/∂x and adds the sums of dy·∂f/∂a to da, which is as long as a.
	// dx may be dy. da is nil if no parameter is learned. dx is nil if only the gradient of the
	// parameter is wanted.
	Backward func(dx, dy, x, a, da []float32)
	// BackwardKeras replaces Backward for Keras's semantics, if its derivative at a kink is
	// another one; otherwise nil.
	BackwardKeras func(dx, dy, x, a, da []float32)

	// norm are loops that also normalise the channels of x; normKeras with BackwardKeras.
	norm, normKeras kernel.NormFunc
}

// ArgKind says what a function's parameter is.
type ArgKind int

const (
	NoArg   ArgKind = iota // f(x)
	Fixed                  // f(x; a) with a set once: leaky:-0.5
	Learned                // f(x; a) with a trained: prelu:channel
)

// Funcs is the table of activations, in the order of help pages. Everything that offers a
// choice of activation reads it.
var Funcs = []*Func{
	Linear,
	ReLU,
	Leaky,
	PReLU,
	ELU,
	SELU,
	CELU,
	Swish,
	SwishBeta,
	Mish,
	GELU,
	GELUTanh,
	HardSwish,
	Sigmoid,
	HardSigmoid,
	LogSigmoid,
	Softplus,
	Tanh,
	Softsign,
	ReLU6,
	ThresholdedReLU,
}

// Names lists the names of the table.
func Names() []string {
	names := make([]string, len(Funcs))
	for i, f := range Funcs {
		names[i] = f.Name
	}
	return names
}
