package reference

import (
	"fmt"
	"slices"
)

// convTransposeOps spread each number of a map over a larger one with a kernel.
var convTransposeOps = map[string]op{
	"ConvTranspose": convTranspose,
	"Col2Im":        col2im,
}

// convTranspose is what Conv does to gradients: x [N, C, D1, …], weights
// [C, M/group, k1, …], bias [M] or none, y [N, M, …].
func convTranspose(c *call) ([]*Tensor, error) {
	x, err := c.maps(0, 1)
	if err != nil {
		return nil, err
	}
	w, err := c.maps(1, 1)
	if err != nil {
		return nil, err
	}
	group := c.count("group", 1, 1)
	if len(w.Shape) != len(x.Shape) || w.Shape[0] != x.Shape[1] || w.Shape[0]%group != 0 {
		return nil, fmt.Errorf("weights of shape %v in %d groups do not fit an input of shape %v", w.Shape, group, x.Shape)
	}
	bias, err := c.vector(2, w.Shape[1]*group)
	if err != nil {
		return nil, err
	}
	kernel := w.Shape[2:]
	if err := c.isKernel(kernel); err != nil {
		return nil, err
	}
	win, err := c.newTransposed(x.Shape[2:], kernel)
	if err != nil {
		return nil, err
	}
	return one(c.scatterKernels(win, x, w, bias, group))
}

// scatterKernels adds to each place of the result what the kernels send there.
func (c *call) scatterKernels(win *window, x, w *Tensor, bias []float64, group int) (*Tensor, error) {
	each, ins, from, to, taps := w.Shape[1], x.Shape[1], product(win.out), product(win.in), product(win.kernel)
	y, err := newTensor(x.Type, append([]int{x.Shape[0], each * group}, win.in...)...)
	if err != nil {
		return nil, err
	}
	fillRows(y.Floats, bias, to)
	s := over(win.out, win.in, win.kernel, win.transposedSegments)
	s.samples, s.nextIn, s.nextOut = x.Shape[0], ins*from, each*group*to
	s.rows, s.depth, s.taps = each*group, ins/group, each*taps
	k := &kernels{x: x.Floats, w: w.Floats, y: y.Floats, size: to, ins: ins / group * from, each: each, row: taps}
	k.group = ins / group * each * taps
	s.did = c.did
	return y, s.each(k.add)
}

// newTransposed reads how a kernel transposedSegments a map of size from: the window slides over the
// result, and from is the size of what it would give.
func (c *call) newTransposed(from, kernel []int) (*window, error) {
	n := len(from)
	w := &window{out: from, kernel: kernel, stride: c.counts("strides", n, 1, 1), dilation: c.counts("dilations", n, 1, 1)}
	pads, more, sizes := c.counts("pads", 2*n, 0, 0), c.counts("output_padding", n, 0, 0), c.counts("output_shape", n, 0, 1)
	auto := c.autoPad()
	w.pad = pads[:n]
	if slices.Min(kernel) < 1 || slices.Min(from) < 1 {
		return nil, fmt.Errorf("the kernel has size %v, the map %v", kernel, from)
	}
	for i := range n {
		full := (from[i]-1)*w.stride[i] + more[i] + w.reach(i)
		size := full - pads[i] - pads[n+i]
		switch {
		case c.has("output_shape"):
			size = sizes[i]
			w.pad[i], _ = halves(max(full-size, 0), auto != "SAME_UPPER")
		case auto == "SAME_UPPER" || auto == "SAME_LOWER":
			size = from[i] * w.stride[i]
			w.pad[i], _ = halves(max(full-size, 0), auto != "SAME_UPPER")
		}
		if size < 1 {
			return nil, fmt.Errorf("the padding %v leaves nothing of axis %d", pads, 2+i)
		}
		w.in = append(w.in, size)
	}
	return w, c.err
}

// col2im adds up blocks into an image: x [N, C·(k1·…), L] holds L blocks of each channel,
// their places in the columns, y is [N, C, D1, …].
func col2im(c *call) ([]*Tensor, error) {
	x, err := c.floats(0)
	if err != nil {
		return nil, err
	}
	image, err := c.sizes(1)
	if err != nil {
		return nil, err
	}
	block, err := c.sizes(2)
	if err != nil {
		return nil, err
	}
	if len(image) == 0 || len(image) != len(block) {
		return nil, fmt.Errorf("an image of size %v has blocks of size %v", image, block)
	}
	w, err := c.newWindow(image, block)
	if err != nil {
		return nil, err
	}
	taps, count := product(block), product(w.out)
	if len(x.Shape) != 3 || x.Shape[1]%taps != 0 || x.Shape[2] != count {
		return nil, fmt.Errorf("the input has shape %v, it must hold %d blocks of %d numbers for each channel", x.Shape, count, taps)
	}
	y, err := newTensor(x.Type, append([]int{x.Shape[0], x.Shape[1] / taps}, image...)...)
	if err != nil {
		return nil, err
	}
	size, stride := product(image), w.stride[len(image)-1]
	for p := range x.Shape[0] * x.Shape[1] / taps {
		xp, yp := x.Floats[p*taps*count:][:taps*count], y.Floats[p*size:][:size]
		w.walk(func(tap, o, i, n int) {
			for j := range n {
				yp[i+j*stride] += xp[tap*count+o+j]
			}
		})
	}
	return []*Tensor{y}, nil
}

// sizes is input k as a list of sizes.
func (c *call) sizes(k int) ([]int, error) {
	t, err := c.input(k)
	if err != nil {
		return nil, err
	}
	v, err := t.integers()
	if err != nil {
		return nil, fmt.Errorf("input %d: %w", k, err)
	}
	if _, err := sizeOf(v); err != nil {
		return nil, fmt.Errorf("input %d: %w", k, err)
	}
	return v, nil
}
