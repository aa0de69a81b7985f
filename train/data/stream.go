package data

import "math/bits"

// stream is a stream of random numbers: SplitMix64 (Steele, Lea and Flood), whose state
// is a counter. It is written out here so that no change of the library's can change a
// run.
type stream uint64

// augmentStream keeps the draws of augmentation apart from those of the order of
// samples, which come from the same seed.
const augmentStream = 0x61756d656e74

// streamOf is the stream of a sample in an epoch.
func streamOf(seed uint64, epoch, sample int) stream {
	return stream(mix(mix(mix(seed^augmentStream)+uint64(epoch)) + uint64(sample)))
}

// next is 64 random bits.
func (s *stream) next() uint64 {
	*s += 0x9e3779b97f4a7c15
	return mix(uint64(*s))
}

// mix is a bijection whose every bit depends on all bits of x.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// below is one of 0…n−1, evenly to within n/2⁶⁴.
func (s *stream) below(n int) int {
	hi, _ := bits.Mul64(s.next(), uint64(n))
	return int(hi)
}

// fraction is in [0, 1).
func (s *stream) fraction() float64 { return float64(s.next()>>11) / (1 << 53) }
