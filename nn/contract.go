package nn

import "github.com/gonn-toolkit/gonn/nn/op"

// What networks share with layers is declared in package op; these are the names that
// those who only use networks meet.
type (
	// Shape is the shape of one sample, without the batch axis.
	Shape = op.Shape
	// Block is up to sixteen samples in the lanes of vectors.
	Block = op.Block
	// Op is a layer bound to the shapes of its inputs.
	Op = op.Op
	// Weights are the values of one layer's parameters.
	Weights = op.Weights
	// ParamSpec declares a parameter.
	ParamSpec = op.ParamSpec
	// Role says what a parameter is for.
	Role = op.Role
)

// Roles of parameters, as in package op.
const (
	Weight    = op.Weight
	Bias      = op.Bias
	Slope     = op.Slope
	Beta      = op.Beta
	Scale     = op.Scale
	Statistic = op.Statistic
	Constant  = op.Constant
)

// Lanes is the number of samples in a Block.
const Lanes = op.Lanes

// NewBlock returns a block of zeros for samples of the given shape.
func NewBlock(s Shape) Block { return op.NewBlock(s) }
