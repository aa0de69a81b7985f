package graph

import "math"

// FLOAT16 is IEEE 754 binary16: 1 sign, 5 exponent, 10 fraction bits. BFLOAT16 is
// the upper half of a float32: 1, 8, 7.

// fromHalf converts a FLOAT16, exactly.
func fromHalf(h uint16) float32 {
	sign := uint32(h>>15) << 31
	exponent, fraction := uint32(h>>10&0x1f), uint32(h&0x3ff)
	switch exponent {
	case 0: // zero or subnormal: fraction · 2⁻²⁴
		v := float32(fraction) * (1.0 / (1 << 24))
		return math.Float32frombits(sign | math.Float32bits(v))
	case 0x1f: // infinity or NaN
		return math.Float32frombits(sign | 0xff<<23 | fraction<<13)
	}
	return math.Float32frombits(sign | (exponent-15+127)<<23 | fraction<<13)
}

// fromBFloat converts a BFLOAT16, exactly.
func fromBFloat(h uint16) float32 { return math.Float32frombits(uint32(h) << 16) }

// toHalf rounds to FLOAT16.
func toHalf(v float64) uint16 { return narrow(v, 5, 10) }

// toBFloat rounds to BFLOAT16.
func toBFloat(v float64) uint16 { return narrow(v, 8, 7) }

// narrow rounds v to the nearest number of a float format of 16 bits, at a tie to
// the one with an even fraction; to infinity from half a step beyond the largest.
// A NaN stays one, quiet.
func narrow(v float64, exponentBits, fractionBits int) uint16 {
	bits := math.Float64bits(v)
	sign := uint16(bits>>63) << 15
	infinity := uint64(1)<<15 - uint64(1)<<fractionBits
	fraction := bits & (1<<52 - 1)
	if v != v {
		quiet := uint64(1) << (fractionBits - 1)
		return sign | uint16(infinity|quiet|fraction>>(52-fractionBits))
	}
	// v is ±fraction · 2^(exponent−52), with the leading 1 of normal numbers. Those
	// that are subnormal in float64 are far below half a step of either format.
	exponent := int(bits>>52&0x7ff) - 1023
	fraction |= 1 << 52
	smallest := 2 - 1<<(exponentBits-1) // exponent of the smallest normal number
	drop := 52 - fractionBits + max(0, smallest-exponent)
	if drop > 53 {
		return sign // below half of the smallest step
	}
	kept, rest, half := fraction>>drop, fraction&(1<<drop-1), uint64(1)<<(drop-1)
	if rest > half || rest == half && kept&1 == 1 {
		kept++
	}
	// The leading 1 of kept adds one to the exponent, as does a carry out of the
	// fraction; a subnormal has neither.
	result := uint64(max(0, exponent-smallest))<<fractionBits + kept
	return sign | uint16(min(result, infinity))
}
