//go:build !purego

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

// forwardBy makes a function of a kernel.
func forwardBy(kernel func(*actArgs)) func(y, x, a []float32) {
	return func(y, x, a []float32) { runAct(kernel, y, nil, x, a, nil) }
}

// forwardEachBy makes one of a kernel and another for a parameter of each value.
func forwardEachBy(kernel, each func(*actArgs)) func(y, x, a []float32) {
	return func(y, x, a []float32) {
		if hasEach(x, a) {
			runAct(each, y, nil, x, a, nil)
		} else {
			runAct(kernel, y, nil, x, a, nil)
		}
	}
}

// backwardBy makes a function of a kernel and the one that sums up da too, or nil.
func backwardBy(kernel, sum func(*actArgs)) func(dx, dy, x, a, da []float32) {
	return func(dx, dy, x, a, da []float32) {
		switch {
		case da != nil && sum != nil:
			runAct(sum, dx, dy, x, a, da)
		case dx != nil:
			runAct(kernel, dx, dy, x, a, nil)
		}
	}
}

// forwardOneBy makes a function of a kernel for a parameter of one and a function for others.
func forwardOneBy(kernel func(*actArgs), others func(y, x, a []float32)) func(y, x, a []float32) {
	return func(y, x, a []float32) {
		if isOne(a) {
			runAct(kernel, y, nil, x, nil, nil)
		} else {
			others(y, x, a)
		}
	}
}

// backwardOneBy likewise, where the parameter is not learned.
func backwardOneBy(kernel func(*actArgs), others func(dx, dy, x, a, da []float32)) func(dx, dy, x, a, da []float32) {
	return func(dx, dy, x, a, da []float32) {
		if isOne(a) && da == nil {
			if dx != nil {
				runAct(kernel, dx, dy, x, nil, nil)
			}
		} else {
			others(dx, dy, x, a, da)
		}
	}
}

func isOne(a []float32) bool { return len(a) == 1 && a[0] == 1 }

// hasEach reports whether each value of x has its own parameter.
func hasEach(x, a []float32) bool { return len(a) == len(x) && len(a) > 1 }

// runAct calls a kernel on stretches of whole pixels, and on a copy of what is left over.
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
			args.a = unsafe.Pointer(&c.a)
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

var avx2Acts = acts{
	relu:      act{forwardBy(reluForwardAVX2), backwardBy(reluBackwardAVX2, nil)},
	slope:     act{forwardEachBy(slopeForwardAVX2, slopeForwardEachAVX2), backwardBy(slopeBackwardAVX2, slopeBackwardSumAVX2)},
	slopeFlat: act{forwardEachBy(slopeForwardAVX2, slopeForwardEachAVX2), backwardBy(slopeFlatBackwardAVX2, slopeFlatBackwardSumAVX2)},
	sigmoid:   act{forwardBy(sigmoidForwardAVX2), backwardBy(sigmoidBackwardAVX2, nil)},
	tanh:      act{forwardBy(tanhForwardAVX2), backwardBy(tanhBackwardAVX2, nil)},
	swish: act{
		forwardOneBy(swishForwardOneAVX2, forwardEachBy(swishForwardAVX2, swishForwardEachAVX2)),
		backwardOneBy(swishBackwardOneAVX2, backwardBy(swishBackwardAVX2, swishBackwardSumAVX2)),
	},
	mish: act{forwardBy(mishForwardAVX2), backwardBy(mishBackwardAVX2, nil)},
	exp:  func(y, x []float32) { runAct(expAVX2, y, nil, x, nil, nil) },
}

var avx512Acts = acts{
	relu:      act{forwardBy(reluForwardAVX512), backwardBy(reluBackwardAVX512, nil)},
	slope:     act{forwardEachBy(slopeForwardAVX512, slopeForwardEachAVX512), backwardBy(slopeBackwardAVX512, slopeBackwardSumAVX512)},
	slopeFlat: act{forwardEachBy(slopeForwardAVX512, slopeForwardEachAVX512), backwardBy(slopeFlatBackwardAVX512, slopeFlatBackwardSumAVX512)},
	sigmoid:   act{forwardBy(sigmoidForwardAVX512), backwardBy(sigmoidBackwardAVX512, nil)},
	tanh:      act{forwardBy(tanhForwardAVX512), backwardBy(tanhBackwardAVX512, nil)},
	swish: act{
		forwardOneBy(swishForwardOneAVX512, forwardEachBy(swishForwardAVX512, swishForwardEachAVX512)),
		backwardOneBy(swishBackwardOneAVX512, backwardBy(swishBackwardAVX512, swishBackwardSumAVX512)),
	},
	mish: act{forwardBy(mishForwardAVX512), backwardBy(mishBackwardAVX512, nil)},
	exp:  func(y, x []float32) { runAct(expAVX512, y, nil, x, nil, nil) },
}
