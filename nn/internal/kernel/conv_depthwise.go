package kernel

import "unsafe"

// A depthwise convolution is memory-bound. It goes channel by channel: a padded copy of the map,
// which stays in the cache, and the kernels of packed maps, for which the samples of a channel are
// like sixteen channels with the same weights.

// depthwise reports whether each output channel reads an input channel of its own.
func (c *Conv) depthwise() bool {
	return c.Groups == c.In && c.In == c.Out && c.In > 1 && c.KH*c.KW > 1
}

// spread is a map of h×w pixels in a larger one of zeros: its pixels are apart by the steps.
type spread struct {
	h, w, top, left, stepH, stepW int
	height, width                 int
}

func (t *tiles) depthwiseForward(y, x, w, b []float32, c *Conv, in *NormInput) {
	s := spread{
		h: c.H, w: c.W, top: c.PadTop, left: c.PadLeft, stepH: 1, stepW: 1,
		height: (c.OH-1)*c.StrideH + (c.KH-1)*c.DilationH + 1, width: (c.OW-1)*c.StrideW + (c.KW-1)*c.DilationW + 1,
	}
	p := PackedConv{StrideH: c.StrideH, StrideW: c.StrideW, OH: c.OH}
	t.depthwiseChannels(y, x, w, b, c, &c.forward, s, p, in, false)
}

// depthwiseInputGrad is a forward pass of dy, its pixels a stride apart, and the weights turned
// around.
func (t *tiles) depthwiseInputGrad(dx, dy, w []float32, c *Conv) {
	h, width := (c.KH-1)*c.DilationH, (c.KW-1)*c.DilationW
	s := spread{
		h: c.OH, w: c.OW, top: h - c.PadTop, left: width - c.PadLeft, stepH: c.StrideH, stepW: c.StrideW,
		height: c.H + h, width: c.W + width,
	}
	p := PackedConv{StrideH: 1, StrideW: 1, OH: c.H}
	t.depthwiseChannels(dx, dy, w, nil, c, &c.backward, s, p, nil, true)
}

// depthwiseChannels goes through the share of a grid.
func (t *tiles) depthwiseChannels(to, from, w, bias []float32, c *Conv, g *grid, s spread, p PackedConv, in *NormInput, turned bool) {
	a := tilePool.Get().(*tileCall)
	defer tilePool.Put(a)
	area := c.KH * c.KW
	p.In, p.Out, p.KH, p.KW, p.DilationH, p.DilationW = Lanes, Lanes, c.KH, c.KW, c.DilationH, c.DilationW
	p.OW, p.XLane, p.XPixel, p.XRow, p.YRow = g.width.hi-g.width.lo, 1, Lanes, s.width*Lanes, g.toW*Lanes
	a.packed = p
	if len(a.weights) < (area+1)*Lanes {
		a.weights = Aligned((area + 1) * Lanes)
	}
	taps, shift := a.weights[:area*Lanes], []float32(nil)
	size := s.height * s.width * Lanes
	if len(a.padded) < size {
		a.padded = Aligned(size)
	}
	copied := a.padded[:size]
	clear(copied)
	for ch := g.outs.lo; ch < g.outs.hi; ch++ {
		for k, v := range w[ch*area:][:area] {
			if turned {
				k = area - 1 - k
			}
			fill(taps[k*Lanes:][:Lanes], v)
		}
		if bias != nil {
			shift = a.weights[area*Lanes:][:Lanes]
			fill(shift, bias[ch])
		}
		s.copy(copied, from[ch*s.h*s.w*Lanes:], in.from(ch))
		y := to[(ch*g.toH*g.toW+g.width.lo)*Lanes : (ch+1)*g.toH*g.toW*Lanes]
		x := copied[g.width.lo*p.StrideW*Lanes:]
		t.depthwise(y, x, taps, shift, &a.packed, Range{g.height.lo, g.height.hi}, Range{0, 1})
	}
}

// copy copies a map, whose pixels are not apart if it is normalised. What lies between and around
// them stays as it is.
func (s *spread) copy(to, from []float32, in NormInput) {
	if s.stepH == 1 && s.stepW == 1 {
		rows, cols := span{max(s.top, 0), min(s.top+s.h, s.height)}, span{max(s.left, 0), min(s.left+s.w, s.width)}
		if rows.lo < rows.hi && cols.lo < cols.hi {
			to, from = to[(rows.lo*s.width+cols.lo)*Lanes:], from[((rows.lo-s.top)*s.w+cols.lo-s.left)*Lanes:]
			in.copy(to, from, 0, rows.hi-rows.lo, (cols.hi-cols.lo)*Lanes, s.width*Lanes, s.w*Lanes)
		}
		return
	}
	for y := range s.h {
		row := s.top + y*s.stepH
		if row < 0 || row >= s.height {
			continue
		}
		to, from := to[row*s.width*Lanes:][:s.width*Lanes], from[y*s.w*Lanes:][:s.w*Lanes]
		for x := range s.w {
			if at := s.left + x*s.stepW; at >= 0 && at < s.width {
				*pixel(to, at) = *pixel(from, x)
			}
		}
	}
}

func fill(v []float32, x float32) {
	for i := range v {
		v[i] = x
	}
}

// windows3x3 reports whether all pixels have the nine taps of a 3×3 kernel.
func (g *grid) windows3x3(in *NormInput) bool {
	rows, cols := g.rows, g.cols
	if !g.reads(in) {
		rows, cols = g.padded.rows, g.padded.cols
	}
	return len(rows) == 1 && len(cols) == 1 && rows[0].kn == 3 && cols[0].kn == 3 && g.wRow == 3
}

// depthwiseWeightGrad adds to the weights of a 3×3 kernel, channel by channel.
func (t *tiles) depthwiseWeightGrad(a *tileCall, dw, dy, x []float32, g *grid, in *NormInput) {
	plane, out := g.fromH*g.fromW*Lanes, g.toH*g.toW*Lanes
	for ch := g.outs.lo; ch < g.outs.hi; ch++ {
		s := source{x[ch*plane : (ch+1)*plane], g.rows, g.cols, g.fromW, plane, 1}
		if !g.reads(in) {
			s = g.padded.source(a, s.x, 1, g, in.from(ch))
		}
		row, col := s.rows[0], s.cols[0]
		rowBytes := s.width * pixelBytes
		a.grad.xB, a.grad.xA = uintptr(col.tapStep*pixelBytes), uintptr(row.tapStep*rowBytes)
		a.grad.dw = unsafe.Pointer(&dw[ch*9 : (ch+1)*9][0])
		strip := row
		strip.n = max(1, callFMAs/(9*col.n*Lanes/t.width))
		for lo := 0; lo < row.n; lo += strip.n {
			strip.n = min(strip.n, row.n-lo)
			a.grad.rows = uintptr(strip.n)
			a.grad.dy = unsafe.Pointer(&dy[ch*out+lo*g.toW*Lanes])
			a.grad.x = unsafe.Pointer(&s.x[((row.in+lo*row.inStep)*s.width+col.in)*Lanes])
			t.gradVectors(&a.grad, t.grad3x3, 1, strip, col, g.toW*pixelBytes, rowBytes)
		}
	}
}
