package kernel

import "unsafe"

// denseChunk is the number of inputs whose weights are done at once: few enough for the
// first-level cache.
const denseChunk = 12 * Lanes

// denseGrad: with maps of one pixel there is little to sum for each weight. So inputs and
// samples change places, and the weights of neighbouring inputs are the vectors of the
// tiles that otherwise compute maps, with the samples as taps.
func (t *tiles) denseGrad(all *tileCall, dw, dy, x []float32, g *grid) {
	i := g.ins.lo
	for n := 0; g.ins.hi-i >= Lanes; i += n {
		n = min(denseChunk, (g.ins.hi-i)/Lanes*Lanes)
		if all.turned == nil {
			all.turned = make([]float32, denseChunk*Lanes)
		}
		t.transpose(all.turned[:n*Lanes], x[i*Lanes:], n, Lanes, n, Lanes)
		a := &all.conv
		a.y, a.yV, a.yOC = unsafe.Pointer(&dw[i]), uintptr(t.width*floatBytes), uintptr(g.from*floatBytes)
		a.x, a.xV, a.xK = unsafe.Pointer(&all.turned[0]), a.yV, uintptr(n*floatBytes)
		a.w, a.wOC, a.wK = unsafe.Pointer(&dy[0]), pixelBytes, floatBytes
		a.kw, a.kh, a.in, a.add = Lanes, 1, 1, 1
		t.channels(a, n/t.width, g.to, 4*Lanes, false)
	}
	all.conv = convArgs{} // keep nothing alive
	if i < g.ins.hi {
		t.denseGradRest(&all.grad, dw, dy, x, g, i)
	}
}

// denseGradRest does the last inputs, from number i on: fewer than there are lanes.
func (t *tiles) denseGradRest(a *gradArgs, dw, dy, x []float32, g *grid, i int) {
	a.vectors, a.rows = uintptr(Lanes/t.width), 1
	a.xV, a.dyV = uintptr(t.width*floatBytes), uintptr(t.width*floatBytes)
	a.xR, a.dyR, a.dyOC = 0, 0, 0
	a.xB, a.dwB = pixelBytes, floatBytes
	a.xA, a.dyA, a.dwA = 0, pixelBytes, uintptr(g.from*floatBytes)
	for b := 0; i < g.ins.hi; i += b {
		b = min(len(t.grad1), g.ins.hi-i)
		a.x, a.dy, a.dw = unsafe.Pointer(&x[i*Lanes]), unsafe.Pointer(&dy[0]), unsafe.Pointer(&dw[i])
		a.tiles = uintptr(g.to)
		t.grad1[b-1](a)
	}
}
