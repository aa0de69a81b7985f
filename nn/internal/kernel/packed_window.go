package kernel

import "unsafe"

func (t *packedTiles) depthwisePacked(y, x, w, b []float32, c *PackedConv, rows, blocks Range) {
	all := packedPool.Get().(*packedCall)
	defer packedPool.Put(all)
	a := &all.window
	a.setSteps(c.StrideH*c.XRow, c.StrideW*c.XPixel, c.DilationH*c.XRow, c.DilationW*c.XPixel, c.YRow)
	a.relu = 0
	if c.Relu {
		a.relu = 1
	}
	kernels := t.depthwise
	if c.KH == 3 && c.KW == 3 && c.StrideW <= len(t.depthwise3) && c.DilationW == 1 && len(t.depthwise3[c.StrideW-1]) > 0 {
		kernels = t.depthwise3[c.StrideW-1]
	}
	for block := blocks.Lo; block < blocks.Hi; block++ {
		a.w, a.bias = unsafe.Pointer(&w[block*c.KH*c.KW*Lanes]), unsafe.Pointer(&noBias)
		if b != nil {
			a.bias = unsafe.Pointer(&b[block*Lanes])
		}
		a.y = unsafe.Pointer(&y[block*c.YBlock+rows.Lo*c.YRow])
		a.x = unsafe.Pointer(&x[block*c.XBlock+rows.Lo*c.StrideH*c.XRow])
		a.calls(kernels, c.KH, c.KW, c.DilationH*c.XRow, rows.Hi-rows.Lo, c.OW)
	}
	*a = windowArgs{} // keep nothing alive
}

func (t *packedTiles) maxPoolPacked(y, x []float32, p *PackedPool, rows, blocks Range) {
	t.pool(t.max, y, x, p, rows, blocks, func(window) float32 { return 0 })
}

func (t *packedTiles) averagePoolPacked(y, x []float32, p *PackedPool, pads *Padding, rows, blocks Range) {
	t.pool(t.sum, y, x, p, rows, blocks, func(w window) float32 { return p.pixels(w, pads) })
}

// pool goes through rectangles of windows that lose the same taps to the padding, and are divided by
// the same. If the output of all blocks is a pixel each, side by side, blocks are computed
// together, as if they were the pixels of a row.
func (t *packedTiles) pool(kernels []func(*windowArgs), y, x []float32, p *PackedPool, rows, blocks Range, divisor func(w window) float32) {
	all := packedPool.Get().(*packedCall)
	defer packedPool.Put(all)
	a := &all.window
	a.setSteps(p.StrideH*p.XRow, p.StrideW*Lanes, p.DilationH*p.XRow, p.DilationW*Lanes, p.YRow)
	a.relu, a.bias = 0, unsafe.Pointer(&all.divisor)
	at := func(oy, ox int) window {
		return window{out: oy*p.OW + ox, rows: p.rows[oy].n, cols: p.cols[ox].n}
	}
	for oy := rows.Lo; oy < rows.Hi; {
		height := alike(p.rows[oy:rows.Hi], p.StrideH, func(i int) bool { return divisor(at(oy, 0)) == divisor(at(oy+i, 0)) })
		for ox := 0; ox < p.OW; {
			width := alike(p.cols[ox:], p.StrideW, func(i int) bool { return divisor(at(oy, ox)) == divisor(at(oy, ox+i)) })
			w := at(oy, ox)
			for l := range all.divisor {
				all.divisor[l] = divisor(w)
			}
			together, pixels := 1, width // blocks, and their pixels in a row
			if p.OH*p.OW == 1 && p.YBlock == Lanes {
				together, pixels = blocks.Hi-blocks.Lo, blocks.Hi-blocks.Lo
				a.xP = uintptr(p.XBlock * floatBytes)
			}
			for block := blocks.Lo; block < blocks.Hi; block += together {
				to := y[block*p.YBlock+oy*p.YRow+ox*Lanes:]
				if w.rows*w.cols == 0 { // all padding: 0, or 0/0
					fillPacked(to, 0/divisor(w), p.YRow, height, pixels)
					continue
				}
				a.y = unsafe.Pointer(&to[0])
				a.x = unsafe.Pointer(&x[block*p.XBlock+p.rows[oy].first*p.XRow+p.cols[ox].first*Lanes])
				a.calls(kernels, w.rows, w.cols, p.DilationH*p.XRow, height, pixels)
			}
			ox += width
		}
		oy += height
	}
	*a = windowArgs{} // keep nothing alive
}

// alike is how many of the first reaches are the same, a stride apart.
func alike(list []reach, stride int, same func(i int) bool) int {
	n := 1
	for n < len(list) && list[n].n == list[0].n && list[n].first == list[0].first+n*stride && same(n) {
		n++
	}
	return n
}

func fillPacked(y []float32, v float32, toRow, rows, pixels int) {
	for r := range rows {
		row := y[r*toRow:][:pixels*Lanes]
		for i := range row {
			row[i] = v
		}
	}
}

// setSteps takes steps in floats: of windows to the next row and pixel, of taps likewise, and of
// the output to the next row.
func (a *windowArgs) setSteps(row, pixel, tapRow, tap, yRow int) {
	a.xS, a.xP, a.xK = uintptr(row*floatBytes), uintptr(pixel*floatBytes), uintptr(tap*floatBytes)
	a.xKR = uintptr(tapRow * floatBytes)
	a.yS = uintptr(yRow * floatBytes)
}

// calls computes a rectangle of windows of kh × kw taps.
func (a *windowArgs) calls(kernels []func(*windowArgs), kh, kw, tapRow, rows, pixels int) {
	a.kh, a.kw = uintptr(kh), uintptr(kw)
	a.xKR = uintptr(tapRow*floatBytes) - a.kw*a.xK
	y, x := a.y, a.x
	tiles, least, larger := cut(pixels, len(kernels))
	for pixel := 0; tiles > 0; {
		width, n := least, tiles
		if larger > 0 {
			width, n = least+1, larger
		}
		perRow := n * width * kh * kw
		down := max(1, callFMAs/perRow)
		for r := 0; r < rows; r += down {
			a.y = unsafe.Add(y, r*int(a.yS)+pixel*pixelBytes)
			a.x = unsafe.Add(x, r*int(a.xS)+pixel*int(a.xP))
			a.tiles, a.rows = uintptr(n), uintptr(min(down, rows-r))
			kernels[width-1](a)
		}
		tiles, larger, pixel = tiles-n, max(0, larger-n), pixel+n*width
	}
}
