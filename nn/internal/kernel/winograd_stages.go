package kernel

import (
	"math"
	"unsafe"
)

// noFloor is less than any output.
var noFloor = float32(math.Inf(-1))

// plane is the number of floats from one position to the next, with so many channels: an odd
// number of pixels, so that positions spread over the cache.
func (c *winogradCall) plane(channels int) int { return (channels*c.tiles() | 1) * Lanes }

// buffer gives n floats that stay allocated. What they hold is unknown.
func buffer(v *[]float32, n int) []float32 {
	if len(*v) < n {
		*v = Aligned(n)
	}
	return (*v)[:n]
}

// transformInput transforms row i of tiles of the chunk.
func (c *winogradCall) transformInput(x []float32, i int) {
	g, a := &c.c, &c.input
	width := c.across*tileSide + 2 // of the pixels that tiles read, of which lo to hi are in the map
	first := c.col*tileSide - g.PadLeft
	lo, hi := max(-first, 0), min(g.W-first, width)
	cols := buffer(&c.cols, 6*(width|1)*Lanes)
	pitch := (width | 1) * Lanes
	for k := range 6 {
		clear(cols[k*pitch:][:lo*Lanes])
		clear(cols[k*pitch:][hi*Lanes : width*Lanes])
	}
	if len(c.zeros) < (hi-lo)*Lanes {
		c.zeros = Aligned((hi - lo) * Lanes)
	}
	rows := [...]*unsafe.Pointer{&a.x0, &a.x1, &a.x2, &a.x3, &a.x4, &a.x5}
	steps := [...]*uintptr{&a.x0C, &a.x1C, &a.x2C, &a.x3C, &a.x4C, &a.x5C}

	v := buffer(&c.v, positions*c.plane(g.In))
	a.width = uintptr((hi - lo) * pixelBytes)
	a.buf, a.first = unsafe.Pointer(&cols[0]), unsafe.Pointer(&cols[lo*Lanes])
	a.bufR = uintptr(pitch * floatBytes)
	a.bufD = a.bufR - uintptr(c.across*tileSide*pixelBytes)
	a.vP, a.vC = uintptr(c.plane(g.In)*floatBytes), uintptr(c.tiles()*pixelBytes)
	a.vD = 6*a.vP - uintptr(c.across*pixelBytes)
	a.tiles = uintptr(c.across)
	for channel := 0; channel < g.In; channel += int(a.in) {
		a.in = uintptr(min(max(1, stageTiles/c.across), g.In-channel))
		a.v = unsafe.Pointer(&v[(channel*c.tiles()+i*c.across)*Lanes])
		for k := range rows {
			at := (c.row+i)*tileSide + k - g.PadTop
			if at < 0 || at >= g.H {
				*rows[k], *steps[k] = unsafe.Pointer(&c.zeros[0]), 0
				continue
			}
			*rows[k] = unsafe.Pointer(&x[((channel*g.H+at)*g.W+first+lo)*Lanes])
			*steps[k] = uintptr(g.H * g.W * pixelBytes)
		}
		c.kernels.input(a)
	}
}

// multiply computes some output channels of the chunk.
func (c *winogradCall) multiply(u []float32, o, outs int) {
	in, a := c.c.In, &c.product
	m := buffer(&c.m, positions*c.plane(outs))
	a.in = uintptr(in)
	a.vC, a.mC = uintptr(c.tiles()*pixelBytes), uintptr(c.tiles()*pixelBytes)
	uP := ceilDiv(c.c.Out, 4) * 4 * in
	a.uP = uintptr(uP * floatBytes)
	n, least, larger := cut(c.tiles()*Lanes/c.width, len(c.kernels.products))
	for at := 0; n > 0; {
		vectors, count := least, n
		if larger > 0 {
			vectors, count = least+1, larger
		}
		n, larger = n-count, 0
		floats := vectors * count * c.width
		a.blocks = uintptr(count)
		a.vD, a.mD = uintptr((c.plane(in)-floats)*floatBytes), uintptr((c.plane(outs)-floats)*floatBytes)
		calls := max(1, callFMAs/(4*in*vectors*count)) // groups times positions of one call
		for p := 0; p < positions; p += int(a.positions) {
			a.positions = uintptr(min(max(1, calls/(outs/4)), positions-p))
			for g := 0; g < outs/4; g += int(a.groups) {
				a.groups = uintptr(min(calls, outs/4-g))
				a.v = unsafe.Pointer(&c.v[p*c.plane(in)+at])
				a.m = unsafe.Pointer(&m[p*c.plane(outs)+4*g*c.tiles()*Lanes+at])
				a.u = unsafe.Pointer(&u[p*uP+(o+4*g)*in])
				c.kernels.products[vectors-1](a)
			}
		}
		at += floats
	}
}

// transformOutput transforms row i of tiles of the chunk back, for some output channels.
func (c *winogradCall) transformOutput(y, b, add []float32, i, o, outs int) {
	g, a := &c.c, &c.output
	plane := c.plane(ceilDiv(outs, 4) * 4)
	row := (c.row + i) * tileSide
	a.rows = uintptr(min(tileSide, g.OH-row))
	a.mR, a.mC = uintptr(6*plane*floatBytes), uintptr(c.tiles()*pixelBytes)
	a.bytes = uintptr(c.across * pixelBytes)
	a.mD = uintptr(plane*floatBytes) - a.bytes
	a.bufR = 6 * a.bytes
	a.floor = unsafe.Pointer(&noFloor)
	if c.Relu {
		a.floor = unsafe.Pointer(&noBias[0])
	}
	a.buf = unsafe.Pointer(&buffer(&c.rows, 4*6*c.across*Lanes)[0])
	width := c.across * tileSide
	first := (row*g.OW + c.col*tileSide) * Lanes
	clip := c.col*tileSide+width > g.OW // the last tile ends behind the map
	for channel := 0; channel < outs; channel += int(a.out) {
		a.out = uintptr(min(max(1, stageTiles/c.across), outs-channel))
		a.m = unsafe.Pointer(&c.m[(channel*c.tiles()+i*c.across)*Lanes])
		a.bias, a.biasC = unsafe.Pointer(&noBias[0]), 0
		if b != nil {
			a.bias, a.biasC = unsafe.Pointer(&b[o+channel]), floatBytes
		}
		at := (o+channel)*g.OH*g.OW*Lanes + first
		a.add = nil
		if !clip {
			a.y, a.yR, a.yC = unsafe.Pointer(&y[at]), uintptr(g.OW*pixelBytes), uintptr(g.OH*g.OW*pixelBytes)
			if add != nil {
				a.add = unsafe.Pointer(&add[at])
			}
			c.kernels.output(a)
			continue
		}
		whole := buffer(&c.clipped, int(a.out)*tileSide*width*Lanes)
		a.y, a.yR, a.yC = unsafe.Pointer(&whole[0]), uintptr(width*pixelBytes), uintptr(tileSide*width*pixelBytes)
		if add != nil {
			a.add = a.y
			c.eachClipped(whole, add[at:], func(whole, add []float32) { copy(whole, add) })
		}
		c.kernels.output(a)
		c.eachClipped(whole, y[at:], func(whole, y []float32) { copy(y, whole) })
	}
}

// eachClipped calls f for the rows of whole tiles and what of them is in the map.
func (c *winogradCall) eachClipped(whole, part []float32, f func(whole, part []float32)) {
	g, a := &c.c, &c.output
	width := c.across * tileSide * Lanes
	inMap := (g.OW - c.col*tileSide) * Lanes
	for k := range int(a.out) {
		for r := range int(a.rows) {
			f(whole[(k*tileSide+r)*width:][:width], part[(k*g.OH+r)*g.OW*Lanes:][:inMap])
		}
	}
}
