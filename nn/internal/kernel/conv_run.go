package kernel

import "unsafe"

// callFMAs is about how many vector FMAs one call may do, since assembly cannot be
// preempted: some ten microseconds' worth.
const callFMAs = 1 << 16

// noBias stands for the bias of a group of channels, or of blocks of packed ones.
var noBias [4 * Lanes]float32

// setAdd has sums begin with the output, or with the bias.
func (a *convArgs) setAdd(add bool) {
	a.add = 0
	if add {
		a.add = 1
	}
}

// block computes what some input channels give to the output channels of a group.
func (t *tiles) block(a *convArgs, to, bias []float32, g *grid, s source, k kernelOrder) {
	for _, row := range s.rows {
		for _, col := range s.cols {
			if row.kn == 0 || col.kn == 0 {
				if a.add == 0 {
					fillBias(to, bias, g, k.outs, row, col)
				}
				continue
			}
			if col.n == 1 && row.n > 1 { // the edge of a map: a run along the other axis
				t.run(a, to, bias, g, s, k, row, 0, col, line{row.n, row.outStep * g.toW, row.inStep * s.width})
				continue
			}
			for i := range row.n {
				t.run(a, to, bias, g, s, k, row, i, col, line{col.n, col.outStep, col.inStep})
			}
		}
	}
}

// run computes a line of pixels that starts in row i of a run of rows, at the first pixel of a run of columns.
func (t *tiles) run(a *convArgs, to, bias []float32, g *grid, s source, k kernelOrder, row seg, i int, col seg, l line) {
	rowBytes, planeBytes := s.width*pixelBytes, s.plane*floatBytes
	a.y = unsafe.Pointer(&to[((row.out+i*row.outStep)*g.toW+col.out)*Lanes])
	a.yOC = uintptr(g.toH * g.toW * pixelBytes)
	a.x = unsafe.Pointer(&s.x[((row.in+i*row.inStep)*s.width+col.in)*Lanes])
	a.w = unsafe.Pointer(&k.w[row.k*k.row+col.k*k.tap])
	a.wOC = uintptr(k.to * floatBytes)
	if row.kn*col.kn == 1 { // channels are the taps: one loop instead of three
		a.kw, a.kh, a.in = uintptr(s.channels), 1, 1
		a.xK, a.wK = uintptr(planeBytes), uintptr(k.from*floatBytes)
		a.xR, a.xC, a.wR, a.wC = 0, 0, 0, 0
	} else {
		a.kw, a.kh, a.in = uintptr(col.kn), uintptr(row.kn), uintptr(s.channels)
		a.xK = uintptr(col.tapStep * pixelBytes)
		a.xR = uintptr(row.tapStep*rowBytes - col.kn*col.tapStep*pixelBytes)
		a.xC = uintptr(planeBytes - row.kn*row.tapStep*rowBytes)
		a.wK = uintptr(col.kStep * k.tap * floatBytes)
		a.wR = uintptr((row.kStep*k.row - col.kn*col.kStep*k.tap) * floatBytes)
		a.wC = uintptr((k.from - row.kn*row.kStep*k.row) * floatBytes)
	}
	if bias != nil {
		a.bias = unsafe.Pointer(&bias[0])
	}

	perPixel := Lanes / t.width
	if l.together() { // the vectors of all pixels are one row
		a.xV, a.yV = uintptr(t.width*floatBytes), uintptr(t.width*floatBytes)
		t.channels(a, l.n*perPixel, k.outs, k.four, bias != nil)
		return
	}
	a.xV, a.yV = uintptr(l.inStep*pixelBytes), uintptr(l.outStep*pixelBytes)
	x, y := a.x, a.y
	for i := range perPixel { // never a pointer behind the data: the collector would object
		a.x, a.y = unsafe.Add(x, i*t.width*floatBytes), unsafe.Add(y, i*t.width*floatBytes)
		t.channels(a, l.n, k.outs, k.four, bias != nil)
	}
}

// channels computes a row of vectors for n output channels. The weights of the next four
// lie four floats on: four times as far as those of the next one, unless they are packed.
func (t *tiles) channels(a *convArgs, vectors, n, four int, bias bool) {
	y, w, b := a.y, a.w, a.bias
	packed := uintptr(four*floatBytes) != 4*a.wOC
	for done := 0; done < n; {
		size, groups := 1, n-done
		kernels := t.conv1
		switch {
		case len(t.tall) > 0 && vectors <= len(t.tall[0]) && n-done > 4 && !packed:
			tiles, least, _ := cut(n-done, 4+len(t.tall))
			size, groups = least, tiles
			if more := (n - done) % tiles; more > 0 {
				size, groups = least+1, more
			}
			if kernels = t.conv4; size > 4 {
				kernels = t.tall[size-5]
			}
		case n-done >= 4:
			size, groups, kernels = 4, (n-done)/4, t.conv4
		}
		a.groups = uintptr(groups)
		a.yGS, a.wGS, a.biasGS = uintptr(size)*a.yOC, uintptr(size)*a.wOC, uintptr(size*floatBytes)
		if size == 4 {
			a.wGS = uintptr(four * floatBytes)
		}
		t.split(a, kernels, size, vectors, bias)
		if done += size * groups; done < n {
			a.y, a.w = unsafe.Add(a.y, groups*int(a.yGS)), unsafe.Add(a.w, groups*int(a.wGS))
			if bias {
				a.bias = unsafe.Add(a.bias, groups*size*floatBytes)
			}
		}
	}
	a.y, a.w, a.bias = y, w, b
}

// split cuts a row of vectors into tiles that are as equal as can be.
func (t *tiles) split(a *convArgs, kernels []func(*convArgs), size, vectors int, bias bool) {
	if !bias {
		a.bias, a.biasGS = unsafe.Pointer(&noBias), 0
	}
	x, y := a.x, a.y
	n, least, larger := cut(vectors, len(kernels))
	for n > 0 {
		v, count := least, n
		if larger > 0 {
			v, count = least+1, larger
		}
		fmas := int(a.groups) * size * v * int(a.in*a.kh*a.kw)
		count = min(count, max(1, callFMAs/fmas))
		a.tiles = uintptr(count)
		kernels[v-1](a)
		n -= count
		larger = max(0, larger-count)
		if n > 0 {
			a.x, a.y = unsafe.Add(a.x, count*v*int(a.xV)), unsafe.Add(a.y, count*v*int(a.yV))
		}
	}
	a.x, a.y = x, y
}

// cut divides a number of vectors into the fewest tiles of at most limit vectors: n
// tiles of size vectors, the first larger of which have one more.
func cut(vectors, limit int) (n, size, larger int) {
	n = (vectors + limit - 1) / limit
	return n, vectors / n, vectors % n
}

// fillBias writes the bias to pixels that no tap reaches.
func fillBias(to, bias []float32, g *grid, outs int, row, col seg) {
	for o := range outs {
		var v float32
		if bias != nil {
			v = bias[o]
		}
		for i := range row.n {
			for j := range col.n {
				at := ((o*g.toH+row.out+i*row.outStep)*g.toW + col.out + j*col.outStep) * Lanes
				for l := range Lanes {
					to[at+l] = v
				}
			}
		}
	}
}
