package kernel

import (
	"sync"
	"unsafe"
)

// softmaxRows is how many rows one call may do, since assembly cannot be preempted.
const softmaxRows = 1 << 10

// sumRows is how many rows are added up in float32. Their sums are added in float64, so
// that thousands of logits round no worse than these few.
const sumRows = 64

// softmaxKernels are the loops of softmax of an instruction set: for each of the rows' 16
// floats,
type softmaxKernels struct {
	top   func(*softmaxArgs) // top = max(top, x)
	exp   func(*softmaxArgs) // y = e^(x − top); below is the sum of the y below 1, ones that of the others
	scale func(*softmaxArgs) // y *= by
}

func (k *softmaxKernels) softmaxes() softmaxes { return softmaxes{k.softmaxExp, k.scaleLanes} }

// softmaxCall is what a call needs, reused because what goes through a function variable
// escapes.
type softmaxCall struct {
	args                 softmaxArgs
	top, below, ones, by [Lanes]float32
	row                  [Lanes]float32 // an output that is not wanted
}

var softmaxPool = sync.Pool{New: func() any { return new(softmaxCall) }}

func (k *softmaxKernels) softmaxExp(y, x []float32) (top [Lanes]float32, rest [Lanes]float64) {
	c := softmaxPool.Get().(*softmaxCall)
	copy(c.top[:], x)
	c.args = softmaxArgs{
		y: unsafe.Pointer(&c.row), top: unsafe.Pointer(&c.top),
		below: unsafe.Pointer(&c.below), ones: unsafe.Pointer(&c.ones),
	}
	rows := len(x) / Lanes
	for lo := 0; lo < rows; lo += softmaxRows {
		c.args.x = unsafe.Pointer(&x[lo*Lanes])
		c.args.rows = uintptr(min(softmaxRows, rows-lo))
		k.top(&c.args)
	}
	var ones [Lanes]float64
	for lo := 0; lo < rows; lo += sumRows {
		c.args.x = unsafe.Pointer(&x[lo*Lanes])
		if y != nil {
			c.args.y, c.args.yS = unsafe.Pointer(&y[lo*Lanes]), pixelBytes
		}
		c.args.rows = uintptr(min(sumRows, rows-lo))
		k.exp(&c.args)
		for l := range Lanes {
			rest[l] += float64(c.below[l])
			ones[l] += float64(c.ones[l])
		}
	}
	for l := range Lanes {
		rest[l] += ones[l] - 1
	}
	top = c.top
	c.args = softmaxArgs{} // keep nothing alive
	softmaxPool.Put(c)
	return top, rest
}

func (k *softmaxKernels) scaleLanes(y []float32, by [Lanes]float32) {
	c := softmaxPool.Get().(*softmaxCall)
	c.by = by
	c.args = softmaxArgs{yS: pixelBytes, by: unsafe.Pointer(&c.by)}
	rows := len(y) / Lanes
	for lo := 0; lo < rows; lo += softmaxRows {
		c.args.y = unsafe.Pointer(&y[lo*Lanes])
		c.args.rows = uintptr(min(softmaxRows, rows-lo))
		k.scale(&c.args)
	}
	c.args = softmaxArgs{}
	softmaxPool.Put(c)
}
