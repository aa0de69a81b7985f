package kernel

import "unsafe"

// ones meet dy in the gradient of the bias.
var ones = func() (v [Lanes]float32) {
	for i := range v {
		v[i] = 1
	}
	return v
}()

// convWeightGrad goes through the outputs in strips of rows that stay in the
// first-level cache while the weights of four output channels go by.
func (t *tiles) convWeightGrad(dw, db, dy, x []float32, c *Conv) {
	a := argsPool.Get().(*args)
	defer argsPool.Put(a)
	g := &c.forward
	strip := max(1, l1*2/3/(4*g.toW*pixelBytes))
	for _, row := range g.rows {
		for lo := 0; row.kn > 0 && lo < row.n; lo += strip {
			part := row
			part.n = min(strip, row.n-lo)
			part.out += lo * row.outStep
			part.in += lo * row.inStep
			for o := 0; o < c.Out; {
				// Four channels at a time; those left over in a group one by one.
				n := 1
				if g.to-o%g.to >= 4 {
					n = 4
				}
				for _, col := range g.cols {
					if col.kn > 0 {
						t.gradStrip(&a.grad, dw, dy, x, g, o, n, part, col)
					}
				}
				o += n
			}
		}
	}
	if db != nil {
		t.biasGrad(&a.grad, db, dy, c)
	}
	a.grad = gradArgs{} // keep nothing alive
}

// gradStrip adds what a strip gives to the weights of n output channels. The tile's
// weights are those of a kernel row, or of several input channels if rows have but one.
func (t *tiles) gradStrip(a *gradArgs, dw, dy, x []float32, g *grid, o, n int, row, col seg) {
	group := o / g.to
	area := g.wFrom
	fromRow := g.fromW * pixelBytes
	plane := g.fromH * fromRow
	a.dy = unsafe.Pointer(&dy[((o*g.toH+row.out)*g.toW+col.out)*Lanes])
	a.dyOC = uintptr(g.toH * g.toW * pixelBytes)
	a.dwOC = uintptr(g.wTo * floatBytes)
	a.rows = uintptr(row.n)
	if col.kn == 1 {
		a.xB, a.dwB = uintptr(plane), uintptr(area*floatBytes)
		for k := range row.kn {
			in := ((group*g.from*g.fromH+row.in+k*row.tapStep)*g.fromW + col.in) * Lanes
			t.gradTiles(a, x[in:], dw[o*g.wTo+(row.k+k)*g.wRow+col.k:], g.from, 0, n, row, col, g)
		}
		return
	}
	a.xB, a.dwB = uintptr(col.tapStep*pixelBytes), floatBytes
	a.xA, a.dwA = uintptr(row.tapStep*fromRow), uintptr(g.wRow*floatBytes)
	for i := range g.from {
		in := (((group*g.from+i)*g.fromH+row.in)*g.fromW + col.in) * Lanes
		t.gradTiles(a, x[in:], dw[o*g.wTo+i*area+row.k*g.wRow+col.k:], col.kn, row.kn, n, row, col, g)
	}
}

// gradTiles cuts weights that lie side by side into tiles. If there are kernel rows,
// each tile is done for all of them; otherwise all tiles of one size are done at once.
func (t *tiles) gradTiles(a *gradArgs, x, dw []float32, weights, kernelRows, n int, row, col seg, g *grid) {
	kernels := t.grad1
	if n == 4 {
		kernels = t.grad4
	}
	a.x, a.dw = unsafe.Pointer(&x[0]), unsafe.Pointer(&dw[0])
	left, size, larger := cut(weights, len(kernels))
	for left > 0 {
		b, count := size, left
		if larger > 0 {
			b, count = size+1, larger
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
		t.gradVectors(a, kernels[b-1], tiles, row, col, g)
		left -= count
		larger = max(0, larger-count)
		if left > 0 {
			a.x, a.dw = unsafe.Add(a.x, count*b*int(a.xB)), unsafe.Add(a.dw, count*b*int(a.dwB))
		}
	}
}

// gradVectors calls a kernel: once if the vectors of all pixels are one row, otherwise
// for each vector of a pixel.
func (t *tiles) gradVectors(a *gradArgs, kernel func(*gradArgs), tiles int, row, col seg, g *grid) {
	perPixel := Lanes / t.width
	toRow, fromRow := g.toW*pixelBytes, g.fromW*pixelBytes
	x, dy := a.x, a.dy
	if col.inStep == 1 {
		a.vectors = uintptr(col.n * perPixel)
		a.xV, a.dyV = uintptr(t.width*floatBytes), uintptr(t.width*floatBytes)
		perPixel = 1
	} else {
		a.vectors = uintptr(col.n)
		a.xV, a.dyV = uintptr(col.inStep*pixelBytes), pixelBytes
	}
	a.xR = uintptr(row.inStep*fromRow) - a.vectors*a.xV
	a.dyR = uintptr(toRow) - a.vectors*a.dyV
	for range perPixel {
		a.tiles = uintptr(tiles)
		kernel(a)
		a.x, a.dy = unsafe.Add(a.x, t.width*floatBytes), unsafe.Add(a.dy, t.width*floatBytes)
	}
	a.x, a.dy = x, dy
}

// biasGrad adds up dy as the gradient of weights whose input is one everywhere.
func (t *tiles) biasGrad(a *gradArgs, db, dy []float32, c *Conv) {
	plane := c.OH * c.OW * Lanes
	a.x, a.xV, a.xB, a.xR, a.xA = unsafe.Pointer(&ones), 0, 0, 0, 0
	a.dyOC, a.dyV, a.dyR = uintptr(plane*floatBytes), uintptr(t.width*floatBytes), 0
	a.dwOC, a.dwB, a.dwA = floatBytes, 0, 0
	a.vectors, a.rows = uintptr(plane/t.width), 1
	for o := 0; o < c.Out; {
		kernel, n := t.grad1[0], 1
		if c.Out-o >= 4 {
			kernel, n = t.grad4[0], 4
		}
		a.dy, a.dw = unsafe.Pointer(&dy[o*plane]), unsafe.Pointer(&db[o])
		a.tiles = 1
		kernel(a)
		o += n
	}
}
