package reference

import (
	"fmt"
	"math"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// poolOps sum up the numbers under a window, over any number of spatial axes.
var poolOps = map[string]op{
	"MaxPool":     maxPool,
	"AveragePool": averagePool,
	"LpPool":      lpPool,
	"MaxUnpool":   maxUnpool,
}

// pool is what the operators of this family share: each channel by itself.
type pool struct {
	*window
	x, y *Tensor
	did  func(operations int) error
}

// newPool reads input 0 and the attributes, and makes room for the result.
func newPool(c *call) (*pool, error) {
	x, err := c.numbers(0)
	if err != nil {
		return nil, err
	}
	if len(x.Shape) < 3 {
		return nil, fmt.Errorf("the input has shape %v, it must have at least 3 axes: batch, channels, space", x.Shape)
	}
	if !c.has("kernel_shape") {
		return nil, fmt.Errorf("attribute \"kernel_shape\" is missing")
	}
	in := x.Shape[2:]
	kernel := c.counts("kernel_shape", len(in), 1, 1)
	w, err := c.newWindow(in, kernel)
	if err != nil {
		return nil, err
	}
	y, err := newTensor(graph.Double, append([]int{x.Shape[0], x.Shape[1]}, w.out...)...)
	if err != nil {
		return nil, err
	}
	return &pool{w, x, y, c.did}, nil
}

// each visits the channels of all samples, some positions at a time: a channel's numbers and
// results, and its index.
func (p *pool) each(visit func(offsets []offset, at []position, x, y []float64, channel int)) error {
	in, out := product(p.in), product(p.out)
	s := over(p.in, p.out, p.kernel, p.segments)
	s.rows = p.x.Shape[0] * p.x.Shape[1]
	s.did = p.did
	return s.each(func(b *block, at []position) {
		for m := b.low; m < b.high; m++ {
			visit(b.offsets, at, p.x.Floats[m*in:][:in], p.y.Floats[m*out:][:out], m)
		}
	})
}

// counts is the number of taps that each output finds inside the map.
func (w *window) counts() []int {
	n := make([]int, product(w.out))
	over(w.in, w.out, w.kernel, w.segments).cut(func(b *block) {
		for _, p := range b.positions(nil) {
			n[p.out] = len(b.offsets)
		}
	})
	return n
}

// covered refuses windows that hold nothing but padding.
func (w *window) covered() error {
	if product(w.out) == 0 {
		return nil
	}
	for axis := range w.out {
		positions := 0
		for _, g := range w.segments(axis) {
			positions += g.positions
		}
		if positions < w.out[axis] {
			return fmt.Errorf("a window of size %v lies in the padding entirely", w.kernel)
		}
	}
	return nil
}

// maxPool gives the largest number under each window and, as a second result, its index
// in x, or in x with the spatial axes the other way round (storage_order 1). Of equal
// numbers the first counts. NaN is larger than all others.
func maxPool(c *call) ([]*Tensor, error) {
	columns := c.flag("storage_order", false)
	p, err := newPool(c)
	if err != nil {
		return nil, err
	}
	if err := p.covered(); err != nil {
		return nil, err
	}
	where := make([]int64, len(p.y.Floats))
	in, out := product(p.in), product(p.out)
	err = p.each(func(offsets []offset, at []position, x, y []float64, channel int) {
		places := where[channel*out:][:out]
		for _, w := range at {
			i := w.in + firstLargest(offsets, x[w.in:])
			y[w.out] = x[i]
			if columns {
				i = p.columnMajor(i)
			}
			places[w.out] = int64(channel*in + i)
		}
	})
	return []*Tensor{p.y.as(c.in[0].Type), FromInt64s(graph.Int64, p.y.Shape, where)}, err
}

// firstLargest is the index in x of the first of the largest numbers that taps meet, or of
// the last NaN.
func firstLargest(offsets []offset, x []float64) int {
	// Bits are chosen by a conditional move, numbers by a branch, which is slow here.
	best, sum := int(offsets[0].x), 0.0
	top := math.Float64bits(x[best])
	for _, t := range offsets {
		v := x[t.x]
		bits := math.Float64bits(v)
		if v > math.Float64frombits(top) {
			top, best = bits, int(t.x)
		}
		sum += v
	}
	if sum == sum {
		return best
	}
	for _, t := range offsets { // there may be a NaN
		if v := x[t.x]; v != v {
			best = int(t.x)
		}
	}
	return best
}

// columnMajor turns a row-major index in the map into that where the first axis runs
// fastest.
func (w *window) columnMajor(at int) int {
	r := 0
	for i := len(w.in) - 1; i >= 0; i-- {
		r, at = r+at%w.in[i]*product(w.in[:i]), at/w.in[i]
	}
	return r
}

// averagePool gives the mean of the numbers under each window. Zeros of padding count if
// count_include_pad says so; what ceil_mode looks at behind them never counts.
func averagePool(c *call) ([]*Tensor, error) {
	zeros := c.flag("count_include_pad", false)
	p, err := newPool(c)
	if err != nil {
		return nil, err
	}
	if !isFloat(c.in[0].Type) {
		return nil, fmt.Errorf("input 0 has element type %v, the operator takes numbers with a fraction", c.in[0].Type)
	}
	if err := p.covered(); err != nil {
		return nil, err
	}
	n := p.counts()
	if zeros {
		n = p.padded().counts()
	}
	err = p.each(func(offsets []offset, at []position, x, y []float64, _ int) {
		for _, w := range at {
			y[w.out] = sumUnder(offsets, x[w.in:]) / float64(n[w.out])
		}
	})
	return []*Tensor{p.y.as(c.in[0].Type)}, err
}

// sumUnder is the sum of the numbers that taps meet.
func sumUnder(offsets []offset, x []float64) (sum float64) {
	for _, t := range offsets {
		sum += x[t.x]
	}
	return sum
}

// padded is the window over the map with its padding as a part of it.
func (w *window) padded() *window {
	p := *w
	p.in, p.pad = make([]int, len(w.in)), make([]int, len(w.in))
	for i := range w.in {
		p.in[i] = w.pad[i] + w.in[i] + w.tail[i]
	}
	return &p
}
