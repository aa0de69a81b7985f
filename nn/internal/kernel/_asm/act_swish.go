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
		e, half, p := f.expHalves(t, low)
		y := f.whole(f.mul(f.div(half, f.add(e, 1)), x), p)
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
// g = v·(1 + t + e) with e = e^t and v = σ(t)·σ(−t) = e/(1 + e)². At z > 0 it is 1 − g.
// The parameter's derivative is x²·v, and 0 from |z| = 174 on, where x may be infinite.
func swishBackward(one, sum bool) func(f *formula) *value {
	return func(f *formula) *value {
		x := f.x()
		z, low := x, (*value)(nil)
		if !one {
			z, low = f.exponent(x)
		}
		t := f.max(-174, f.minusAbs(z))
		if !one {
			low = f.xor(low, f.andNot(z, f.bits(signBit)))
			low = f.keep(t, equal, f.minusAbs(z), low)
		}
		e, half, p := f.expHalves(t, low)
		square := f.fma(e, f.add(e, 2), 1) // (1 + e)², rounded once at the end
		v := f.div(half, square)
		if sum {
			d := f.keep(t, greaterOrNaN, -174, f.timesSquare(v, x, p))
			f.accumulate(f.mul(f.dy(), d))
		}
		g := f.whole(f.mul(v, f.add(f.add(t, 1), e)), p)
		return f.chain(f.choose(z, greater, 0, f.sub(1, g), g))
	}
}

// timesSquare is the whole of v, times x². Each x meets half of the exponent, so that nothing
// is denormal or infinite before its time.
func (f *formula) timesSquare(v, x *value, p power) *value {
	if p.n == nil {
		return f.mul(f.mul(v, x), f.mul(p.s2, x))
	}
	half := f.mul(p.n, 0.5) // which the instruction rounds down
	return f.mul(f.scalef(f.mul(v, x), half), f.scalef(x, f.add(half, 0.5)))
}
