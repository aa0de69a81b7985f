//go:build race

package kernel

import (
	"runtime"
	"unsafe"
)

// reads and writes tell the race detector what assembly touches, which it cannot see.
func reads(slices ...[]float32) {
	for _, v := range slices {
		if len(v) > 0 {
			runtime.RaceReadRange(unsafe.Pointer(&v[0]), 4*len(v))
		}
	}
}

func writes(slices ...[]float32) {
	for _, v := range slices {
		if len(v) > 0 {
			runtime.RaceWriteRange(unsafe.Pointer(&v[0]), 4*len(v))
		}
	}
}
