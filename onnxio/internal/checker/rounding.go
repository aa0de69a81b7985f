package checker

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
)

// sliding are operators that give an axis of space a size that follows from that of the operand
// there. Strides that are larger than both sizes of a symbol make one of them.
var sliding = map[string]bool{
	"AveragePool": true, "Conv": true, "ConvInteger": true, "LpPool": true, "MaxPool": true, "QLinearConv": true,
}

// rounding are operators on numbers such as sizes that may make one of two.
var rounding = map[string]bool{
	"And": true, "Cast": true, "Ceil": true, "Clip": true, "Div": true, "Equal": true, "Floor": true, "Greater": true,
	"GreaterOrEqual": true, "Less": true, "LessOrEqual": true, "Max": true, "Min": true, "Mod": true, "Not": true, "Or": true,
	"Relu": true, "Round": true, "Sign": true, "Xor": true,
}

// unround drops what would be known of the first result of a node because both sizes of a
// symbol are rounded to one: others need not be.
func (w *walker) unround(n *graph.Node) {
	if !n.Standard() || len(n.Inputs) == 0 || len(n.Outputs) == 0 {
		return
	}
	name := n.Outputs[0]
	f := w.g.Facts[name]
	if rounding[n.OpType] && sameNumbers(f) && slices.ContainsFunc(n.Inputs, w.open) {
		f.Data = ir.Fact{}.Data
		w.g.Facts[name] = f
	}
	x, y := w.g.Dims(n.Inputs[0]), w.g.Dims(name)
	if !sliding[n.OpType] || len(x) != len(y) {
		return
	}
	for i := 2; i < len(x); i++ {
		if x[i] != ir.BatchDim || y[i] == ir.BatchDim {
			continue
		}
		for p, size := range w.sizes(symbol{value: name, axis: i}) {
			f.Shape[p] = slices.Clone(f.Shape[p])
			f.Shape[p][i] = size
		}
	}
	for p := range f.Shape {
		f.Shape[p] = ir.Sane(f.Shape[p])
	}
	w.g.Facts[name] = f
}

// open reports whether the numbers of a value depend on sizes that the file leaves open.
func (w *walker) open(name string) bool {
	f := w.g.Facts[name]
	return f.Data[0] != nil && !sameNumbers(f)
}

// sameNumbers reports whether a value has the same numbers under both sizes of all symbols.
func sameNumbers(f ir.Fact) bool {
	a, b := f.Data[0], f.Data[1]
	return a != nil && b != nil && slices.Equal(a.Ints, b.Ints) && slices.Equal(a.Floats, b.Floats)
}
