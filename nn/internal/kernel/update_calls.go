package kernel

import (
	"sync"
	"unsafe"
)

// updateFloats is how many parameters one call may update, since assembly cannot be
// preempted.
const updateFloats = 1 << 14

// updateKernels are the loops over parameters of an instruction set. Each operation is
// rounded and none fused: all instruction sets give the bits of the Go loops.
type updateKernels struct {
	add  func(*updateArgs) // y += x
	adam func(*updateArgs) // with b1, b2, rate, scale, eps = c: m += (x − m)·b1, v += (x·x − v)·b2, y −= rate·m/(√v/scale + eps)
	sgd  func(*updateArgs) // with rate = c: y −= rate·x

	// With rate, momentum = c: m = momentum·m + x; then y −= rate·m, or with Nesterov
	// rate·(x + momentum·m).
	sgdPyTorch, sgdPyTorchNesterov func(*updateArgs)
	// m = momentum·m − rate·x; then y += m, or with Nesterov momentum·m − rate·x.
	sgdKeras, sgdKerasNesterov func(*updateArgs)
}

// updater calls them.
type updater struct {
	kernels *updateKernels
	width   int // floats in a vector
}

func (k *updateKernels) updates(width int) updates {
	u := updater{k, width}
	return updates{u.add, u.adam, u.sgd, u.sgdPyTorch, u.sgdKeras}
}

// updateCall is what a call needs, reused because what goes through a function variable
// escapes.
type updateCall struct {
	args  updateArgs
	rates [5]float32
}

var updatePool = sync.Pool{New: func() any { return new(updateCall) }}

// run calls a kernel for whole vectors of y, x and, unless they are nil, m and v. It
// returns how many floats of each these are.
func (u updater) run(kernel func(*updateArgs), y, x, m, v []float32, rates [5]float32) (whole int) {
	call := updatePool.Get().(*updateCall)
	defer updatePool.Put(call)
	call.rates = rates
	a := &call.args
	a.c = unsafe.Pointer(&call.rates)
	whole = len(y) / u.width * u.width
	for lo := 0; lo < whole; lo += updateFloats {
		a.y, a.x = unsafe.Pointer(&y[lo]), unsafe.Pointer(&x[lo])
		if m != nil {
			a.m = unsafe.Pointer(&m[lo])
		}
		if v != nil {
			a.v = unsafe.Pointer(&v[lo])
		}
		a.n = uintptr(min(updateFloats, whole-lo) / u.width)
		kernel(a)
	}
	*a = updateArgs{} // keep nothing alive
	return whole
}

func (u updater) add(y, x []float32) {
	n := u.run(u.kernels.add, y, x, nil, nil, [5]float32{})
	addGo(y[n:], x[n:])
}

func (u updater) adam(w, g, m, v []float32, c AdamRates) {
	n := u.run(u.kernels.adam, w, g, m, v, [5]float32{c.OneMinus1, c.OneMinus2, c.Rate, c.Scale, c.Eps})
	adamGo(w[n:], g[n:], m[n:], v[n:], c)
}

func (u updater) sgd(w, g []float32, rate float32) {
	n := u.run(u.kernels.sgd, w, g, nil, nil, [5]float32{rate})
	sgdGo(w[n:], g[n:], rate)
}

func (u updater) sgdPyTorch(w, g, b []float32, c SGDRates) {
	kernel := u.kernels.sgdPyTorch
	if c.Nesterov {
		kernel = u.kernels.sgdPyTorchNesterov
	}
	n := u.run(kernel, w, g, b, nil, [5]float32{c.Rate, c.Momentum})
	sgdPyTorchGo(w[n:], g[n:], b[n:], c)
}

func (u updater) sgdKeras(w, g, v []float32, c SGDRates) {
	kernel := u.kernels.sgdKeras
	if c.Nesterov {
		kernel = u.kernels.sgdKerasNesterov
	}
	n := u.run(kernel, w, g, v, nil, [5]float32{c.Rate, c.Momentum})
	sgdKerasGo(w[n:], g[n:], v[n:], c)
}
