package kernel

import "unsafe"

// probeKernels are the probes of an instruction set. Sums and operands are those of a tile
// of 4 output channels × so many vectors, the largest that it has.
type probeKernels struct {
	vectors int
	peak    func(*probeArgs) // y[s] = 0; for r < rounds: y[s] += x[0]·w[0], y[s] += x[0]·w[1]
	tile    func(*probeArgs) // y[o][v] = 0; for r < rounds, k < 2: y[o][v] += w[k][o]·x[k+v]
}

func (k *probeKernels) prober(width int) *prober {
	return &prober{4 * k.vectors, width, probeBy(k.peak), probeBy(k.tile)}
}

func probeBy(kernel func(*probeArgs)) func(y, x, w []float32, rounds int) {
	return func(y, x, w []float32, rounds int) {
		a := probeArgs{
			y: unsafe.Pointer(unsafe.SliceData(y)), x: unsafe.Pointer(unsafe.SliceData(x)),
			w: unsafe.Pointer(unsafe.SliceData(w)), rounds: uintptr(rounds),
		}
		kernel(&a)
	}
}
