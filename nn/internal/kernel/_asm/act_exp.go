package main

import "math"

// Functions of one exponential.

func exponential(f *formula) *value {
	p := f.wideExp(f.max(lowest, f.min(89, f.x())), nil)
	return f.whole(f.powerHalf(p), p)
}

func sigmoid(f *formula) *value {
	x := f.x()
	return f.logistic(x, greater, f.max(lowest, f.minusAbs(x)), nil)
}

// bell is e/(1 + e)² with e = e^t, t ≤ 0, times a power of two: v = e/s2 over (1 + e)²/s2.
func (f *formula) bell(t *value, times float64) *value {
	v := f.powerHalf(f.exp(f.max(lowest, t), nil))
	e := f.fma(v, 1/(times*(1<<lift)), 2/times) // (e + 2)/times
	return f.div(v, f.fma(v, e, (1<<lift)/times))
}

func sigmoidBackward(f *formula) *value { return f.chain(f.bell(f.minusAbs(f.x()), 1)) }

// tanh is −E/(2 + E) with E = e^−2|x| − 1, and the sign of x.
func tanh(f *formula) *value {
	x := f.x()
	t := f.minusAbs(x)
	e := f.expm1(f.add(t, t))
	return f.or(f.div(e, f.sub(-2, e)), f.and(x, f.bits(signBit)))
}

func tanhBackward(f *formula) *value {
	t := f.minusAbs(f.x())
	return f.chain(f.bell(f.add(t, t), 4))
}

// mish is x·n/(n + 2) with n = e(e + 2), e = eˣ. From 12 on it is x. What 1 + q loses by
// rounding is kept, as low.
func mish(f *formula) *value {
	x := f.x()
	t := f.max(lowest, f.min(12, x))
	const lift = 75 // for low, which is 2⁻²⁴ of e
	p := f.lifted(t, nil, lift)
	v := f.add(p.q, 1)
	low := f.half(f.sub(p.q, f.sub(v, 1)), p)
	v = f.half(v, p)
	n := f.fma(v, f.beside(v, p), f.add(v, v))
	y := f.fma(n, t, f.mul(f.add(low, low), t))
	y = f.div(y, f.add(n, math.Ldexp(2, lift)))
	return f.choose(x, greater, 12, x, y)
}

// mishBackward is (e·u + n²/4)/(n(n/4 + 1) + 1) with e = eˣ, n = e(e + 2) and
// u = (x + 1) + e(x + 1/2): the sum of both terms over one denominator, multiplied out so
// that where e is small, so are the errors that it brings. What n is off enters above and
// below the line and nearly cancels. From 12 on the derivative is 1.
func mishBackward(f *formula) *value {
	x := f.x()
	t := f.max(lowest, f.min(12, x))
	p := f.exp(t, nil)
	v := f.powerHalf(p)
	e := f.beside(v, p)
	u := f.fma(e, f.add(t, 0.5), f.add(t, 1))
	n := f.mul(v, f.add(e, 2))
	quarter := f.fma(n, 0.25/(1<<lift), 0x1p-100)
	y := f.fma(v, u, f.mul(n, quarter))
	y = f.div(y, f.fma(n, f.add(quarter, 1), 1<<lift))
	return f.chain(f.choose(t, equal, 12, 1, y))
}

func elu(f *formula) *value {
	x := f.x()
	return f.choose(x, greater, 0, x, f.mul(f.expm1(x), f.param()))
}

// scaledExp is a·e^t for t ≤ 0. It is a power with a·s2 for s2, which is a normal number: s2
// depends on the size of a.
func (f *formula) scaledExp(a, t *value) *value {
	size := f.abs(a)
	bySize := func(small, middle, large float64) *value {
		return f.choose(size, greater, 0x1p30, large, f.choose(size, less, 0x1p-64, small, middle))
	}
	round := number("round") + 127
	r, bits := f.reduce(f.max(bySize(-86, -130, -170), t), nil, bySize(round, round+62, round+120))
	p := power{f.expNear(r), f.shiftLeft(bits, 23), f.mul(a, bySize(1, 0x1p-62, 0x1p-120))}
	return f.whole(f.powerHalf(p), p)
}

func eluBackward(f *formula) *value {
	x := f.x()
	return f.chain(f.choose(x, greater, 0, 1, f.scaledExp(f.param(), f.min(0, x))))
}

// As in package activation.
const (
	seluAlpha = 1.6732632423543772848170429916717
	seluScale = 1.0507009873554804934193349852946
)

func selu(f *formula) *value {
	x := f.x()
	return f.choose(x, greaterOrEqual, 0, f.mul(x, seluScale), f.mul(f.expm1(x), seluScale*seluAlpha))
}

func seluBackward(right uint8) func(f *formula) *value {
	return func(f *formula) *value {
		x := f.x()
		p := f.exp(f.max(lowest, f.min(0, x)), nil)
		p.s2 = f.mul(p.s2, seluScale*seluAlpha)
		return f.chain(f.choose(x, right, 0, seluScale, f.whole(f.powerHalf(p), p)))
	}
}

// celu: near 0 it is x·(1 + x/2a), within 0.2·2⁻²⁴, since x/a may be denormal.
func celu(f *formula) *value {
	x, a := f.x(), f.param()
	z := f.div(x, a)
	near := f.fma(x, f.mul(z, 0.5), x)
	y := f.choose(z, greater, -0x1p-12, near, f.mul(f.expm1(z), a))
	return f.choose(x, greaterOrEqual, 0, x, y)
}

// celuBackward: the exponent is x/a and what that has lost by rounding.
func celuBackward(atZero float64) func(f *formula) *value {
	return func(f *formula) *value {
		x, a := f.x(), f.param()
		exact := f.div(x, a)
		z := f.max(lowest, f.min(0, exact))
		low := f.mul(f.fnma(exact, a, x), f.min(f.div(1, a), math.MaxFloat32))
		p := f.exp(z, f.keep(z, equal, exact, low))
		d := f.choose(x, greater, 0, 1, f.whole(f.powerHalf(p), p))
		if atZero != 1 {
			d = f.choose(x, equal, 0, atZero, d)
		}
		return f.chain(d)
	}
}
