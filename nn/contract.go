package nn

import (
	"github.com/gonn-toolkit/gonn/nn/loss"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// What networks share with layers and losses is declared in packages op and loss; these are
// the names that the API of networks uses.
type (
	// Shape is the shape of one sample, without the batch axis.
	Shape = op.Shape
	// Block is up to sixteen samples in the lanes of vectors.
	Block = op.Block
	// Layer describes one operation of a network. Package layer has those of this module.
	Layer = op.Layer
	// Loss compares the output of a network with targets. Package loss has those of this
	// module.
	Loss = loss.Loss
	// Semantics names the framework whose convention is meant.
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
