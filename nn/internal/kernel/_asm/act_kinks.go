package main

import "math"

// Functions without exponentials.

// chain is dy·d, or d if the derivative is wanted.
func (f *formula) chain(d *value) *value {
	if f.derivative {
		return d
	}
	return f.mul(f.dy(), d)
}

// relu: max gives x for a NaN and for −0.
func relu(f *formula) *value { return f.max(0, f.x()) }

func reluBackward(f *formula) *value { return f.keep(f.x(), greater, 0, f.dy()) }

func slope(f *formula) *value {
	x := f.x()
	return f.choose(x, greater, 0, x, f.mul(f.param(), x))
}

// slopeBackward multiplies dy by 1 or the slope, or by 0 where x = 0 if flat. sum: da += dy·x
// where x < 0.
func slopeBackward(flat, sum bool) func(f *formula) *value {
	return func(f *formula) *value {
		x, d := f.x(), f.param()
		if flat {
			d = f.choose(x, equal, 0, 0, d)
		}
		if sum {
			f.accumulate(f.keep(x, lessOrNaN, 0, f.mul(x, f.dy())))
		}
		return f.chain(f.choose(x, greater, 0, 1, d))
	}
}

// relu6: 0 is added so that −0 becomes 0.
func relu6(f *formula) *value {
	return f.min(f.param(), f.add(f.max(0, f.x()), 0))
}

func relu6Backward(below uint8) func(f *formula) *value {
	return func(f *formula) *value {
		x := f.x()
		return f.keep(x, greater, 0, f.keep(x, below, f.param(), f.dy()))
	}
}

func thresholded(f *formula) *value {
	x := f.x()
	return f.keep(x, greaterOrNaN, f.param(), x)
}

func thresholdedBackward(f *formula) *value {
	return f.keep(f.x(), greaterOrNaN, f.param(), f.dy())
}

func softsign(f *formula) *value {
	x := f.min(math.MaxFloat32, f.max(-math.MaxFloat32, f.x()))
	return f.div(x, f.add(f.abs(x), 1))
}

func softsignBackward(f *formula) *value {
	r := f.div(1, f.add(f.abs(f.x()), 1))
	return f.mul(f.mul(f.dy(), r), r)
}

func hardSwish(f *formula) *value {
	x := f.max(-3, f.x()) // at −∞ it would be ∞·0
	return f.mul(x, f.mul(f.min(6, f.add(x, 3)), 1./6))
}

func hardSwishBackward(f *formula) *value {
	x := f.x()
	d := f.mul(f.fma(x, 2, 3), 1./6)
	d = f.choose(x, greaterOrEqual, 3, 1, d)
	return f.chain(f.keep(x, greaterOrNaN, -3, d))
}

func hardSigmoid(f *formula) *value {
	return f.min(1, f.max(0, f.fma(f.x(), f.param(), 0.5)))
}

// hardSigmoidBackward is a·dy where |ax| < 1/2. The sum with 1/2 would lose the last bits of ax.
func hardSigmoidBackward(f *formula) *value {
	a := f.param()
	beyond := f.fma(f.abs(f.x()), a, -0.5)
	return f.chain(f.keep(beyond, less, 0, a))
}
