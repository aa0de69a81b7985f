package kernel

import (
	"sync"
	"unsafe"
)

// actPixels is how many pixels one call may do, since assembly cannot be preempted:
// some ten microseconds' worth.
const actPixels = 1 << 10

// actCall is what a call needs, reused because what goes through a function variable
// escapes.
type actCall struct {
	args        actArgs
	y, x, dy, a [Lanes]float32 // the last pixel, if it is not whole, or an output that is not wanted
}

var actPool = sync.Pool{New: func() any { return new(actCall) }}

// runAct calls a kernel on chunks of whole pixels, and on a copy of what is left over.
// y and dy may be nil.
func runAct(kernel func(*actArgs), y, dy, x, a, da []float32) {
	c := actPool.Get().(*actCall)
	args := &c.args
	pixels := len(x) / Lanes
	if len(a) > 0 {
		args.a = unsafe.Pointer(&a[0])
	}
	if da != nil {
		args.da = unsafe.Pointer(&da[0])
	}
	for lo := 0; lo < pixels; lo += actPixels {
		n := min(actPixels, pixels-lo)
		args.pixels = uintptr(n)
		if hasEach(x, a) {
			args.a, args.aS = unsafe.Pointer(&a[lo*Lanes]), Lanes*floatBytes
		} else {
			c.at(a, da, lo, n)
		}
		args.x = unsafe.Pointer(&x[lo*Lanes])
		args.y, args.yS = unsafe.Pointer(&c.y), 0
		if y != nil {
			args.y, args.yS = unsafe.Pointer(&y[lo*Lanes]), Lanes*floatBytes
		}
		if dy != nil {
			args.dy = unsafe.Pointer(&dy[lo*Lanes])
		}
		kernel(args)
	}
	if rest := pixels * Lanes; rest < len(x) {
		clear(c.x[copy(c.x[:], x[rest:]):])
		if dy != nil {
			clear(c.dy[copy(c.dy[:], dy[rest:]):])
		}
		args.pixels = 1
		if hasEach(x, a) {
			args.a, args.aS = unsafe.Pointer(&c.a), Lanes*floatBytes
			copy(c.a[:], a[rest:])
		} else {
			c.at(a, da, pixels, 1)
		}
		args.x, args.dy = unsafe.Pointer(&c.x), unsafe.Pointer(&c.dy)
		args.y, args.yS = unsafe.Pointer(&c.y), 0
		kernel(args)
		if y != nil {
			copy(y[rest:], c.y[:])
		}
	}
	*args = actArgs{} // keep nothing alive
	actPool.Put(c)
}

// at chooses the parameters of n pixels from lo on.
func (c *actCall) at(a, da []float32, lo, n int) {
	if len(a) <= 1 {
		c.args.aS = 0
		return
	}
	c.args.aS = floatBytes
	c.args.a = unsafe.Pointer(&a[lo : lo+n][0])
	if da != nil {
		c.args.da = unsafe.Pointer(&da[lo : lo+n][0])
	}
}
