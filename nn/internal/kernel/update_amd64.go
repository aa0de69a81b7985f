//go:build !purego

package kernel

import "unsafe"

// updateFloats is how many parameters one call may update, since assembly cannot be
// preempted.
const updateFloats = 1 << 14

func (t *tiles) add(y, x []float32) {
	all := argsPool.Get().(*args)
	defer argsPool.Put(all)
	whole := len(y) / t.width * t.width
	for lo := 0; lo < whole; lo += updateFloats {
		all.update = updateArgs{
			y: unsafe.Pointer(&y[lo]), x: unsafe.Pointer(&x[lo]),
			n: uintptr(min(updateFloats, whole-lo) / t.width),
		}
		t.addLoop(&all.update)
	}
	all.update = updateArgs{}
	addGo(y[whole:], x[whole:])
}

func (t *tiles) adam(w, g, m, v []float32, c AdamRates) {
	all := argsPool.Get().(*args)
	defer argsPool.Put(all)
	all.rates = c
	whole := len(w) / t.width * t.width
	for lo := 0; lo < whole; lo += updateFloats {
		all.update = updateArgs{
			y: unsafe.Pointer(&w[lo]), x: unsafe.Pointer(&g[lo]), m: unsafe.Pointer(&m[lo]), v: unsafe.Pointer(&v[lo]),
			c: unsafe.Pointer(&all.rates), n: uintptr(min(updateFloats, whole-lo) / t.width),
		}
		t.adamLoop(&all.update)
	}
	all.update = updateArgs{}
	adamGo(w[whole:], g[whole:], m[whole:], v[whole:], c)
}
