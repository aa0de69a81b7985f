package main

import "math"

// The building blocks of activations.

func (f *formula) abs(v any) *value      { return f.and(v, f.bits(1<<31-1)) }
func (f *formula) minusAbs(v any) *value { return f.or(v, f.bits(signBit)) }

const signBit = 1 << 31

// minusZero is max(−0, x)'s other argument: a base from which a tail of 0 may be taken, and
// −0 stays.
func (f *formula) minusZero() *value { return f.bits(signBit) }

// power is e^t as (1 + q)·s1·s2, where s1·s2 = 2ⁿ. half multiplies by the first power of two,
// which leaves normal numbers, and whole by the second, last: so a result that can be
// denormal is rounded once, and nothing before it is denormal.
//
// That is not for accuracy only. An operation that gives or takes a denormal number costs
// processors more than a hundred cycles, but no more than others if its result is rounded to
// a much larger number, or to 0 from below 2⁻¹⁶⁰. So lowest, where formulas cut exponents
// off, lies below that, and sums take what is left to multiply into a product with addition.
type power struct{ q, s1, s2 *value }

// lowest is an exponent whose power is 0, and remains so with a factor of up to 2¹⁰.
const lowest = -120

// lift is the exponent of 1/s2 where s2 is a constant.
const lift = 55

// number is one of the constants.
func number(name string) float64 { return float64(constants[name]) }

// reduce gives r = t − n·ln 2 within ±ln(2)/2, and n + bias in the lowest bits of an integer.
// round is the number of that name plus bias. low, if not nil, is what t has lost by rounding.
func (f *formula) reduce(t, low *value, round any) (r, bits *value) {
	bits = f.fma(t, number("log2e"), round)
	n := f.sub(bits, round)
	r = f.fnma(n, number("ln2hi"), t) // exact
	if low != nil {
		r = f.add(r, low)
	}
	return f.fnma(n, number("ln2lo"), r), bits
}

// expm1Near is eʳ − 1 for |r| ≤ ln(2)/2, within 0.06·2⁻²⁴ of eʳ, and of itself where r is near
// to 0, as r·(1 + …): there is no r², which is denormal long before r is, and −0 stays.
func (f *formula) expm1Near(r *value) *value {
	p := f.polynomial(r, number("c2"), number("c3"), number("c4"), number("c5"), number("c6"))
	return f.mul(f.fma(p, r, 1), r)
}

// expNear is expm1Near in halves, whose chain of operations is shorter, but for 2⁻¹⁰⁰.
func (f *formula) expNear(r *value) *value {
	rr := f.fma(r, r, 0x1p-100) // never denormal
	high := f.polynomial(r, number("c4"), number("c5"), number("c6"))
	low := f.polynomial(r, number("c2"), number("c3"))
	return f.fma(f.fma(high, rr, low), rr, r)
}

// exp is e^(t + low) for t from lowest to 49. low may be nil.
func (f *formula) exp(t, low *value) power { return f.lifted(t, low, lift) }

// lifted is exp with an s2 of 2^−lift: t is less than (127 − lift)·ln 2.
func (f *formula) lifted(t, low *value, lift int) power {
	r, bits := f.reduce(t, low, number("round")+float64(127+lift))
	return power{f.expNear(r), f.shiftLeft(bits, 23), f.num(math.Ldexp(1, -lift))}
}

// wideExp is e^(t + low) for t from −174 to 89: each of the powers of two has half of the
// exponent.
func (f *formula) wideExp(t, low *value) power {
	r, bits := f.reduce(t, low, number("round")+2*127)
	s2 := f.and(f.shiftLeft(bits, 22), f.bits(0xff800000))
	return power{f.expNear(r), f.subInt(f.shiftLeft(bits, 23), s2), s2}
}

func (f *formula) half(v *value, p power) *value { return f.mul(v, p.s1) }

// whole is v·2ⁿ of what half has begun; plus is base + v·2ⁿ, minus is base − v·2ⁿ.
func (f *formula) whole(v *value, p power) *value       { return f.mul(v, p.s2) }
func (f *formula) plus(base, v *value, p power) *value  { return f.fma(v, p.s2, base) }
func (f *formula) minus(base, v *value, p power) *value { return f.fnma(v, p.s2, base) }

// beside is v·2ⁿ as a factor in terms that are added to numbers near 1. It is never denormal.
func (f *formula) beside(v *value, p power) *value { return f.plus(f.num(0x1p-100), v, p) }

// powerHalf is the half v of a power e itself. Where s2 is a constant, v/(c/s2) is e/c.
func (f *formula) powerHalf(p power) *value { return f.fma(p.q, p.s1, p.s1) }

// onePlusSquared is (1 + e)², rounded once at the end, of the power e with half v and an s2 of
// 2^−lift.
func (f *formula) onePlusSquared(v *value) *value {
	const s2 = 1. / (1 << lift)
	return f.fma(v, f.fma(v, s2*s2, 2*s2), 1)
}

// square is t² as h + l, where h is never denormal: 2⁻⁴⁰ is added to it, and taken off l.
func (f *formula) square(t *value) (h, l *value) {
	h = f.fma(t, t, 0x1p-40)
	return h, f.fms(t, t, h)
}

// rising is g = v·2ⁿ, or 1 − g where x > 0.
func (f *formula) rising(x, v *value, p power) *value {
	one := f.keep(x, greater, 0, 1)
	p.s2 = f.fnma(one, f.add(p.s2, p.s2), p.s2) // with the sign of g
	return f.plus(one, v, p)
}

// expm1 is e^t − 1 for t ≤ 0, as q·2ⁿ + (2ⁿ − 1), which does not cancel: near 0, n is 0.
// For t = ±0 it is t.
func (f *formula) expm1(t *value) *value {
	r, bits := f.reduce(f.max(-40, t), nil, number("round")+127)
	s := f.shiftLeft(bits, 23) // 2ⁿ: the rest of the bits is shifted out
	return f.fms(f.expm1Near(r), s, f.sub(1, s))
}

// log1p is half of ln(1 + e^t) for t ≤ 0, as e − e²·Q(e), with Q of least
// relative error of the logarithm, which is 0.15·2⁻²⁴.
func (f *formula) log1p(t, low *value) (*value, power) {
	p := f.exp(t, low)
	half := f.powerHalf(p)
	e := f.beside(half, p)
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
