package kernel

import (
	"hash/maphash"
	"unsafe"
)

var hashSeed = maphash.MakeSeed()

// Hash is a hash of the bits of all numbers. It differs from process to process.
func Hash(lists [][]float32) uint64 {
	var h uint64
	for _, v := range lists {
		if len(v) > 0 {
			reads(v)
			bytes := unsafe.Slice((*byte)(unsafe.Pointer(&v[0])), len(v)*floatBytes)
			h = (h ^ maphash.Bytes(hashSeed, bytes)) * 0x9e3779b97f4a7c15
		}
	}
	return h
}
