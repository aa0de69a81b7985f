package fuse

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
)

// averageOfSum: a mean over windows times their size, by their size, is the mean; by how
// many elements of each window are not padding, it is the mean that does not count padding.
func averageOfSum(f *fuser, n *graph.Node) bool {
	if len(n.Inputs) != 2 || f.Consts[n.Inputs[1]] == nil {
		return false
	}
	mul := f.inner(n.Inputs[0], "Mul")
	if mul == nil {
		return false
	}
	size, x, ok := f.constantAndRest(mul)
	mean := f.inner(x, "AveragePool")
	times, isNumber := f.Scalar(size)
	if !ok || mean == nil || !isNumber || times == 0 || !slices.Equal(f.Sizes(mean.Outputs[0]), f.Sizes(n.Outputs[0])) {
		return false
	}
	c := f.CopyOf(mean)
	if by, ok := f.Scalar(n.Inputs[1]); !ok {
		if !f.countsInside(n.Inputs[1], mean, times) {
			return false
		}
		ir.SetAttr(c, graph.IntAttr("count_include_pad", 0))
	} else if by != times {
		return false
	}
	f.replace(c, n, mul, mean)
	return true
}

// countsInside reports whether a constant holds, for each window of a pool that counts
// padding, how many of its elements are not padding.
func (f *fuser) countsInside(counts string, pool *graph.Node, size float64) bool {
	x, y := f.Dims(pool.Inputs[0]), f.Dims(pool.Outputs[0])
	t := f.Consts[counts]
	kernel, err1 := pool.Ints("kernel_shape", nil)
	strides, err2 := pool.Ints("strides", []int64{1, 1})
	pads, err3 := pool.Ints("pads", []int64{0, 0, 0, 0})
	if include, err := pool.Int("count_include_pad", 0); err != nil || include == 0 || f.dilated(pool) || pool.Attr("auto_pad") != nil || pool.Attr("ceil_mode") != nil {
		return false
	}
	if len(x) != 4 || len(y) != 4 || err1 != nil || err2 != nil || err3 != nil || len(t.Dims) < 2 || len(kernel) != 2 || len(strides) != 2 || len(pads) != 4 {
		return false
	}
	v, err := t.Float32s()
	if err != nil || float64(kernel[0]*kernel[1]) != size || !slices.Equal(ir.ToInts(t.Dims[len(t.Dims)-2:]), y[2:]) || len(v) != y[2]*y[3] {
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
