package nn

import (
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// Aliases for the types of packages op and loss that the API of networks uses.
type (
	// Shape is the shape of one sample, without the batch axis.
	Shape = op.Shape
	// Block holds up to Lanes samples, one in each lane of a vector.
	Block = op.Block
	// Layer describes one operation of a network. Packages layer and activation have the layers
	// of this module.
	Layer = op.Layer
	// Loss compares the output of a network with targets. Package loss has the losses of this
	// module.
	Loss = loss.Loss
	// Semantics chooses a framework's convention where PyTorch and Keras differ.
	Semantics = op.Semantics
	// ParamSpec declares a parameter.
	ParamSpec = op.ParamSpec
	// Role says what a parameter is for.
	Role = op.Role
)

// The frameworks, as in package op.
const (
	PyTorch = op.PyTorch
	Keras   = op.Keras
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
