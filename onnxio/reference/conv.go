package reference

import (
	"fmt"
	"slices"
)

// convOps are convolutions over any number of spatial axes.
var convOps = map[string]op{
	"Conv":       conv,
	"DeformConv": deformConv,
}

// conv slides M kernels over maps: x [N, C, D1, …], weights [M, C/group, k1, …], bias [M]
// or none, y [N, M, …].
func conv(c *call) ([]*Tensor, error) {
	x, err := c.maps(0, 1)
	if err != nil {
		return nil, err
	}
	w, err := c.maps(1, 1)
	if err != nil {
		return nil, err
	}
	bias, err := c.vector(2, w.Shape[0])
	if err != nil {
		return nil, err
	}
	return one(c.convolve(x, w, bias))
}

// convolve is Conv on numbers that are at hand.
func (c *call) convolve(x, w *Tensor, bias []float64) (*Tensor, error) {
	group := c.count("group", 1, 1)
	if len(w.Shape) != len(x.Shape) || w.Shape[1]*group != x.Shape[1] || w.Shape[0]%group != 0 {
		return nil, fmt.Errorf("weights of shape %v in %d groups do not fit an input of shape %v", w.Shape, group, x.Shape)
	}
	kernel := w.Shape[2:]
	if err := c.isKernel(kernel); err != nil {
		return nil, err
	}
	win, err := c.newWindow(x.Shape[2:], kernel)
	if err != nil {
		return nil, err
	}
	y, err := newTensor(x.Type, append([]int{x.Shape[0], w.Shape[0]}, win.out...)...)
	if err != nil {
		return nil, err
	}
	channels, outs, in, taps := x.Shape[1], w.Shape[0], product(win.in), product(kernel)
	size := product(win.out)
	fillRows(y.Floats, bias, size)
	s := over(win.in, win.out, kernel, win.segments)
	s.samples, s.nextIn, s.nextOut = x.Shape[0], channels*in, outs*size
	s.rows, s.depth, s.taps = outs, w.Shape[1], taps
	k := &kernels{x: x.Floats, w: w.Floats, y: y.Floats, size: size, ins: w.Shape[1] * in, each: outs / group, row: w.Shape[1] * taps}
	k.group = k.each * k.row
	s.did = c.did
	return y, s.each(k.add)
}

// isKernel holds the attribute kernel_shape, if it is there, against the weights.
func (c *call) isKernel(kernel []int) error {
	if k := c.ints("kernel_shape"); k != nil && !slices.Equal(k, kernel) {
		return fmt.Errorf("attribute \"kernel_shape\" is %v, the weights' kernel %v", k, kernel)
	}
	return nil
}

// addScaled adds a times the numbers of x that lie step apart to y.
func addScaled(y []float64, a float64, x []float64, step int) {
	if step == 1 {
		x = x[:len(y)]
		for i := range y {
			y[i] += a * x[i]
		}
		return
	}
	for i := range y {
		y[i] += a * x[i*step]
	}
}

func fill(v []float64, x float64) {
	for i := range v {
		v[i] = x
	}
}

// fillRows sets each run of size numbers to one of bias, in turn. Without bias it does nothing.
func fillRows(v, bias []float64, size int) {
	if bias == nil {
		return
	}
	for i := range len(v) / max(1, size) {
		fill(v[i*size:][:size], bias[i%len(bias)])
	}
}
