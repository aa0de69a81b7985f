package main

import "math"

// The building blocks of activations.

func (f *formula) abs(v any) *value      { return f.and(v, f.bits(1<<31-1)) }
func (f *formula) minusAbs(v any) *value { return f.or(v, f.bits(signBit)) }

const signBit = 1 << 31

// minusZero is max(−0, x)'s other argument: a base from which a tail of 0 may be taken, and
// −0 stays.
func (f *formula) minusZero() *value { return f.bits(signBit) }

// power is e^t as (1 + q)·2ⁿ. Where a result can be denormal, 1 + q goes through the formula
// and is multiplied by 2ⁿ last, so that it is rounded once.
//
// For AVX2 2ⁿ is a product of two powers, each of half the exponent: half multiplies by the
// first, which leaves normal numbers, and whole by the second. AVX-512 has an instruction
// that multiplies by 2ⁿ: there half does nothing.
type power struct {
	q      *value
	n      *value // nil for AVX2
	s1, s2 *value // nil for AVX-512
}

// number is one of the constants.
func number(name string) float64 { return float64(constants[name]) }

// reduce gives r = t − n·ln 2 within ±ln(2)/2, n, and n in the lowest bits of an integer, to
// which bias is added. low, if not nil, is what t has lost by rounding.
func (f *formula) reduce(t, low *value, bias float64) (r, n, bits *value) {
	round := number("round") + bias
	bits = f.fma(t, number("log2e"), round)
	n = f.sub(bits, round)
	r = f.fnma(n, number("ln2hi"), t) // exact
	if low != nil {
		r = f.add(r, low)
	}
	return f.fnma(n, number("ln2lo"), r), n, bits
}

// expm1Near is eʳ − 1 for |r| ≤ ln(2)/2, within 0.06·2⁻²⁴ of eʳ.
func (f *formula) expm1Near(r *value) *value {
	rr := f.mul(r, r)
	high := f.polynomial(r, number("c4"), number("c5"), number("c6"))
	low := f.polynomial(r, number("c2"), number("c3"))
	return f.fma(f.fma(high, rr, low), rr, r)
}

// exp is e^(t + low)/2^halvings for t from −174 to 89. low may be nil.
func (f *formula) exp(t, low *value, halvings int) power {
	r, n, bits := f.reduce(t, low, 0)
	p := power{q: f.expm1Near(r)}
	if f.set.floats == 16 {
		if halvings > 0 {
			n = f.sub(n, halvings)
		}
		p.n = n
		return p
	}
	bits = f.subInt(bits, f.bits(math.Float32bits(constants["bias"])+uint32(halvings))) // n + 2·127
	half := f.shiftRight(bits, 1)
	p.s1, p.s2 = f.shiftLeft(f.subInt(bits, half), 23), f.shiftLeft(half, 23)
	return p
}

func (f *formula) half(v *value, p power) *value {
	if p.n != nil {
		return v
	}
	return f.mul(v, p.s1)
}

// whole is v·2ⁿ of what half has begun; plus is base + v·2ⁿ, minus is base − v·2ⁿ.
func (f *formula) whole(v *value, p power) *value {
	if p.n != nil {
		return f.scalef(v, p.n)
	}
	return f.mul(v, p.s2)
}
func (f *formula) plus(base, v *value, p power) *value {
	if p.n != nil {
		return f.add(base, f.scalef(v, p.n))
	}
	return f.fma(v, p.s2, base)
}
func (f *formula) minus(base, v *value, p power) *value {
	if p.n != nil {
		return f.sub(base, f.scalef(v, p.n))
	}
	return f.fnma(v, p.s2, base)
}

// expHalves gives e^(t + low), and half of it.
func (f *formula) expHalves(t, low *value) (e, half *value, p power) {
	p = f.exp(t, low, 0)
	half = f.half(f.add(p.q, 1), p)
	return f.whole(half, p), half, p
}

// expm1 is e^t − 1 for t ≤ 0, as q·2ⁿ + (2ⁿ − 1), which does not cancel: near 0, n is 0.
// For t = ±0 it is 0 of any sign.
func (f *formula) expm1(t *value) *value {
	r, _, bits := f.reduce(f.max(-40, t), nil, 127)
	s := f.shiftLeft(bits, 23) // 2ⁿ: the rest of the bits is shifted out
	return f.fma(f.expm1Near(r), s, f.sub(s, 1))
}

// log1p is half of ln(1 + e^t) for t ≤ 0, as e − e²·Q(e), with Q of least
// relative error of the logarithm, which is 0.15·2⁻²⁴.
func (f *formula) log1p(t, low *value) (*value, power) {
	e, half, p := f.expHalves(t, low)
	q := f.polynomial(e, 0.5, -0.3333224952220917, 0.2497507780790329, -0.19774176180362701,
		0.15569010376930237, -0.11024128645658493, 0.06091136857867241, -0.02187051810324192,
		0.003676636843010783)
	return f.fnma(f.mul(half, q), e, half), p
}

// product is max(a·v, lo) and what that has lost by rounding, 0 where it is lo: an exponent
// would count what is lost |a·v| times.
func (f *formula) product(a, v *value, lo float64) (z, low *value) {
	exact := f.mul(a, v)
	low = f.fms(a, v, exact)
	z = f.max(lo, exact)
	return z, f.keep(z, equal, exact, low)
}
