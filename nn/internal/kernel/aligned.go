package kernel

import "unsafe"

// Aligned returns n zeros that start at a multiple of 64 bytes, a whole vector: loads and
// stores that cross the lines of the cache cost some percent.
func Aligned(n int) []float32 {
	v := make([]float32, n+Lanes)
	adviseHugePages(v)
	first := 0
	for uintptr(unsafe.Pointer(&v[first]))%(Lanes*unsafe.Sizeof(v[0])) != 0 {
		first++
	}
	return v[first : first+n : first+n]
}
