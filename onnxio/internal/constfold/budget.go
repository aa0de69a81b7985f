package constfold

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
	"github.com/gonn-toolkit/gonn/onnxio/internal/shapeinfer"
)

// stepsToRead is how many steps an element of an operand counts as: it is decoded, and often
// copied.
const stepsToRead = 8

// Limits of one node that is folded, beside what is left of the budget: the evaluator counts
// copies that an operator makes on the way, and what any node costs.
const (
	foldedMemory     = 1 << 20
	foldedOperations = 1 << 20
	bytesPerElement  = 64
)

// affordable takes the results of a node whose operands are constants from the budget if
// their size is known and it has them.
func affordable(g *ir.Graph, n *graph.Node) bool {
	if n.OpType == "Constant" || n.OpType == "Shape" || n.OpType == "Size" {
		return true // no larger than the file
	}
	if shapeinfer.Bounded(n.OpType) {
		size := int64(0)
		for _, in := range n.Inputs {
			size += g.Len(in)
		}
		return g.Spend(8*size, 8*size) // NonZero has as many rows as there are axes
	}
	shapes := shapeinfer.Shapes(g, n, 0)
	if len(shapes) < len(n.Outputs) || slices.ContainsFunc(shapes, func(s []int) bool { return s == nil }) {
		return false
	}
	made := int64(0)
	for _, s := range shapes {
		if int64(ir.Volume(s)) > g.Elements {
			return false
		}
		made += int64(ir.Volume(s))
	}
	steps := made
	for _, in := range n.Inputs {
		steps += stepsToRead * g.Len(in)
	}
	if each := stepsEach(g, n); each > 0 {
		if made > g.Steps/each {
			return false
		}
		steps += made * each
	}
	return g.Spend(made, steps)
}

// stepsEach is how many elements go into each of a result, where that is not a few.
func stepsEach(g *ir.Graph, n *graph.Node) int64 {
	switch n.OpType {
	case "MatMul", "Gemm":
		dims := g.Dims(n.Inputs[0])
		return int64(slices.Max(append(slices.Clone(dims), 1)))
	case "Conv", "ConvTranspose":
		return g.Len(n.Inputs[1])
	case "MaxPool", "AveragePool", "LpPool":
		kernel, _ := n.Ints("kernel_shape", nil)
		if shape := ir.Sane(ir.ToInts(kernel)); shape != nil {
			return int64(ir.Volume(shape))
		}
		return ir.MostVolume
	case "LRN":
		size, _ := n.Int("size", 1)
		return min(max(size, 0), ir.MostVolume)
	}
	return 0
}
