package main

import "math"

// The building blocks of activations.

func (f *formula) abs(v any) *value      { return f.and(v, f.bits(1<<31-1)) }
func (f *formula) minusAbs(v any) *value { return f.or(v, f.bits(signBit)) }

const signBit = 1 << 31

// minusZero is max(−0, x)'s other argument: a base from which a tail of 0 may be taken, and
// −0 stays.
func (f *formula) minusZero() *value { return f.bits(signBit) }

// power is e^t as (1 + q)·2ⁿ. Where a result can be denormal, (1 + q) goes through the
// formula and is multiplied by 2ⁿ last, so that it is rounded once.
type power struct {
	q *value
	n *value // for AVX-512
	// For AVX2 2ⁿ is a product of two powers, each of half the exponent.
	s1, s2 *value
}

// reduce gives r = t − n·ln 2 within ±ln(2)/2, n, and n in the lowest bits of an integer, to
// which bias is added. low, if not nil, is what t has lost by rounding.
func (f *formula) reduce(t, low *value, bias float64) (r, n, bits *value) {
	round := 0x1.8p23 + bias // round plus a number below 2²² is a whole number
	bits = f.fma(t, math.Log2E, round)
	n = f.sub(bits, round)
	r = f.fnma(n, 0x1.62e4p-1, t) // exact
	if low != nil {
		r = f.add(r, low)
	}
	return f.fnma(n, math.Ln2-0x1.62e4p-1, r), n, bits
}

// expm1Near is eʳ − 1 for |r| ≤ ln(2)/2, within 0.06·2⁻²⁴ of eʳ.
func (f *formula) expm1Near(r *value) *value {
	rr := f.mul(r, r)
	high := f.polynomial(r, 0.04166838899254799, 0.008368744514882565, 0.0013814553385600448)
	low := f.polynomial(r, 0.4999999403953552, 0.1666652113199234)
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
	bits = f.subInt(bits, f.bits(math.Float32bits(0x1.8p23)-2*127+uint32(halvings))) // n + 2·127
	half := f.shiftRight(bits, 1)
	p.s1, p.s2 = f.shiftLeft(f.subInt(bits, half), 23), f.shiftLeft(half, 23)
	return p
}

// times is v·2ⁿ.
func (f *formula) times(v *value, p power) *value {
	if p.n != nil {
		return f.scalef(v, p.n)
	}
	return f.mul(f.mul(v, p.s1), p.s2)
}

// plus is base + v·2ⁿ, minus is base − v·2ⁿ.
func (f *formula) plus(base, v *value, p power) *value {
	if p.n != nil {
		return f.add(base, f.scalef(v, p.n))
	}
	return f.fma(f.mul(v, p.s1), p.s2, base)
}
func (f *formula) minus(base, v *value, p power) *value {
	if p.n != nil {
		return f.sub(base, f.scalef(v, p.n))
	}
	return f.fnma(f.mul(v, p.s1), p.s2, base)
}

// expm1 is e^t − 1 for t ≤ 0, as q·2ⁿ + (2ⁿ − 1), which does not cancel: near 0, n is 0.
// For t = ±0 it is 0 of any sign.
func (f *formula) expm1(t *value) *value {
	r, _, bits := f.reduce(f.max(-40, t), nil, 127)
	s := f.shiftLeft(bits, 23) // 2ⁿ: the rest of the bits is shifted out
	return f.fma(f.expm1Near(r), s, f.sub(s, 1))
}

// log1p is ln(1 + e^t) for t ≤ 0, to be multiplied by 2ⁿ: e − e²·Q(e), with Q of least
// relative error of the logarithm, which is 0.15·2⁻²⁴.
func (f *formula) log1p(t, low *value) (*value, power) {
	p := f.exp(t, low, 0)
	v := f.add(p.q, 1)
	e := f.times(v, p)
	q := f.polynomial(e, 0.5, -0.3333224952220917, 0.2497507780790329, -0.19774176180362701,
		0.15569010376930237, -0.11024128645658493, 0.06091136857867241, -0.02187051810324192,
		0.003676636843010783)
	return f.fnma(f.mul(v, q), e, v), p
}

// product is max(a·v, lo) and what that has lost by rounding, 0 where it is lo: an exponent
// would count what is lost |a·v| times.
func (f *formula) product(a, v *value, lo float64) (z, low *value) {
	exact := f.mul(a, v)
	low = f.fms(a, v, exact)
	z = f.max(lo, exact)
	return z, f.keep(z, equal, exact, low)
}

// normalTail is, with t = min(|x|, 15), q and m of Φ(−t) = (1 + q)·m·2ⁿ, Φ the distribution
// function of the normal distribution. m is Mills' ratio Φ(−t)·e^(t²/2)·2, as
// r·(1 + P(r)) with r = 1/(1 + 0.6·t), which is corrected by what rounding has made it lose,
// e. P is of least relative error, 0.3·2⁻²⁴; it is a polynomial in v, which is r brought to
// the range from −1 to 1.
func (f *formula) normalTail(t *value) (m *value, p power) {
	minusHalf := f.mul(t, -0.5)
	u := f.mul(minusHalf, t)
	p = f.exp(u, f.fms(minusHalf, t, u), 1)
	d := f.fma(t, 0.6, 1)
	r := f.div(1, d)
	lost := f.fma(t, 0.6, f.sub(1, d))
	e := f.fnma(r, lost, f.fnma(r, d, 1))
	const shortest = 1 / (1 + 0.6*15)
	v := f.fma(r, 2/(1-shortest), -(1+shortest)/(1-shortest))
	P := f.polynomial(v, -0.20444413362913427, 0.2561574244109527, -0.03989939490712164,
		-0.021220198980042074, 0.010899479132727102, -0.0005331208538759459,
		-0.001731955555212642, 0.000976015944087836, -0.00010449520311517254,
		-0.00017503934041907343, 7.538503301050366e-05)
	return f.fma(f.add(P, e), r, r), p
}
