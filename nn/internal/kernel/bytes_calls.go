package kernel

import (
	"sync"
	"unsafe"
)

// bytesPixels is how many pixels one call may take, since assembly cannot be preempted.
const bytesPixels = 1 << 12

var bytesPool = sync.Pool{New: func() any { return new(bytesArgs) }}

// fromBytesBy makes a function of a kernel.
func fromBytesBy(kernel func(*bytesArgs)) func(y []float32, x [Lanes][]byte, inverted [Lanes]bool) {
	return func(y []float32, x [Lanes][]byte, inverted [Lanes]bool) { runFromBytes(kernel, y, x, inverted) }
}

// runFromBytes leaves to the Go loop what the kernel does not take: eight lanes of which
// one has no sample, and the last pixels, fewer than 16.
func runFromBytes(kernel func(*bytesArgs), y []float32, x [Lanes][]byte, inverted [Lanes]bool) {
	n := len(y) / Lanes / 16 * 16
	for _, v := range x {
		if v == nil {
			n = 0
		}
	}
	a := bytesPool.Get().(*bytesArgs)
	defer bytesPool.Put(a)
	for lo := 0; lo < n; lo += bytesPixels {
		a.n = uintptr(min(bytesPixels, n-lo) / 16)
		for l := 0; l < Lanes; l += 8 {
			a.y = unsafe.Pointer(&y[lo*Lanes+l])
			a.flip = 0
			for i, to := range []*unsafe.Pointer{&a.x0, &a.x1, &a.x2, &a.x3, &a.x4, &a.x5, &a.x6, &a.x7} {
				*to = unsafe.Pointer(&x[l+i][lo])
				if inverted[l+i] {
					a.flip |= 0xff << (8 * i)
				}
			}
			kernel(a)
		}
	}
	*a = bytesArgs{} // keep nothing alive
	for l := range x {
		x[l] = x[l][min(n, len(x[l])):]
	}
	fromBytesGo(y[n*Lanes:], x, inverted)
}
