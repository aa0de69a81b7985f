package kernel

import (
	"sync"
	"unsafe"
)

// normKernels are the loops of normalisations of an instruction set: for each of the
// pixels' 16 floats,
type normKernels struct {
	affine   func(*normArgs) // y = (x − rates[0])·rates[1] + rates[2], each operation rounded
	grad     func(*normArgs) // y = rates[1]·dy + rates[2]·(x − rates[0]) + rates[3], likewise
	sums     func(*normArgs) // sums[0] = Σ x
	moments  func(*normArgs) // sums[0] = Σ (x − rates[0]), sums[1] = Σ (x − rates[0])²
	products func(*normArgs) // sums[0] = Σ dy, sums[1] = Σ dy·(x − rates[0])
	chain    func(*normArgs) // y = dy·y, and products of that for dy

	// With z = (x − rates[0])·rates[1] + rates[2], each operation rounded: Forward is y, Sums
	// adds up dz as products does dy, Grad is grad of dz with rates[4] to rates[6] for rates[1]
	// to rates[3], and sums[0] = Σ dy·min(z, 0).
	reluForward, reluSums, reluGrad    func(*normArgs) // y = max(z, 0), dz = dy if z > 0, else 0; no sums[0]
	slopeForward, slopeSums, slopeGrad func(*normArgs) // y = z if z > 0, else rates[3]·z; dz = dy if z > 0, else rates[3]·dy
	flatSums, flatGrad                 func(*normArgs) // likewise, with dz = 0 if z = 0
}

// normCall is what a call needs, reused because what goes through a function variable
// escapes.
type normCall struct {
	args  normArgs
	rates [7]float32
	sums  [2][Lanes]float32
}

var normPool = sync.Pool{New: func() any { return new(normCall) }}

// run calls a loop for all pixels, some at a time, since assembly cannot be preempted. y
// and dy may be nil.
func (c *normCall) run(loop func(*normArgs), y, dy, x []float32) {
	a := &c.args
	a.rates, a.sums = unsafe.Pointer(&c.rates), unsafe.Pointer(&c.sums)
	for lo := 0; lo < len(x); lo += actPixels * Lanes {
		a.pixels, a.rows = uintptr(min(actPixels, (len(x)-lo)/Lanes)), 1
		a.x = unsafe.Pointer(&x[lo])
		if y != nil {
			a.y = unsafe.Pointer(&y[lo])
		}
		if dy != nil {
			a.dy = unsafe.Pointer(&dy[lo])
		}
		loop(a)
	}
	c.args = normArgs{} // keep nothing alive
}

// runRows calls a loop that has rows for all pixels, likewise.
func (c *normCall) runRows(loop func(*normArgs), y, x []float32, to rows) {
	width := to.width / Lanes
	if width == 0 || width > actPixels {
		to.each(len(x), func(i, at, count int) { c.run(loop, y[at:], nil, x[i:i+count]) })
		return
	}
	a := &c.args
	a.rates, a.sums = unsafe.Pointer(&c.rates), unsafe.Pointer(&c.sums)
	a.pixels, a.yR = uintptr(width), uintptr((to.pitch-to.width)*floatBytes)
	many := actPixels / width
	for left := len(x) / to.width; left > 0; left -= many {
		a.rows = uintptr(min(many, left))
		a.x, a.y = unsafe.Pointer(&x[0]), unsafe.Pointer(&y[0])
		loop(a)
		if left > many {
			x, y = x[many*to.width:], y[many*to.pitch:]
		}
	}
	c.args = normArgs{} // keep nothing alive
}

func newNormCall(rates ...float32) *normCall {
	c := normPool.Get().(*normCall)
	copy(c.rates[:], rates)
	return c
}

func (k *normKernels) norms() norms {
	return norms{
		affine: func(y, x []float32, mean, scale, shift float32) {
			c := newNormCall(mean, scale, shift)
			defer normPool.Put(c)
			c.run(k.affine, y, nil, x)
		},
		normGrad: func(dx, dy, x []float32, r NormRates) {
			c := newNormCall(r.Mean, r.Scale, r.Slope, r.Shift)
			defer normPool.Put(c)
			c.run(k.grad, dx, dy, x)
		},
		sums: func(x []float32) [Lanes]float32 {
			c := newNormCall()
			defer normPool.Put(c)
			c.run(k.sums, nil, nil, x)
			return c.sums[0]
		},
		moments: func(x []float32, shift float32) (sum, squares [Lanes]float32) {
			c := newNormCall(shift)
			defer normPool.Put(c)
			c.run(k.moments, nil, nil, x)
			return c.sums[0], c.sums[1]
		},
		products: func(dy, x []float32, mean float32) (sum, product [Lanes]float32) {
			c := newNormCall(mean)
			defer normPool.Put(c)
			c.run(k.products, nil, dy, x)
			return c.sums[0], c.sums[1]
		},
		chainProducts: func(d, dy, x []float32, mean float32) (sum, product [Lanes]float32) {
			c := newNormCall(mean)
			defer normPool.Put(c)
			c.run(k.chain, d, dy, x)
			return c.sums[0], c.sums[1]
		},
		normRelu:  normActBy(k.reluForward, k.reluSums, k.reluGrad),
		normSlope: normActBy(k.slopeForward, k.slopeSums, k.slopeGrad),
		normFlat:  normActBy(k.slopeForward, k.flatSums, k.flatGrad),
	}
}
