package main

import "math"

// swish is x·e/(1 + e) with e = e^z, z = ax, and 0 below −174, where x may be −∞. From z = 24
// on it is x. If a is one, z is x and has lost nothing by rounding.
func swish(one bool) func(f *formula) *value {
	return func(f *formula) *value {
		x := f.x()
		z, low := x, (*value)(nil)
		if !one {
			z, low = f.exponent(x)
		}
		t := f.max(-174, f.min(24, z))
		if !one {
			low = f.keep(t, equal, z, low)
		}
		p := f.wideExp(t, low)
		half := f.powerHalf(p)
		y := f.whole(f.mul(f.div(half, f.plus(f.num(1), half, p)), x), p)
		return f.keep(z, greaterOrNaN, -174, y)
	}
}

// exponent is z = a·x and what it has lost by rounding: in an exponent that would count |z|
// times. x is brought within the finite numbers first, so that 0·∞ is 0.
func (f *formula) exponent(x *value) (z, low *value) {
	a := f.param()
	finite := f.max(-math.MaxFloat32, f.min(math.MaxFloat32, x))
	z = f.mul(finite, a)
	return z, f.fms(finite, a, z)
}

// swishBackward computes the derivative at t = −|z|, z = ax, which is
// g = v·u with u = 1 + t + e, e = e^t and v = σ(t)·σ(−t) = e/(1 + e)². At z > 0 it is 1 − g.
// The parameter's derivative is x²·v, and 0 from |z| = 174 on, where x may be infinite.
func swishBackward(one, sum bool) func(f *formula) *value {
	return func(f *formula) *value {
		x := f.x()
		z, low := x, (*value)(nil)
		if !one {
			z, low = f.exponent(x)
		}
		end := float64(lowest)
		if sum { // where x² may make up for it
			end = -174
		}
		t := f.max(end, f.minusAbs(z))
		if !one {
			low = f.xor(low, f.andNot(z, f.bits(signBit)))
			low = f.keep(t, equal, f.minusAbs(z), low)
		}
		var p power
		var v, square *value // square is (1 + e)²
		if sum {
			p = f.wideExp(t, low)
			v = f.powerHalf(p)
			e := f.beside(v, p)
			square = f.fma(e, f.add(e, 2), 1)
		} else {
			p = f.exp(t, low)
			v = f.powerHalf(p)
			square = f.onePlusSquared(v)
		}
		u := f.plus(f.add(t, 1), v, p)
		v = f.div(v, square)
		if sum {
			d := f.keep(t, greaterOrNaN, -174, f.timesSquare(v, x, p))
			f.accumulate(f.mul(f.dy(), d))
		}
		return f.chain(f.rising(z, f.mul(v, u), p))
	}
}

// timesSquare is the whole of v, times x². Each x meets half of the exponent, so that nothing
// is denormal or infinite before its time.
func (f *formula) timesSquare(v, x *value, p power) *value {
	return f.mul(f.mul(v, x), f.mul(p.s2, x))
}
