package kernel

import (
	"sync"
	"unsafe"
)

// tiles are the kernels of an instruction set, by the number of vectors (of weights,
// for gradients) in the tile, which is index + 1; conv4 works on four output channels
// at once and conv1 on one. _asm/conv.go and _asm/convgrad.go describe them.
type tiles struct {
	width        int // floats in a vector
	conv4, conv1 []func(*convArgs)
	grad4, grad1 []func(*gradArgs)
}

// callFMAs is about how many vector FMAs one call may do, since assembly cannot be
// preempted: some ten microseconds' worth.
const callFMAs = 1 << 16

// l1 is about how much of the first-level cache the pixels of a tile may fill.
const l1 = 20 << 10

const (
	pixelBytes = Lanes * 4
	floatBytes = 4
)

// args are reused, because what goes through a function variable escapes.
type args struct {
	conv convArgs
	grad gradArgs
}

var argsPool = sync.Pool{New: func() any { return new(args) }}

func (t *tiles) convForward(y, x, w, b []float32, c *Conv) { t.walk(y, x, w, b, &c.forward) }

func (t *tiles) convInputGrad(dx, dy, w []float32, c *Conv) { t.walk(dx, dy, w, nil, &c.backward) }

// noBias stands for the bias of four channels.
var noBias [4]float32

// walk goes through a grid: blocks of input channels that fit the cache, rows,
// runs of columns with the same taps.
func (t *tiles) walk(to, from, w, bias []float32, g *grid) {
	a := argsPool.Get().(*args)
	defer argsPool.Put(a)
	block := t.channelBlock(g)
	for group := range g.groups {
		for c := 0; c < g.from; c += block {
			a.conv.in = uintptr(min(block, g.from-c))
			a.conv.add = 0
			if c > 0 {
				a.conv.add = 1
			}
			for _, row := range g.rows {
				for i := range row.n {
					for _, col := range g.cols {
						t.run(&a.conv, to, from, w, bias, g, group, c, row, i, col)
					}
				}
			}
		}
	}
	a.conv = convArgs{} // keep nothing alive
}

// channelBlock is the number of input channels whose pixels, as far as a tile reads
// them, stay in the first-level cache while the output channels go by.
func (t *tiles) channelBlock(g *grid) int {
	rows, cols := 0, 0
	for _, s := range g.rows {
		rows = max(rows, s.kn)
	}
	for _, s := range g.cols {
		cols = max(cols, s.kn)
	}
	plane := g.fromH * g.fromW * pixelBytes
	perChannel := rows * (cols + len(t.conv4)*t.width/Lanes) * pixelBytes
	block := max(8, l1/max(perChannel, 1))
	if plane%4096 == 0 { // the channels fall into the same sets of an 8-way cache
		block = 8
	}
	if g.to < 16 || block*3/2 >= g.from {
		return g.from
	}
	return block
}

// run computes one run of columns in one row for all output channels of a group.
func (t *tiles) run(a *convArgs, to, from, w, bias []float32, g *grid, group, c int, row seg, i int, col seg) {
	first := ((group*g.to*g.toH+row.out+i*row.outStep)*g.toW + col.out) * Lanes
	if row.kn == 0 || col.kn == 0 {
		if a.add == 0 {
			fillBias(to, bias, g, group, first, col)
		}
		return
	}
	fromRow := g.fromW * pixelBytes
	a.y = unsafe.Pointer(&to[first])
	a.yOC = uintptr(g.toH * g.toW * pixelBytes)
	pixel := (((group*g.from+c)*g.fromH+row.in+i*row.inStep)*g.fromW + col.in) * Lanes
	a.x = unsafe.Pointer(&from[pixel])
	a.xK = uintptr(col.tapStep * pixelBytes)
	a.xR = uintptr(row.tapStep*fromRow - col.kn*col.tapStep*pixelBytes)
	a.xC = uintptr(g.fromH*fromRow - row.kn*row.tapStep*fromRow)
	a.w = unsafe.Pointer(&w[group*g.wGroup+c*g.wFrom+row.k*g.wRow+col.k])
	a.wOC = uintptr(g.wTo * floatBytes)
	a.wK = uintptr(col.kStep * floatBytes)
	a.wR = uintptr((row.kStep*g.wRow - col.kn*col.kStep) * floatBytes)
	a.wC = uintptr((g.wFrom - row.kn*row.kStep*g.wRow) * floatBytes)
	a.kw, a.kh = uintptr(col.kn), uintptr(row.kn)
	if bias != nil {
		a.bias = unsafe.Pointer(&bias[group*g.to])
	}

	perPixel := Lanes / t.width
	if col.inStep == 1 && col.outStep == 1 { // the vectors of all pixels are one row
		a.xV, a.yV = uintptr(t.width*floatBytes), uintptr(t.width*floatBytes)
		t.channels(a, col.n*perPixel, g.to, bias != nil)
		return
	}
	a.xV, a.yV = uintptr(col.inStep*pixelBytes), uintptr(col.outStep*pixelBytes)
	for range perPixel {
		t.channels(a, col.n, g.to, bias != nil)
		a.x = unsafe.Add(a.x, t.width*floatBytes)
		a.y = unsafe.Add(a.y, t.width*floatBytes)
	}
}

// channels computes a row of vectors for n output channels, four at a time and then
// what is left over.
func (t *tiles) channels(a *convArgs, vectors, n int, bias bool) {
	y, w, b := a.y, a.w, a.bias
	if fours := n / 4; fours > 0 {
		a.groups = uintptr(fours)
		a.yGS, a.wGS, a.biasGS = 4*a.yOC, 4*a.wOC, 4*floatBytes
		t.split(a, t.conv4, vectors, bias)
		if n%4 > 0 {
			a.y, a.w = unsafe.Add(y, fours*int(a.yGS)), unsafe.Add(w, fours*int(a.wGS))
			if bias {
				a.bias = unsafe.Add(b, fours*4*floatBytes)
			}
		}
	}
	if n%4 > 0 {
		a.groups = uintptr(n % 4)
		a.yGS, a.wGS, a.biasGS = a.yOC, a.wOC, floatBytes
		t.split(a, t.conv1, vectors, bias)
	}
	a.y, a.w, a.bias = y, w, b
}

// split cuts a row of vectors into tiles that are as equal as can be.
func (t *tiles) split(a *convArgs, kernels []func(*convArgs), vectors int, bias bool) {
	if !bias {
		a.bias, a.biasGS = unsafe.Pointer(&noBias), 0
	}
	x, y := a.x, a.y
	n, size, larger := cut(vectors, len(kernels))
	for n > 0 {
		v, count := size, n
		if larger > 0 {
			v, count = size+1, larger
		}
		fmas := int(a.groups) * 4 * v * int(a.in*a.kh*a.kw)
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
func fillBias(to, bias []float32, g *grid, group, first int, col seg) {
	for o := range g.to {
		var v float32
		if bias != nil {
			v = bias[group*g.to+o]
		}
		for i := range col.n {
			at := first + (o*g.toH*g.toW+i*col.outStep)*Lanes
			for l := range Lanes {
				to[at+l] = v
			}
		}
	}
}
