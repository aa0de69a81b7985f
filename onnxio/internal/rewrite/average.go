package rewrite

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// averageOfSum: a mean over windows times their size, by their size, is the mean; by how
// many elements of each window are not padding, it is the mean that does not count padding.
func averageOfSum(w *work, n *graph.Node) bool {
	if len(n.Inputs) != 2 || w.consts[n.Inputs[1]] == nil {
		return false
	}
	mul := w.inner(n.Inputs[0], "Mul")
	if mul == nil {
		return false
	}
	size, x, ok := w.constantAndRest(mul)
	mean := w.inner(x, "AveragePool")
	times, isNumber := w.scalar(size)
	if !ok || mean == nil || !isNumber || times == 0 || !slices.Equal(w.sizes(mean.Outputs[0]), w.sizes(n.Outputs[0])) {
		return false
	}
	c := w.copyOf(mean)
	if by, ok := w.scalar(n.Inputs[1]); !ok {
		if !w.countsInside(n.Inputs[1], mean, times) {
			return false
		}
		set(c, graph.IntAttr("count_include_pad", 0))
	} else if by != times {
		return false
	}
	w.replace(c, n, mul, mean)
	return true
}

// countsInside reports whether a constant holds, for each window of a pool that counts
// padding, how many of its elements are not padding.
func (w *work) countsInside(counts string, pool *graph.Node, size float64) bool {
	x, y := w.dims(pool.Inputs[0]), w.dims(pool.Outputs[0])
	t := w.consts[counts]
	kernel, err1 := pool.Ints("kernel_shape", nil)
	strides, err2 := pool.Ints("strides", []int64{1, 1})
	pads, err3 := pool.Ints("pads", []int64{0, 0, 0, 0})
	if include, err := pool.Int("count_include_pad", 0); err != nil || include == 0 || w.dilated(pool) || pool.Attr("auto_pad") != nil || pool.Attr("ceil_mode") != nil {
		return false
	}
	if len(x) != 4 || len(y) != 4 || err1 != nil || err2 != nil || err3 != nil || len(t.Dims) < 2 || len(kernel) != 2 || len(strides) != 2 || len(pads) != 4 {
		return false
	}
	v, err := t.Float32s()
	if err != nil || float64(kernel[0]*kernel[1]) != size || !slices.Equal(toInts(t.Dims[len(t.Dims)-2:]), y[2:]) || len(v) != y[2]*y[3] {
		return false
	}
	inside := func(axis, at int) int {
		from := at*int(strides[axis]) - int(pads[axis])
		return min(from+int(kernel[axis]), x[2+axis]) - max(from, 0)
	}
	for i := range y[2] {
		for j := range y[3] {
			if v[i*y[3]+j] != float32(inside(0, i)*inside(1, j)) {
				return false
			}
		}
	}
	return true
}

// clipOfRelu: what is cut off at 0 need not be cut off there before.
func clipOfRelu(w *work, n *graph.Node) bool {
	if len(n.Inputs) < 2 || !w.is(n.Inputs[1], 0) {
		return false
	}
	relu := w.inner(n.Inputs[0], "Relu")
	if relu == nil {
		return false
	}
	c := w.copyOf(n)
	c.Inputs[0] = relu.Inputs[0]
	w.replace(c, n, relu)
	return true
}
