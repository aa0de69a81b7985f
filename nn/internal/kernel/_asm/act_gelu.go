package main

import "math"

// GELU and its form with tanh.

// normalTail is, with t = min(|x|, 14.98), q and m of Φ(−t) = (1 + q)·m·2ⁿ, Φ the distribution
// function of the normal distribution. m is Mills' ratio Φ(−t)·e^(t²/2)·2.
func (f *formula) normalTail(t *value) (m *value, p power) {
	h, l := f.square(t)
	p = f.exp2(h, l, -math.Log2E/2)
	p.s2 = f.num(math.Ldexp(0.5, -lift))
	if f.set.floats == 16 {
		return f.millsByPieces(t), p
	}
	return f.mills(t), p
}

// mills is Φ(−t)·e^(t²/2)·2 for t from 0 to 15, as r·(1 + P(r)) with r = 1/(1 + 0.6·t), which is
// corrected by what rounding has made it lose, e. P is of least relative error, 0.3·2⁻²⁴; it is
// a polynomial in v, which is r brought to the range from −1 to 1.
func (f *formula) mills(t *value) *value {
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
	return f.fma(f.add(P, e), r, r)
}

// gelu is max(x, 0) − t·Φ(−t) with t = |x|, of any x.
func gelu(f *formula) *value {
	x := f.x()
	t := f.min(14.98, f.abs(x))
	m, p := f.normalTail(t)
	m = f.mul(m, t)
	return f.minus(f.max(f.minusZero(), x), f.half(f.fma(m, p.q, m), p), p)
}

// geluBackward is g = Φ(−t) − t·φ(t) for x = −t, and 1 − g for x = t.
func geluBackward(f *formula) *value {
	x := f.x()
	t := f.min(14.98, f.abs(x))
	m, p := f.normalTail(t)
	m = f.fnma(t, 2/math.Sqrt(2*math.Pi), m)
	return f.chain(f.rising(x, f.half(f.fma(m, p.q, m), p), p))
}

// geluTanh is max(x, 0) − t·σ(z) with t = min(|x|, 11.3) and z = −t·(c + d·t²), in two parts,
// since the exponential counts an error |z| times.
func geluTanh(f *formula) *value {
	x := f.x()
	t := f.max(-11.3, f.minusAbs(x))
	z, low := f.geluTanhExponent(t)
	p := f.exp(z, low)
	v := f.powerHalf(p)
	v = f.div(f.mul(t, v), f.plus(f.num(1), v, p))
	return f.plus(f.max(f.minusZero(), x), v, p)
}

// The exponent is t·(geluC + geluD·t²). The high part of geluC has few enough bits for
// geluHigh − (geluHigh + geluD·x²) to be exact.
const (
	geluC    = 2 * math.Sqrt2 / math.SqrtPi
	geluD    = geluC * 0.044715
	geluHigh = 0x1.9884p+0
)

func (f *formula) geluTanhExponent(t *value) (z, low *value) {
	high := float64(float32(geluD))
	h, l := f.square(t)
	s := f.fma(h, high, geluHigh)
	rest := f.fma(h, high, f.sub(geluHigh, s))
	rest = f.fma(l, high, rest)
	rest = f.fma(h, geluD-high, rest)
	rest = f.add(rest, geluC-geluHigh)
	z = f.mul(t, s)
	return z, f.fma(t, rest, f.fms(t, s, z))
}

// geluTanhBackward is g = v·(1 + e + z2) with v = σ(z)·σ(−z) = e/(1 + e)² and
// z2 = −t·(c + 3d·t²) for x = −t, and 1 − g for x = t.
func geluTanhBackward(f *formula) *value {
	x := f.x()
	t := f.max(-11.3, f.minusAbs(x))
	z, low := f.geluTanhExponent(t)
	p := f.exp(z, low)
	v := f.powerHalf(p)
	h, _ := f.square(t)
	small := f.fma(f.mul(h, t), 2*geluD, low) // z2 − z
	sum := f.add(f.add(z, 1), f.plus(small, v, p))
	return f.chain(f.rising(x, f.mul(f.div(v, f.onePlusSquared(v)), sum), p))
}
