package kernel

import (
	"iter"
	"unsafe"
)

// ones are multiplied by dy in the gradient of the bias.
var ones = func() (v [Lanes]float32) {
	for i := range v {
		v[i] = 1
	}
	return v
}()

// gradStripBytes is about what a strip of four channels of dy takes: most of a first-level
// cache. Shorter strips have more sums over lanes at their ends.
const gradStripBytes = 32 << 10

// gradPadBlock is the number of channels that are padded at once: few enough for the
// second-level cache.
const gradPadBlock = 8

func (t *tiles) convWeightGrad(dw, db, dy, x []float32, c *Conv, in *NormInput) {
	a := tilePool.Get().(*tileCall)
	defer tilePool.Put(a)
	g := &c.weights
	plane := g.fromH * g.fromW * Lanes
	switch {
	case dw == nil: // that of the bias alone
	case g.dense():
		t.denseGrad(a, dw, dy, x, g)
	case c.depthwise() && t.grad3x3 != nil && g.windows3x3(in):
		t.depthwiseWeightGrad(a, dw, dy, x, g, in)
	case in != nil && g.pointwise():
		t.pointwiseGrad(a, dw, dy, x, g, in)
	case g.reads(in):
		for group := range g.groups {
			s := source{x[group*g.from*plane:], g.rows, g.cols, g.fromW, plane, g.from}
			t.gradBlock(&a.grad, dw, dy, g, group, 0, s)
		}
	default:
		p := g.padded
		for i := 0; i < c.In; {
			group, first := i/g.from, i%g.from
			n := min(gradPadBlock, g.from-first)
			s := p.source(a, x[i*plane:], n, g, in.from(i))
			t.gradBlock(&a.grad, dw, dy, g, group, first, s)
			i += n
		}
	}
	if db != nil && !g.noBias {
		t.biasGrad(&a.grad, db, dy, c)
	}
	a.grad = gradArgs{} // keep nothing alive
}

// pointwiseGrad adds to the weights of a normalised input that is one long row, strip by strip.
func (t *tiles) pointwiseGrad(a *tileCall, dw, dy, x []float32, g *grid, in *NormInput) {
	plane := g.fromW * Lanes
	for group := range g.groups {
		for strip := range strips(g.cols, gradPixels) {
			p := padded{left: -strip.in, height: 1, width: strip.n}
			maps := p.fill(&a.padded, x[group*g.from*plane:], g.from, 1, g.fromW, in.from(group*g.from))
			strip.in = 0
			t.gradBlock(&a.grad, dw, dy, g, group, 0, source{maps, g.rows, []seg{strip}, p.width, p.plane(), g.from})
		}
	}
}

// gradPixels is the number of pixels of a strip.
const gradPixels = gradStripBytes / (4 * pixelBytes)

// gradBlock adds to the weights between the output channels of a group and the input
// channels first, first+1, … of s. It takes the outputs in strips of rows, or of columns if the
// map is one long row, that stay in the first-level cache while the weights of four output
// channels go by.
func (t *tiles) gradBlock(a *gradArgs, dw, dy []float32, g *grid, group, first int, s source) {
	rows, cols := max(1, gradPixels/g.toW), g.toW
	if g.toH == 1 {
		cols = gradPixels
	}
	plane := g.toH * g.toW * Lanes
	outs := g.outs.within(group*g.to, g.to)
	for row := range strips(s.rows, rows) {
		for col := range strips(s.cols, cols) {
			for o := outs.lo; o < outs.hi; {
				kernels, n := t.grad1, 1
				if outs.hi-o >= 4 {
					kernels, n = t.grad4, 4
				}
				from := dy[(group*g.to+o)*plane:]
				into := dw[(group*g.to+o)*g.wTo+first*g.wFrom:]
				t.gradStrip(a, kernels, into, from, g, s, row, col)
				o += n
			}
		}
	}
}

// strips cuts runs that have taps into runs of at most so many pixels.
func strips(segs []seg, most int) iter.Seq[seg] {
	return func(yield func(seg) bool) {
		for _, s := range segs {
			for lo := 0; s.kn > 0 && lo < s.n; lo += most {
				part := s
				part.n = min(most, s.n-lo)
				part.out += lo * s.outStep
				part.in += lo * s.inStep
				if !yield(part) {
					return
				}
			}
		}
	}
}

// gradStrip adds what a strip gives to the weights of a group of output channels. The
// weights of a tile are those of a kernel row, or of several input channels if rows
// have but one.
func (t *tiles) gradStrip(a *gradArgs, kernels []func(*gradArgs), dw, dy []float32, g *grid, s source, row, col seg) {
	rowBytes := s.width * pixelBytes
	a.dy = unsafe.Pointer(&dy[(row.out*g.toW+col.out)*Lanes])
	a.dyOC = uintptr(g.toH * g.toW * pixelBytes)
	a.dyA = 0
	a.dwOC = uintptr(g.wTo * floatBytes)
	a.rows = uintptr(row.n)
	pixel := (row.in*s.width + col.in) * Lanes
	if col.kn == 1 && g.wFrom == 1 { // 1×1 kernels
		a.xB, a.dwB = uintptr(s.plane*floatBytes), floatBytes
		a.x, a.dw = unsafe.Pointer(&s.x[pixel]), unsafe.Pointer(&dw[0])
		t.gradTiles(a, kernels, s.channels, 0, row, col, g, rowBytes)
		return
	}
	a.xB, a.dwB = uintptr(col.tapStep*pixelBytes), floatBytes
	a.xA, a.dwA = uintptr(row.tapStep*rowBytes), uintptr(g.wRow*floatBytes)
	a.xC, a.dwC = uintptr(s.plane*floatBytes), uintptr(g.wFrom*floatBytes)
	pairs := len(kernels) == len(t.grad4) && &kernels[0] == &t.grad4[0] && col.kn == 3 && len(t.grad4x3x2) > 0
	for i := 0; i < s.channels; i++ {
		a.x = unsafe.Pointer(&s.x[i*s.plane+pixel])
		a.dw = unsafe.Pointer(&dw[i*g.wFrom+row.k*g.wRow+col.k])
		if pairs && i+1 < s.channels {
			t.gradVectors(a, t.grad4x3x2[0], row.kn, row, col, g.toW*pixelBytes, rowBytes)
			i++
			continue
		}
		t.gradTiles(a, kernels, col.kn, row.kn, row, col, g, rowBytes)
	}
}

// gradTiles cuts weights that lie side by side into tiles. If there are kernel rows,
// each tile is done for all of them; otherwise all tiles of one size are done at once.
func (t *tiles) gradTiles(a *gradArgs, kernels []func(*gradArgs), weights, kernelRows int, row, col seg, g *grid, rowBytes int) {
	left, least, larger := cut(weights, len(kernels))
	for left > 0 {
		b, count := least, left
		if larger > 0 {
			b, count = least+1, larger
		}
		tiles := kernelRows
		if kernelRows > 0 {
			count = 1
		} else {
			fmas := 4 * b * row.n * col.n * Lanes / t.width
			count = min(count, max(1, callFMAs/fmas))
			tiles = count
			a.xA, a.dwA = uintptr(b)*a.xB, uintptr(b)*a.dwB
		}
		t.gradVectors(a, kernels[b-1], tiles, row, col, g.toW*pixelBytes, rowBytes)
		left -= count
		larger = max(0, larger-count)
		if left > 0 {
			a.x, a.dw = unsafe.Add(a.x, count*b*int(a.xB)), unsafe.Add(a.dw, count*b*int(a.dwB))
		}
	}
}

// gradVectors calls a kernel: once if the vectors of all pixels are one row, otherwise
// for each vector of a pixel.
func (t *tiles) gradVectors(a *gradArgs, kernel func(*gradArgs), tiles int, row, col seg, toRow, fromRow int) {
	perPixel := Lanes / t.width
	a.vectors = uintptr(col.n * perPixel)
	a.xV, a.dyV = uintptr(t.width*floatBytes), uintptr(t.width*floatBytes)
	if col.inStep > 1 {
		a.vectors = uintptr(col.n)
		a.xV, a.dyV = uintptr(col.inStep*pixelBytes), pixelBytes
	} else {
		perPixel = 1
	}
	a.xR = uintptr(row.inStep*fromRow) - a.vectors*a.xV
	a.dyR = uintptr(toRow) - a.vectors*a.dyV
	x, dy := a.x, a.dy
	for i := range perPixel {
		a.x, a.dy = unsafe.Add(x, i*t.width*floatBytes), unsafe.Add(dy, i*t.width*floatBytes)
		a.tiles = uintptr(tiles)
		kernel(a)
	}
	a.x, a.dy = x, dy
}

// biasGrad adds up dy as the gradient of weights whose input is one everywhere.
func (t *tiles) biasGrad(a *gradArgs, db, dy []float32, c *Conv) {
	plane := c.OH * c.OW * Lanes
	a.x, a.xV, a.xB, a.xR, a.xA = unsafe.Pointer(&ones), 0, 0, 0, 0
	a.dyOC, a.dyV, a.dyR, a.dyA = uintptr(plane*floatBytes), uintptr(t.width*floatBytes), 0, 0
	a.dwOC, a.dwB, a.dwA = floatBytes, floatBytes, 0
	a.vectors, a.rows = uintptr(plane/t.width), 1
	outs := c.weights.outs
	for o := outs.lo; o < outs.hi; {
		kernel, n := t.grad1[0], 1
		if outs.hi-o >= 4 {
			kernel, n = t.grad4[0], 4
		}
		a.dy, a.dw = unsafe.Pointer(&dy[o*plane]), unsafe.Pointer(&db[o])
		a.tiles = 1
		kernel(a)
		o += n
	}
}
