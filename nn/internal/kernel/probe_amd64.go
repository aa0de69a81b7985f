//go:build !purego

package kernel

import "unsafe"

// machineProber is the pair of probes for a backend in assembly; nil if it has none.
func machineProber(backend string) *prober {
	switch backend {
	case "avx2":
		return &prober{12, 8, probeCall(peakAVX2), probeCall(tileAVX2)}
	case "avx512":
		return &prober{24, 16, probeCall(peakAVX512), probeCall(tileAVX512)}
	}
	return nil
}

func probeCall(run func(*probeArgs)) func(y, x, w []float32, rounds int) {
	return func(y, x, w []float32, rounds int) {
		a := probeArgs{
			y: unsafe.Pointer(unsafe.SliceData(y)), x: unsafe.Pointer(unsafe.SliceData(x)),
			w: unsafe.Pointer(unsafe.SliceData(w)), rounds: uintptr(rounds),
		}
		run(&a)
	}
}
