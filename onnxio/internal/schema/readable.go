package schema

import (
	"maps"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// signature is how an operator is written in today's form.
type signature struct {
	reference.Signature
	least int // operands that must be there
}

// signatures are the operators that the passes look into. A node of another operator, or
// one that says what its operator's signature does not have, is not touched, so that
// whoever reads the cleaned graph meets it and can say so.
var signatures = map[string]signature{}

// today is the opset whose forms the passes know: the first that has all of the operators.
const today = 24

func init() {
	enter := func(least int, ops ...string) {
		for _, op := range ops {
			s, err := reference.SignatureOf(op, today)
			if err != nil {
				panic(err)
			}
			signatures[op] = signature{s, least}
		}
	}
	enter(1, ElementwiseUnary...)
	enter(1, Reductions...)
	for op := range Broadcasting {
		enter(2, op)
	}
	enter(0, "Constant")
	enter(1,
		"ArgMax", "ArgMin", "AveragePool", "Cast", "Celu", "Clip", "Concat", "ConstantOfShape", "Dropout",
		"Elu", "Flatten", "Gelu", "GlobalAveragePool", "GlobalLpPool", "GlobalMaxPool", "HardSigmoid",
		"Hardmax", "IsInf", "LRN", "LeakyRelu", "LogSoftmax", "LpNormalization", "LpPool", "Max", "MaxPool",
		"Mean", "Min", "NonZero", "Selu", "Shape", "Shrink", "Size", "Softmax", "Split", "Squeeze", "Sum",
		"Swish", "ThresholdedRelu", "Transpose", "Trilu")
	enter(2,
		"CastLike", "Compress", "Conv", "ConvTranspose", "CumSum", "Expand", "Gather", "GatherElements",
		"GatherND", "Gemm", "LayerNormalization", "MatMul", "Mod", "Pad", "Reshape", "Tile", "TopK",
		"Unsqueeze")
	enter(3,
		"GroupNormalization", "InstanceNormalization", "Range", "ScatterElements", "ScatterND", "Slice",
		"Where")
	enter(5, "BatchNormalization")
}

// kinds are the kinds of the settings; those that are not listed are INT. Settings that are
// strings of data, or sparse, are not listed either, and so are not read.
var kinds = map[string]graph.AttrKind{
	"alpha": graph.KindFloat, "beta": graph.KindFloat, "gamma": graph.KindFloat, "bias": graph.KindFloat, "lambd": graph.KindFloat,
	"epsilon": graph.KindFloat, "momentum": graph.KindFloat, "value_float": graph.KindFloat, "value_floats": graph.KindFloats,
	"value": graph.KindTensor, "value_ints": graph.KindInts, "kernel_shape": graph.KindInts, "strides": graph.KindInts,
	"dilations": graph.KindInts, "pads": graph.KindInts, "output_padding": graph.KindInts, "output_shape": graph.KindInts,
	"perm": graph.KindInts, "auto_pad": graph.KindString, "mode": graph.KindString, "approximate": graph.KindString,
	"round_mode": graph.KindString, "reduction": graph.KindString,
}

// Readable reports whether all that a node says is known: it can be computed as the
// operator's definition says. Whoever reads it need not ask again: the operands that must be
// there and the first result are, and every setting is of its kind.
func Readable(n *graph.Node) bool {
	s, known := signatures[n.OpType]
	if !known || !n.Standard() || len(n.Inputs) < s.least || s.Inputs >= 0 && len(n.Inputs) > s.Inputs || FirstOutput(n) == "" {
		return false
	}
	return !slices.Contains(n.Inputs[:s.least], "") && !slices.ContainsFunc(n.Attrs, func(a *graph.Attr) bool { return !s.has(a) })
}

// has reports whether an operator has a setting, of its kind.
func (s signature) has(a *graph.Attr) bool {
	kind, listed := kinds[a.Name]
	if !listed {
		kind = graph.KindInt
	}
	return slices.Contains(s.Attributes, a.Name) && a.Kind() == kind
}

// Known reports whether an operator has a schema here.
func Known(op string) bool {
	_, ok := signatures[op]
	return ok
}

// Operators lists the operators that have a schema here, in order.
func Operators() []string { return slices.Sorted(maps.Keys(signatures)) }

// FirstOutput is the first result of a node, "" if it has none.
func FirstOutput(n *graph.Node) string {
	if len(n.Outputs) == 0 {
		return ""
	}
	return n.Outputs[0]
}
