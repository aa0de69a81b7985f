package reference

import (
	"fmt"

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
	w, err := c.newWindow(in, kernel, c.flag("ceil_mode", false))
	if err != nil {
		return nil, err
	}
	y, err := newTensor(graph.Double, append([]int{x.Shape[0], x.Shape[1]}, w.out...)...)
	if err != nil {
		return nil, err
	}
	return &pool{w, x, y}, nil
}

// channels visits each channel of each sample: its numbers, their index in x, its results.
func (p *pool) channels(visit func(x []float64, at int, y []float64)) {
	in, out := product(p.in), product(p.out)
	for c := range p.x.Shape[0] * p.x.Shape[1] {
		visit(p.x.Floats[c*in:][:in], c*in, p.y.Floats[c*out:][:out])
	}
}

// counts is the number of taps that each output finds inside the map.
func (w *window) counts() []int {
	n := make([]int, product(w.out))
	w.walk(func(_, o, _, k int) {
		for j := range k {
			n[o+j]++
		}
	})
	return n
}

// covered refuses windows that hold nothing but padding.
func (w *window) covered() ([]int, error) {
	n := w.counts()
	for _, k := range n {
		if k == 0 {
			return nil, fmt.Errorf("a window of size %v lies in the padding entirely", w.kernel)
		}
	}
	return n, nil
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
	if _, err := p.covered(); err != nil {
		return nil, err
	}
	where := make([]int64, len(p.y.Floats))
	step, done := p.stride[len(p.in)-1], 0
	p.channels(func(x []float64, at int, y []float64) {
		place := where[done:][:len(y)]
		done += len(y)
		for i := range place {
			place[i] = -1
		}
		p.walk(func(_, o, i, n int) {
			for j := range n {
				if v := x[i+j*step]; place[o+j] < 0 || v > y[o+j] || v != v {
					y[o+j], place[o+j] = v, int64(i+j*step)
				}
			}
		})
		for i := range place {
			if columns {
				place[i] = int64(p.columnMajor(int(place[i])))
			}
			place[i] += int64(at)
		}
	})
	return []*Tensor{p.y.as(c.in[0].Type), FromInt64s(graph.Int64, p.y.Shape, where)}, nil
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
	n, err := p.covered()
	if err != nil {
		return nil, err
	}
	if zeros {
		n = p.padded().counts()
	}
	step := p.stride[len(p.in)-1]
	p.channels(func(x []float64, _ int, y []float64) {
		p.walk(func(_, o, i, n int) { addScaled(y[o:o+n], 1, x[i:], step) })
		for o := range y {
			y[o] /= float64(n[o])
		}
	})
	return []*Tensor{p.y.as(c.in[0].Type)}, nil
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
