package schema

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// Deterministic reports whether a node that is Readable can be computed once for all runs.
func Deterministic(n *graph.Node) bool {
	switch n.OpType {
	case "Dropout", "BatchNormalization": // they may be those of training
		return false
	}
	return reference.Knows(n.OpType)
}

// ElementwiseUnary are the operators of one tensor that treat every element alike.
var ElementwiseUnary = []string{
	"Abs", "Acos", "Acosh", "Asin", "Asinh", "Atan", "Atanh", "Cast", "CastLike", "Ceil", "Celu", "Clip", "Cos", "Cosh",
	"Dropout", "Elu", "Erf", "Exp", "Floor", "Gelu", "HardSigmoid", "HardSwish", "Identity", "IsInf", "IsNaN", "LeakyRelu",
	"Log", "Mish", "Neg", "Not", "Reciprocal", "Relu", "Round", "Selu", "Shrink", "Sigmoid", "Sign", "Sin", "Sinh",
	"Softplus", "Softsign", "Sqrt", "Swish", "Tan", "Tanh", "ThresholdedRelu",
}

// Elementwise reports whether an operator's result depends, element by element, on the
// operands brought to one shape.
func Elementwise(op string) bool { return IsUnary(op) || Broadcasting[op] }

// IsUnary reports whether an operator is one of ElementwiseUnary, and does the same in
// training.
func IsUnary(op string) bool { return op != "Dropout" && slices.Contains(ElementwiseUnary, op) }

// Broadcasting are the operators whose operands are brought to one shape.
var Broadcasting = map[string]bool{
	"Add": true, "Sub": true, "Mul": true, "Div": true, "Pow": true, "Mod": true, "PRelu": true, "Where": true,
	"Max": true, "Min": true, "Sum": true, "Mean": true, "And": true, "Or": true, "Xor": true,
	"Equal": true, "Greater": true, "GreaterOrEqual": true, "Less": true, "LessOrEqual": true,
}

// Reductions are the operators that take axes away or make them 1.
var Reductions = []string{
	"ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2", "ReduceLogSum",
	"ReduceLogSumExp", "ReduceSumSquare",
}
