package kernel

import (
	"math"
	"sync"
	"unsafe"
)

// poolKernels are the gradients of pools of an instruction set, for windows within the map that do
// not overlap: for each window and each of its pixels, in the order of rows,
type poolKernels struct {
	maxBackward     func(*poolArgs) // dx = dy of the first x that equals y, 0 of the others; all is NaN if a y is one, and may be if one is infinite, else 0
	averageBackward func(*poolArgs) // dx = dy/count
}

// pools are the gradients of pools of a backend.
type pools struct {
	maxPoolBackward     func(dx, dy, x, y []float32, p *Pool)
	averagePoolBackward func(dx, dy []float32, p *Pool, pads *Padding)
}

var goPools = pools{maxPoolBackwardGo, averagePoolBackwardGo}

// poolCall is what a call needs, reused because what goes through a function variable escapes.
type poolCall struct {
	args poolArgs
	all  [Lanes]float32
}

var poolCalls = sync.Pool{New: func() any { return new(poolCall) }}

// poolPixels is about how many pixels one call may do, since assembly cannot be preempted.
const poolPixels = 1 << 12

func (k *poolKernels) pools() pools {
	return pools{
		maxPoolBackward: func(dx, dy, x, y []float32, p *Pool) {
			if !p.apart() || k.run(k.maxBackward, dx, dy, x, y, p) {
				maxPoolBackwardGo(dx, dy, x, y, p)
			}
		},
		averagePoolBackward: func(dx, dy []float32, p *Pool, pads *Padding) {
			if !p.apart() || pads != nil && (pads.Bottom > 0 || pads.Right > 0) {
				averagePoolBackwardGo(dx, dy, p, pads)
				return
			}
			k.run(k.averageBackward, dx, dy, nil, nil, p)
		},
	}
}

// apart reports whether windows lie within the map and do not overlap.
func (p *Pool) apart() bool {
	within := func(list []reach, kernel, stride int) bool {
		return kernel <= stride && list[0].n == kernel && list[len(list)-1].n == kernel
	}
	return p.DilationH == 1 && p.DilationW == 1 && within(p.rows, p.KH, p.StrideH) && within(p.cols, p.KW, p.StrideW)
}

// run calls a kernel for the windows of each channel. It reports whether a number of y may be a
// NaN.
func (k *poolKernels) run(kernel func(*poolArgs), dx, dy, x, y []float32, p *Pool) (nan bool) {
	c := poolCalls.Get().(*poolCall)
	defer poolCalls.Put(c)
	if p.KH*p.OH < p.H || p.KW*p.OW < p.W {
		p.clear(dx)
	}
	a := &c.args
	*a = poolArgs{
		all: unsafe.Pointer(&c.all), count: uint64(math.Float32bits(float32(p.KH * p.KW))),
		xK: pixelBytes, xR: uintptr((p.W - p.KW) * pixelBytes), xV: uintptr(p.StrideW * pixelBytes), xW: uintptr(p.StrideH * p.W * pixelBytes),
		kw: uintptr(p.KW), kh: uintptr(p.KH), windows: uintptr(p.OW),
	}
	step := max(1, poolPixels/(p.OW*p.KH*p.KW))
	for ch := p.channels.lo; ch < p.channels.hi; ch++ {
		for oy := 0; oy < p.OH; oy += step {
			out, in := (ch*p.OH+oy)*p.OW*Lanes, ((ch*p.H+p.rows[oy].first)*p.W+p.cols[0].first)*Lanes
			a.dy, a.dx = unsafe.Pointer(&dy[out]), unsafe.Pointer(&dx[in])
			a.y, a.x = a.dy, a.dx // if they are not read
			if x != nil {
				a.y, a.x = unsafe.Pointer(&y[out]), unsafe.Pointer(&x[in])
			}
			a.rows = uintptr(min(step, p.OH-oy))
			kernel(a)
			nan = nan || c.all != [Lanes]float32{}
		}
	}
	*a = poolArgs{} // keep nothing alive
	return nan
}
