package schema

import (
	"maps"
	"slices"
	"sync"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/operators"
)

// today is the opset whose forms the passes know: the first that has all of the operators.
const today = 24

// schemas are the operators that the passes look into, as today writes them. A node of
// another operator, or one that says what its operator's schema does not have, is not
// touched, so that whoever reads the cleaned graph meets it and can say so.
var schemas = sync.OnceValue(func() map[string]*operators.Schema {
	all := map[string]*operators.Schema{}
	for _, op := range slices.Concat(ElementwiseUnary, Reductions, slices.Collect(maps.Keys(Broadcasting)), []string{
		"ArgMax", "ArgMin", "AveragePool", "BatchNormalization", "Compress", "Concat", "Constant", "ConstantOfShape",
		"Conv", "ConvTranspose", "CumSum", "Expand", "Flatten", "Gather", "GatherElements", "GatherND", "Gemm",
		"GlobalAveragePool", "GlobalLpPool", "GlobalMaxPool", "GroupNormalization", "Hardmax", "InstanceNormalization",
		"LRN", "LayerNormalization", "LogSoftmax", "LpNormalization", "LpPool", "MatMul", "MaxPool", "NonZero", "Pad",
		"Range", "Reshape", "ScatterElements", "ScatterND", "Shape", "Size", "Slice", "Softmax", "Split", "Squeeze",
		"Tile", "TopK", "Transpose", "Trilu", "Unsqueeze",
	}) {
		all[op] = operators.Lookup("", op, today)
	}
	return all
})

// unread are settings that are strings of data, or sparse.
var unread = []string{"value_string", "value_strings", "sparse_value"}

// Readable reports whether all that a node says is known: it can be computed as the
// operator's definition says. Whoever reads it need not ask again: the operands that must be
// there and the first result are, and every setting is of its kind.
func Readable(n *graph.Node) bool {
	s := schemas()[n.OpType]
	if s == nil || !n.Standard() || FirstOutput(n) == "" {
		return false
	}
	least, most := s.LeastInputs(), s.MostInputs()
	if len(n.Inputs) < least || most >= 0 && len(n.Inputs) > most || slices.Contains(n.Inputs[:least], "") {
		return false
	}
	return !slices.ContainsFunc(n.Attrs, func(a *graph.Attr) bool {
		known := s.Attr(a.Name)
		return known == nil || known.Kind != a.Kind() || slices.Contains(unread, a.Name)
	})
}

// Known reports whether an operator has a schema here.
func Known(op string) bool {
	return schemas()[op] != nil
}

// Operators lists the operators that have a schema here, in order.
func Operators() []string { return slices.Sorted(maps.Keys(schemas())) }

// FirstOutput is the first result of a node, "" if it has none.
func FirstOutput(n *graph.Node) string {
	if len(n.Outputs) == 0 {
		return ""
	}
	return n.Outputs[0]
}
