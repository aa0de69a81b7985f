package rewrite

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// attrs are the settings that the passes know of each operator which they look into; most
// have none. A node with another setting is not touched, so that whoever reads the cleaned
// graph meets it and can say so.
var attrs = map[string][]string{
	"AveragePool":        {"auto_pad", "ceil_mode", "count_include_pad", "dilations", "kernel_shape", "pads", "strides"},
	"BatchNormalization": {"epsilon", "momentum", "spatial", "training_mode"},
	"Cast":               {"saturate", "to", "round_mode"},
	"CastLike":           {"saturate", "round_mode"},
	"Celu":               {"alpha"},
	"Clip":               {"max", "min"},
	"Concat":             {"axis"},
	"Constant":           {"value", "value_float", "value_floats", "value_int", "value_ints"},
	"ConstantOfShape":    {"value"},
	"Conv":               {"auto_pad", "dilations", "group", "kernel_shape", "pads", "strides"},
	"ConvTranspose":      {"auto_pad", "dilations", "group", "kernel_shape", "output_padding", "output_shape", "pads", "strides"},
	"CumSum":             {"exclusive", "reverse"},
	"Dropout":            {"ratio", "seed"},
	"Elu":                {"alpha"},
	"Flatten":            {"axis"},
	"Gather":             {"axis"},
	"Gelu":               {"approximate"},
	"Gemm":               {"alpha", "beta", "transA", "transB"},
	"GlobalLpPool":       {"p"},
	"HardSigmoid":        {"alpha", "beta"},
	"Hardmax":            {"axis"},
	"LeakyRelu":          {"alpha"},
	"LogSoftmax":         {"axis"},
	"LpPool":             {"auto_pad", "ceil_mode", "dilations", "kernel_shape", "p", "pads", "strides"},
	"MaxPool":            {"auto_pad", "ceil_mode", "dilations", "kernel_shape", "pads", "storage_order", "strides"},
	"Mod":                {"fmod"},
	"Pad":                {"mode", "pads", "value"},
	"Reshape":            {"allowzero"},
	"Selu":               {"alpha", "gamma"},
	"Shape":              {"end", "start"},
	"Softmax":            {"axis"},
	"Split":              {"axis", "num_outputs"},
	"Swish":              {"alpha"},
	"ThresholdedRelu":    {"alpha"},
	"Transpose":          {"perm"},
}

func init() {
	for _, op := range reductions {
		attrs[op] = []string{"axes", "keepdims", "noop_with_empty_axes"}
	}
}

// operands is the largest number of operands of the operators that go element by element,
// where it is not 1, or 2 for those that broadcast; 0 is any number.
var operands = map[string]int{"Clip": 3, "CastLike": 2, "Dropout": 3, "Where": 3, "Max": 0, "Min": 0, "Sum": 0, "Mean": 0}

// tooMany tells whether a node has more operands than its operator takes.
func tooMany(n *graph.Node) bool {
	most, listed := operands[n.OpType]
	switch {
	case listed:
		return most > 0 && len(n.Inputs) > most
	case elementwiseOps[n.OpType]:
		return len(n.Inputs) > 1
	case broadcasting[n.OpType]:
		return len(n.Inputs) > 2
	}
	return false
}

// Readable tells whether all that a node says is known: it can be computed as the
// operator's definition says.
func Readable(n *graph.Node) bool { return readable(n) }

func readable(n *graph.Node) bool {
	return own(n) && !tooMany(n) && !slices.ContainsFunc(n.Attrs, func(a *graph.Attr) bool { return !slices.Contains(attrs[n.OpType], a.Name) })
}
