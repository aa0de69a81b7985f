package rewrite

import (
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// signature is how an operator is written in today's form.
type signature struct {
	least, most int      // operands; those up to least must be there, most 0 is any number
	attrs       []string // settings
}

// signatures are the operators that the passes look into. A node of another operator, or
// one that says what its operator's signature does not have, is not touched, so that
// whoever reads the cleaned graph meets it and can say so.
var signatures = map[string]signature{}

func init() {
	enter := func(least, most int, attrs string, ops ...string) {
		for _, op := range ops {
			signatures[op] = signature{least, most, strings.Fields(attrs)}
		}
	}
	enter(1, 1, "", elementwise...)
	for op := range broadcasting {
		enter(2, 2, "", op)
	}
	enter(1, 2, "keepdims noop_with_empty_axes", reductions...)
	enter(1, 1, "alpha", "Celu", "Elu", "LeakyRelu", "Swish", "ThresholdedRelu")
	enter(1, 1, "alpha gamma", "Selu")
	enter(1, 1, "alpha beta", "HardSigmoid")
	enter(1, 1, "approximate", "Gelu")
	enter(1, 1, "bias lambd", "Shrink")
	enter(1, 1, "detect_negative detect_positive", "IsInf")
	enter(1, 1, "saturate to round_mode", "Cast")
	enter(2, 2, "saturate round_mode", "CastLike")
	enter(1, 3, "", "Clip")
	enter(1, 3, "seed", "Dropout")
	enter(3, 3, "", "Where")
	enter(1, 0, "", "Max", "Min", "Sum", "Mean")
	enter(2, 2, "fmod", "Mod")
	enter(0, 0, "value value_float value_floats value_int value_ints", "Constant")
	enter(1, 1, "value", "ConstantOfShape")
	enter(1, 1, "end start", "Shape")
	enter(1, 1, "", "Size", "GlobalAveragePool", "GlobalMaxPool")
	enter(3, 3, "", "Range")
	enter(1, 1, "p", "GlobalLpPool")
	enter(1, 1, "axis", "Softmax", "LogSoftmax", "Hardmax", "Flatten")
	enter(1, 1, "axis p", "LpNormalization")
	enter(1, 1, "alpha beta bias size", "LRN")
	enter(1, 2, "upper", "Trilu")
	enter(2, 2, "exclusive reverse", "CumSum")
	enter(5, 5, "epsilon momentum training_mode", "BatchNormalization")
	enter(3, 3, "epsilon", "InstanceNormalization")
	enter(2, 3, "axis epsilon stash_type", "LayerNormalization")
	enter(3, 3, "epsilon num_groups stash_type", "GroupNormalization")
	enter(2, 3, "auto_pad dilations group kernel_shape pads strides", "Conv")
	enter(2, 3, "auto_pad dilations group kernel_shape output_padding output_shape pads strides", "ConvTranspose")
	enter(1, 1, "auto_pad ceil_mode dilations kernel_shape pads storage_order strides", "MaxPool")
	enter(1, 1, "auto_pad ceil_mode count_include_pad dilations kernel_shape pads strides", "AveragePool")
	enter(1, 1, "auto_pad ceil_mode dilations kernel_shape p pads strides", "LpPool")
	enter(2, 2, "", "MatMul")
	enter(2, 3, "alpha beta transA transB", "Gemm")
	enter(2, 2, "allowzero", "Reshape")
	enter(1, 1, "perm", "Transpose")
	enter(1, 2, "", "Squeeze")
	enter(2, 2, "", "Unsqueeze", "Expand", "Tile")
	enter(1, 0, "axis", "Concat")
	enter(2, 2, "axis", "Gather")
	enter(3, 5, "", "Slice")
	enter(1, 1, "axis keepdims select_last_index", "ArgMax", "ArgMin")
	enter(2, 2, "axis", "Compress", "GatherElements")
	enter(2, 2, "batch_dims", "GatherND")
	enter(1, 1, "", "NonZero")
	enter(3, 3, "axis reduction", "ScatterElements")
	enter(3, 3, "reduction", "ScatterND")
	enter(2, 2, "axis largest sorted", "TopK")
	enter(1, 2, "axis num_outputs", "Split")
	enter(2, 4, "mode", "Pad")
}

// kinds are the kinds of the settings; those that are not listed are INT.
var kinds = map[string]graph.AttrKind{
	"alpha": graph.KindFloat, "beta": graph.KindFloat, "gamma": graph.KindFloat, "bias": graph.KindFloat, "lambd": graph.KindFloat,
	"epsilon": graph.KindFloat, "momentum": graph.KindFloat, "value_float": graph.KindFloat, "value_floats": graph.KindFloats,
	"value": graph.KindTensor, "value_ints": graph.KindInts, "kernel_shape": graph.KindInts, "strides": graph.KindInts,
	"dilations": graph.KindInts, "pads": graph.KindInts, "output_padding": graph.KindInts, "output_shape": graph.KindInts,
	"perm": graph.KindInts, "auto_pad": graph.KindString, "mode": graph.KindString, "approximate": graph.KindString,
	"round_mode": graph.KindString, "reduction": graph.KindString,
}

// Readable tells whether all that a node says is known: it can be computed as the
// operator's definition says.
func Readable(n *graph.Node) bool { return readable(n) }

// readable also holds what rules need not ask again: the operands that must be there and
// the first result are, and every setting is of its kind.
func readable(n *graph.Node) bool {
	s, known := signatures[n.OpType]
	if !known || !own(n) || len(n.Inputs) < s.least || s.fewer(len(n.Inputs)) || firstOutput(n) == "" {
		return false
	}
	return !slices.Contains(n.Inputs[:s.least], "") && !slices.ContainsFunc(n.Attrs, func(a *graph.Attr) bool { return !s.has(a) })
}

// fewer tells whether the operator takes fewer operands than count.
func (s signature) fewer(count int) bool {
	return count > s.most && (s.most > 0 || s.least == 0)
}

func (s signature) has(a *graph.Attr) bool {
	kind, listed := kinds[a.Name]
	if !listed {
		kind = graph.KindInt
	}
	return slices.Contains(s.attrs, a.Name) && a.Kind() == kind
}

// firstOutput is the first result of a node, "" if it has none.
func firstOutput(n *graph.Node) string {
	if len(n.Outputs) == 0 {
		return ""
	}
	return n.Outputs[0]
}
