package rewrite

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// A few nodes could ask for more than any computer has: to repeat a constant a million
// times, to multiply two that were made so, or to put one weight into a thousand orders.
// What folding may make and do therefore has bounds that follow from the size of the file.
const (
	leastFolded = 1 << 25 // elements of constants that may be made in any file
	leastSteps  = 1 << 28 // elements that may be looked at, as many times as they are

	foldedPerElement = 4 // and more for each element of the file's constants
	stepsPerElement  = 128

	// An operand's element counts as several steps: it is decoded, and often copied.
	stepsToRead = 8
)

// budget is what is left of the two. They are 64-bit numbers everywhere, as what a node
// asks for may be more than an int holds.
type budget struct{ elements, steps int64 }

// allow sets the budget for a file.
func (w *work) allow() {
	const most = 1 << 40
	var elements int64
	for _, t := range w.consts {
		if n, err := t.Len(); err == nil {
			elements = min(elements+int64(n), most)
		}
	}
	w.left = budget{leastFolded + foldedPerElement*elements, leastSteps + stepsPerElement*elements}
}

// spend takes elements to be made, and steps on the way, from the budget if it has them.
func (w *work) spend(elements, steps int64) bool {
	if elements > w.left.elements || steps > w.left.steps {
		return false
	}
	w.left.elements -= elements
	w.left.steps -= steps
	return true
}

// affordable takes the results of a node whose operands are constants from the budget if
// their size is known and it has them.
func (w *work) affordable(n *graph.Node) bool {
	if n.OpType == "Constant" || n.OpType == "Shape" || n.OpType == "Size" {
		return true // no larger than the file
	}
	if slices.Contains(bounded, n.OpType) {
		size := int64(0)
		for _, in := range n.Inputs {
			size += w.length(in)
		}
		return w.spend(8*size, 8*size) // NonZero has as many rows as there are axes
	}
	shapes := w.shapesOf(n, 0)
	if len(shapes) < len(n.Outputs) || slices.ContainsFunc(shapes, func(s []int) bool { return s == nil }) {
		return false
	}
	made := int64(0)
	for _, s := range shapes {
		if int64(volume(s)) > w.left.elements {
			return false
		}
		made += int64(volume(s))
	}
	steps := made
	for _, in := range n.Inputs {
		steps += stepsToRead * w.length(in)
	}
	if each := w.stepsEach(n); each > 0 {
		if made > w.left.steps/each {
			return false
		}
		steps += made * each
	}
	return w.spend(made, steps)
}

// length is the number of elements of a constant.
func (w *work) length(name string) int64 {
	t := w.consts[name]
	if t == nil {
		return 0
	}
	n, _ := t.Len()
	return int64(n)
}

// stepsEach is how many elements go into each of a result, where that is not a few.
func (w *work) stepsEach(n *graph.Node) int64 {
	switch n.OpType {
	case "MatMul", "Gemm":
		dims := w.dims(n.Inputs[0])
		return int64(slices.Max(append(slices.Clone(dims), 1)))
	case "Conv", "ConvTranspose":
		return w.length(n.Inputs[1])
	case "MaxPool", "AveragePool", "LpPool":
		kernel, _ := n.Ints("kernel_shape", nil)
		if shape := sane(toInts(kernel)); shape != nil {
			return int64(volume(shape))
		}
		return mostVolume
	case "LRN":
		size, _ := n.Int("size", 1)
		return min(max(size, 0), mostVolume)
	}
	return 0
}
