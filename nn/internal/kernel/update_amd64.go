//go:build !purego

package kernel

import "unsafe"

// updateFloats is how many parameters one call may update, since assembly cannot be
// preempted.
const updateFloats = 1 << 14

// updateLoops are the loops over parameters of an instruction set.
type updateLoops struct {
	add, adam, sgd                 func(*updateArgs)
	sgdPyTorch, sgdPyTorchNesterov func(*updateArgs)
	sgdKeras, sgdKerasNesterov     func(*updateArgs)
}

var (
	avx2Updates = updateLoops{
		add: addAVX2, adam: adamAVX2, sgd: sgdAVX2,
		sgdPyTorch: sgdPyTorchAVX2, sgdPyTorchNesterov: sgdPyTorchNesterovAVX2,
		sgdKeras: sgdKerasAVX2, sgdKerasNesterov: sgdKerasNesterovAVX2,
	}
	avx512Updates = updateLoops{
		add: addAVX512, adam: adamAVX512, sgd: sgdAVX512,
		sgdPyTorch: sgdPyTorchAVX512, sgdPyTorchNesterov: sgdPyTorchNesterovAVX512,
		sgdKeras: sgdKerasAVX512, sgdKerasNesterov: sgdKerasNesterovAVX512,
	}
)

// update runs a loop over whole vectors of y, x and, unless they are nil, m and v. It
// returns how many floats of each these are.
func (t *tiles) update(loop func(*updateArgs), y, x, m, v []float32, rates [5]float32) (whole int) {
	all := argsPool.Get().(*args)
	defer argsPool.Put(all)
	all.rates = rates
	a := &all.update
	a.c = unsafe.Pointer(&all.rates)
	whole = len(y) / t.width * t.width
	for lo := 0; lo < whole; lo += updateFloats {
		a.y, a.x = unsafe.Pointer(&y[lo]), unsafe.Pointer(&x[lo])
		if m != nil {
			a.m = unsafe.Pointer(&m[lo])
		}
		if v != nil {
			a.v = unsafe.Pointer(&v[lo])
		}
		a.n = uintptr(min(updateFloats, whole-lo) / t.width)
		loop(a)
	}
	*a = updateArgs{} // keep nothing alive
	return whole
}

func (t *tiles) add(y, x []float32) {
	n := t.update(t.updates.add, y, x, nil, nil, [5]float32{})
	addGo(y[n:], x[n:])
}

func (t *tiles) adam(w, g, m, v []float32, c AdamRates) {
	n := t.update(t.updates.adam, w, g, m, v, [5]float32{c.OneMinus1, c.OneMinus2, c.Rate, c.Scale, c.Eps})
	adamGo(w[n:], g[n:], m[n:], v[n:], c)
}

func (t *tiles) sgd(w, g []float32, rate float32) {
	n := t.update(t.updates.sgd, w, g, nil, nil, [5]float32{rate})
	sgdGo(w[n:], g[n:], rate)
}

func (t *tiles) sgdPyTorch(w, g, b []float32, c SGDRates) {
	loop := t.updates.sgdPyTorch
	if c.Nesterov {
		loop = t.updates.sgdPyTorchNesterov
	}
	n := t.update(loop, w, g, b, nil, [5]float32{c.Rate, c.Momentum})
	sgdPyTorchGo(w[n:], g[n:], b[n:], c)
}

func (t *tiles) sgdKeras(w, g, v []float32, c SGDRates) {
	loop := t.updates.sgdKeras
	if c.Nesterov {
		loop = t.updates.sgdKerasNesterov
	}
	n := t.update(loop, w, g, v, nil, [5]float32{c.Rate, c.Momentum})
	sgdKerasGo(w[n:], g[n:], v[n:], c)
}
