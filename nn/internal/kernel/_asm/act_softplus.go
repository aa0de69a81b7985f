package main

// Functions of ln(1 + e^x), and their derivatives.

// softplus is max(x, 0) + ln(1 + e^−|ax|)/a.
func softplus(f *formula) *value {
	x, a := f.x(), f.param()
	v, p := f.log1p(f.product(a, f.minusAbs(x), lowest))
	return f.plus(f.max(0, x), f.mul(v, f.div(1, a)), p)
}

func softplusBackward(f *formula) *value {
	x := f.x()
	z, low := f.product(f.param(), f.minusAbs(x), lowest)
	return f.chain(f.logistic(x, greater, z, low))
}

// logistic is σ(|z|) where x compares with 0, else σ(−|z|), with −|z| = t + low.
func (f *formula) logistic(x *value, predicate uint8, t, low *value) *value {
	v := f.powerHalf(f.exp(t, low))
	return f.div(f.choose(x, predicate, 0, 1<<lift, v), f.add(v, 1<<lift))
}

// logSigmoid is min(x, 0) − ln(1 + e^−|x|).
func logSigmoid(f *formula) *value {
	x := f.x()
	v, p := f.log1p(f.max(lowest, f.minusAbs(x)), nil)
	return f.minus(f.min(f.minusZero(), x), v, p)
}

func logSigmoidBackward(f *formula) *value {
	x := f.x()
	return f.chain(f.logistic(x, less, f.max(lowest, f.minusAbs(x)), nil))
}
