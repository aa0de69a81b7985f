package cause

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/nn/layer"
)

// kernelFlipped tries kernels that are flipped in height, in width and in both, as between
// convolution and cross-correlation.
func kernelFlipped(p *place) {
	w, dims := p.kernel()
	if w == nil {
		return
	}
	for _, c := range []struct {
		h, w bool
		text string
	}{
		{true, true, "in height and width"}, {true, false, "in height"}, {false, true, "in width"},
	} {
		flipped := flip(w, dims, c.h, c.w)
		p.with("kernel-flipped", "its kernels are flipped "+c.text+" and have to be flipped back", "weight", flipped)
		if dims[2] == dims[3] { // rotated by a quarter: flipped and transposed
			p.with("kernel-transposed", "its kernels are rotated and have to be rotated back", "weight",
				reorder(flipped, dims, []int{0, 1, 3, 2}))
		}
	}
}

// kernel is the weight of a convolution, and its four dimensions; nil for other layers.
func (p *place) kernel() ([]float32, []int) {
	if p.node == nil {
		return nil, nil
	}
	switch p.node.Layer.(type) {
	case layer.Conv, layer.ConvTranspose:
		for _, q := range p.node.Params {
			if q.Name == "weight" {
				return q.Data, q.Shape
			}
		}
	}
	return nil, nil
}

// flip flips the last two of four axes.
func flip(w []float32, dims []int, height, width bool) []float32 {
	kh, kw := dims[2], dims[3]
	out := make([]float32, len(w))
	for k := 0; k < len(w); k += kh * kw {
		for y := range kh {
			for x := range kw {
				fy, fx := y, x
				if height {
					fy = kh - 1 - y
				}
				if width {
					fx = kw - 1 - x
				}
				out[k+y*kw+x] = w[k+fy*kw+fx]
			}
		}
	}
	return out
}

// kernelTransposed tries weights whose axes were taken for others.
func kernelTransposed(p *place) {
	w, dims := p.kernel()
	if w == nil {
		return
	}
	p.axes("kernel-transposed", w, dims, []string{"output channels", "input channels", "height", "width"})
}

// axes tries the weight with its numbers in other orders of axes.
func (p *place) axes(kind string, w []float32, dims []int, names []string) {
	var seen [][]float32
	for _, order := range permutations(len(dims)) {
		for _, data := range [][]float32{reorder(w, dims, order), reorderBack(w, dims, order)} {
			if slices.ContainsFunc(seen, func(s []float32) bool { return slices.Equal(s, data) }) {
				continue
			}
			seen = append(seen, data)
			p.with(kind, "its weights are in another order of axes and have to be transposed: "+ordered(names, order), "weight", data)
		}
	}
}

// ordered lists names in an order.
func ordered(names []string, order []int) string {
	text := ""
	for i, o := range order {
		if i > 0 {
			text += ", "
		}
		text += names[o]
	}
	return fmt.Sprintf("(%s) against (%s)", text, join(names))
}

func join(names []string) string {
	text := ""
	for i, n := range names {
		if i > 0 {
			text += ", "
		}
		text += n
	}
	return text
}

// reorder reads numbers whose axes are in an order: axis order[i] of dims is at place i. The
// result has the axes of dims.
func reorder(data []float32, dims, order []int) []float32 {
	out := make([]float32, len(data))
	eachOrdered(dims, order, func(normal, at int) { out[normal] = data[at] })
	return out
}

// reorderBack is the inverse of reorder.
func reorderBack(data []float32, dims, order []int) []float32 {
	out := make([]float32, len(data))
	eachOrdered(dims, order, func(normal, at int) { out[at] = data[normal] })
	return out
}

// eachOrdered calls f for each element, with its place in row-major order and its place if the
// axes are in an order.
func eachOrdered(dims, order []int, f func(normal, at int)) {
	strides := make([]int, len(dims)) // of the axes of dims in the other order
	size := 1
	for i := len(order) - 1; i >= 0; i-- {
		strides[order[i]] = size
		size *= dims[order[i]]
	}
	index := make([]int, len(dims))
	at := 0
	for normal := range size {
		f(normal, at)
		for a := len(dims) - 1; a >= 0; a-- {
			index[a]++
			at += strides[a]
			if index[a] < dims[a] {
				break
			}
			at -= index[a] * strides[a]
			index[a] = 0
		}
	}
}

// permutations are all orders of n axes but the usual one.
func permutations(n int) [][]int {
	var all [][]int
	order := make([]int, 0, n)
	var extend func()
	extend = func() {
		if len(order) == n {
			if !slices.IsSorted(order) {
				all = append(all, slices.Clone(order))
			}
			return
		}
		for i := range n {
			if !slices.Contains(order, i) {
				order = append(order, i)
				extend()
				order = order[:len(order)-1]
			}
		}
	}
	extend()
	return all
}
