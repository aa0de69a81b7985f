package activation

import "github.com/gonn-toolkit/gonn/nn/op"

// Func is an elementwise function f(x; a): one row of the table of activations. a is its
// one parameter: fixed by the layer, learned, or not there.
//
// The loops work on stretches of a map, of any length. Their a is empty for a function
// without a parameter, else one value for all of x or one for each Lanes values of it; for
// Forward it may also be as long as x, one for each value (of a sample that is computed
// alone). They allocate nothing and keep none of their arguments.
type Func struct {
	// Name is how the function is spelled on the command line and in reports.
	Name string
	// Formula is one line for help pages.
	Formula string
	// Arg says what the parameter is.
	Arg ArgKind
	// Param is the name of the parameter: "alpha", "beta"; "" if there is none.
	Param string
	// Role is the parameter's role when it is learned.
	Role op.Role
	// Default is the value of a fixed parameter that is not given; nil if it must be.
	Default *float32
	// Positive reports whether a fixed parameter must be above 0.
	Positive bool

	// Forward writes y = f(x; a). y may be x.
	Forward func(y, x, a []float32)
	// Backward writes dx = dy·∂f/∂x and adds to da, which is as long as a, the sums of
	// dy·∂f/∂a. dx may be dy. da is nil if no parameter is learned; dx is nil if only
	// the parameter's gradient is wanted.
	Backward func(dx, dy, x, a, da []float32)
	// BackwardKeras replaces Backward where Keras's derivative at a kink is another
	// one; nil if it is the same.
	BackwardKeras func(dx, dy, x, a, da []float32)
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
