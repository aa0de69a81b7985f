package kernel

import (
	"sync"
	"unsafe"
)

// Winograd is a fast algorithm F(m×m, 3×3) for a convolution of stride 1.
type Winograd struct {
	c              *Conv
	m, n           int // pixels of an output and of an input tile, along an axis
	tileW, tileH   int // tiles of the map
	rows           int // rows of tiles in a chunk
	outs           int // output channels at a time
	size           int // output channels of a tile of products
	inputK         func(*winogradInputArgs)
	outputK        func(*winogradOutputArgs)
	products       []func(*winogradProductArgs)
	Times          *[3]int64 // if not nil, nanoseconds of the stages are added
	planeV, planeM int       // floats
}

type winogradCall struct {
	in      winogradInputArgs
	out     winogradOutputArgs
	product winogradProductArgs
	buf     []float32
	v, m    []float32
	zeros   []float32
	clipped []float32
}

var winogradPool = sync.Pool{New: func() any { return new(winogradCall) }}

func ensure(v *[]float32, n int) []float32 {
	if len(*v) < n {
		*v = Aligned(n)
	}
	return (*v)[:n]
}

// winogradG are the matrices G of the weights.
var winogradG = map[int][][3]float64{
	2: {{1, 0, 0}, {.5, .5, .5}, {.5, -.5, .5}, {0, 0, 1}},
	4: {{1. / 4, 0, 0}, {-1. / 6, -1. / 6, -1. / 6}, {-1. / 6, 1. / 6, -1. / 6},
		{1. / 24, 1. / 12, 1. / 6}, {1. / 24, -1. / 12, 1. / 6}, {0, 0, 1}},
}

// NewWinograd plans the algorithm. rows and outs, if 0, follow from the cache.
func NewWinograd(c *Conv, m, size, rows, outs int) *Winograd {
	f := &Winograd{c: c, m: m, n: m + 2, size: size}
	f.tileW, f.tileH = (c.OW+m-1)/m, (c.OH+m-1)/m
	f.rows, f.outs = min(rows, f.tileH), min(outs, (c.Out+size-1)/size*size)
	if rows == 0 {
		f.rows = max(1, min(f.tileH, 8/f.tileW))
	}
	if outs == 0 {
		f.outs = (c.Out + size - 1) / size * size
	}
	f.bind()
	t := f.rows * f.tileW
	f.planeV = (c.In*t | 1) * Lanes
	f.planeM = (f.outs*t | 1) * Lanes
	return f
}

// Weights is the number of transformed weights.
func (f *Winograd) Weights() int {
	return f.n * f.n * f.c.In * ((f.c.Out + f.size - 1) / f.size * f.size)
}

// Transform gives the weights in the order [outs][position][out/size][in][size].
func (f *Winograd) Transform(u, w []float32) {
	g, in, n := winogradG[f.m], f.c.In, f.n
	all := len(u) / (n * n * in)
	for o := range all {
		block, left := o/f.outs*f.outs, 0
		left = min(f.outs, all-block)
		for c := range in {
			for i := range n {
				for j := range n {
					var sum float64
					if o < f.c.Out {
						k := w[(o*in+c)*9:][:9]
						for a := range 3 {
							for b := range 3 {
								sum += g[i][a] * g[j][b] * float64(k[a*3+b])
							}
						}
					}
					r := o - block
					u[block*n*n*in+(((i*n+j)*(left/f.size)+r/f.size)*in+c)*f.size+r%f.size] = float32(sum)
				}
			}
		}
	}
}

// Forward is ConvForward, with transformed weights.
func (f *Winograd) Forward(y, x, u, b []float32) {
	a := winogradPool.Get().(*winogradCall)
	defer winogradPool.Put(a)
	c := f.c
	all := (c.Out + f.size - 1) / f.size * f.size
	v, m := ensure(&a.v, f.n*f.n*f.planeV), ensure(&a.m, f.n*f.n*f.planeM)
	for r := 0; r < f.tileH; r += f.rows {
		rows := min(f.rows, f.tileH-r)
		t0 := f.now()
		for i := range rows {
			f.input(a, v[i*f.tileW*Lanes:], x, r+i, rows*f.tileW)
		}
		t1 := f.now()
		f.since(0, t0, t1)
		for o := 0; o < all; o += f.outs {
			outs := min(f.outs, all-o)
			t1 = f.now()
			f.product(a, m, v, u[o*f.n*f.n*c.In:], outs, rows*f.tileW)
			t2 := f.now()
			f.since(1, t1, t2)
			for i := range rows {
				f.output(a, y, m[i*f.tileW*Lanes:], b, r+i, o, min(outs, c.Out-o), rows*f.tileW)
			}
			f.since(2, t2, f.now())
		}
	}
}

// input transforms a row of tiles into v, which has so many tiles.
func (f *Winograd) input(a *winogradCall, v, x []float32, r, tiles int) {
	c, p := f.c, &a.in
	width := f.tileW*f.m + 2
	pitch := (width | 1) * Lanes
	buf := ensure(&a.buf, f.n*pitch)
	zeros := ensure(&a.zeros, c.W*Lanes)
	lo, hi := c.PadLeft, min(c.PadLeft+c.W, width)
	for i := range f.n {
		clear(buf[i*pitch:][:lo*Lanes])
		clear(buf[i*pitch:][hi*Lanes : width*Lanes])
	}
	rowsOf := [6]*unsafe.Pointer{&p.x0, &p.x1, &p.x2, &p.x3, &p.x4, &p.x5}
	stepsOf := [6]*uintptr{&p.c0, &p.c1, &p.c2, &p.c3, &p.c4, &p.c5}
	for i := range f.n {
		row := r*f.m + i - c.PadTop
		if row < 0 || row >= c.H {
			*rowsOf[i], *stepsOf[i] = unsafe.Pointer(&zeros[0]), 0
			continue
		}
		*rowsOf[i], *stepsOf[i] = unsafe.Pointer(&x[row*c.W*Lanes]), uintptr(c.H*c.W*pixelBytes)
	}
	p.width = uintptr((hi - lo) * pixelBytes)
	p.buf, p.first = unsafe.Pointer(&buf[0]), unsafe.Pointer(&buf[lo*Lanes])
	p.bufR = uintptr(pitch * floatBytes)
	p.bufD = p.bufR - uintptr(f.tileW*f.m*pixelBytes)
	p.v = unsafe.Pointer(&v[0])
	p.vP, p.vC = uintptr(f.planeV*floatBytes), uintptr(tiles*pixelBytes)
	p.vD = uintptr(f.n)*p.vP - uintptr(f.tileW*pixelBytes)
	p.tiles, p.in = uintptr(f.tileW), uintptr(c.In)
	f.inputK(p)
}

// product multiplies outs output channels of a chunk.
func (f *Winograd) product(a *winogradCall, m, v, u []float32, outs, tiles int) {
	p := &a.product
	p.in, p.groups = uintptr(f.c.In), uintptr(outs/f.size)
	p.xC, p.yC = uintptr(tiles*pixelBytes), uintptr(tiles*pixelBytes)
	p.wP = uintptr(f.c.In * outs * floatBytes)
	p.positions = uintptr(f.n * f.n)
	p.w = unsafe.Pointer(&u[0])
	n, least, larger := cut(tiles, len(f.products))
	at := 0
	for n > 0 {
		size, count := least, n
		if larger > 0 {
			size, count = least+1, larger
		}
		p.x, p.y = unsafe.Pointer(&v[at*Lanes]), unsafe.Pointer(&m[at*Lanes])
		done := count * size
		p.xD, p.yD = uintptr(f.planeV*floatBytes-done*pixelBytes), uintptr(f.planeM*floatBytes-done*pixelBytes)
		p.blocks = uintptr(count)
		f.products[size-1](p)
		at += done
		n -= count
		larger = 0
	}
}

// output transforms the products of a row of tiles back.
func (f *Winograd) output(a *winogradCall, y, m, b []float32, r, o, outs, tiles int) {
	c, p := f.c, &a.out
	p.m = unsafe.Pointer(&m[0])
	p.mP = uintptr(f.planeM * floatBytes)
	p.mR = uintptr(f.n) * p.mP
	p.mD = uintptr((tiles - f.tileW) * pixelBytes)
	p.bias, p.biasC = unsafe.Pointer(&noBias), 0
	if b != nil {
		p.bias, p.biasC = unsafe.Pointer(&b[o]), floatBytes
	}
	p.tiles, p.out = uintptr(f.tileW), uintptr(outs)
	width := f.tileW * f.m
	height := min(f.m, c.OH-r*f.m)
	if width == c.OW && height == f.m {
		p.y = unsafe.Pointer(&y[((o*c.OH+r*f.m)*c.OW)*Lanes])
		p.yR = uintptr(c.OW * pixelBytes)
		p.yD = uintptr((c.OH - 1) * c.OW * pixelBytes)
		f.outputK(p)
		return
	}
	clipped := ensure(&a.clipped, outs*f.m*width*Lanes)
	p.y = unsafe.Pointer(&clipped[0])
	p.yR = uintptr(width * pixelBytes)
	p.yD = uintptr((f.m - 1) * width * pixelBytes)
	f.outputK(p)
	for i := range outs {
		for j := range height {
			copy(y[(((o+i)*c.OH+r*f.m+j)*c.OW)*Lanes:][:c.OW*Lanes], clipped[(i*f.m+j)*width*Lanes:])
		}
	}
}
