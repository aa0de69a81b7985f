package main

import "math"

// exp2 is 2^(h·c + l·c), where l is small, with n from −181 to 70.
func (f *formula) exp2(h, l *value, c float64) power {
	s2 := f.num(math.Ldexp(1, -lift))
	if f.set.floats == 16 {
		r, bits := f.split(h, l, 32*c, 32*lift)
		s1 := f.addInt(f.shiftLeft(bits, 18), f.lookup(parts(), bits))
		// of 2^(r/32), which r⁴ does not change
		const ln = math.Ln2 / 32
		return power{f.mul(f.polynomial(r, ln, ln*ln/2, ln*ln*ln/6), r), s1, s2}
	}
	r, bits := f.split(h, l, c, 127+lift)
	// (2ʳ − 1)/r for |r| ≤ 1/2, the coefficients of least relative error of 2ʳ, which is 0.06·2⁻²⁴
	p := f.polynomial(r, 0.6931472, 0.24022648, 0.055503596, 0.009618518, 0.0013390959, 0.00015324313)
	return power{f.mul(p, r), f.shiftLeft(bits, 23), s2}
}

// split gives r = (h + l)·c − n within ±1/2, and n + bias in the lowest bits of an integer.
func (f *formula) split(h, l *value, c, bias float64) (r, bits *value) {
	high := float64(float32(c))
	round := number("round") + bias
	bits = f.fma(h, high, round)
	r = f.fms(h, high, f.sub(bits, round))
	r = f.fma(h, c-high, r)
	return f.fma(l, high, r), bits
}

// parts are the bits of 2^(i/32), less i in the bits where a shift by 18 leaves it when it makes
// an exponent of the bits above it. So their sum is a power of two in steps of 1/32.
func parts() (table [32]float32) {
	for i := range table {
		bits := math.Float32bits(float32(math.Exp2(float64(i) / 32)))
		table[i] = math.Float32frombits(bits - uint32(i)<<18)
	}
	return table
}
