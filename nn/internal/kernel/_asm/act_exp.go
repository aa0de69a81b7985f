package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/operand"
)

// All exponentials are one: with n = round(t·log2 e) and r = t − n·ln 2, which lies
// within ±ln(2)/2, eᵗ is (1 + q)·2ⁿ with q = eʳ − 1 = r + r²·polynomial(r).
//
// 2ⁿ comes as a product of two powers, s1 and s2, each of half the exponent. The kernels
// compute with (1 + q)·s1, which is a normal number, and multiply by s2 last: so a
// result that is denormal is rounded once, and nothing overflows before its time.

// boundName names a bound among the constants.
func boundName(v float32) string { return fmt.Sprint(v) }

// clamp writes dst = min(max(x, lo), hi), or NaN if x is one. x may be memory; bounds
// are names of constants, or "". The order of the sources of VMINPS keeps a NaN.
func (k *pixels) clamp(x any, lo, hi string, tmp, dst lanes) {
	if hi != "" {
		k.op(k.VMOVUPS, k.con(hi), tmp)
		k.op(k.VMINPS, x, tmp, tmp)
		x = tmp
	}
	k.op(k.VMOVUPS, k.con(lo), dst)
	k.op(k.VMAXPS, x, dst, dst)
}

// exp turns t, a clamped exponent, into q, s1 and s2. low, if not nil, is added to t: it
// is what t has lost by rounding. t and tmp, which may be low, are used up. The polynomial
// goes in two halves, since the chain of its operations is what takes the time.
func (k *pixels) exp(t, low, tmp, q, s1, s2 lanes) {
	k.op(k.VMOVUPS, k.con("round"), s1)
	k.op(k.VFMADD231PS, k.con("log2e"), t, s1)
	k.op(k.VSUBPS, k.con("round"), s1, s2) // n
	k.op(k.VFNMADD231PS, k.con("ln2hi"), s2, t)
	if low != nil {
		k.op(k.VADDPS, low, t, t)
	}
	k.op(k.VFNMADD231PS, k.con("ln2lo"), s2, t) // r

	k.op(k.VMOVUPS, k.con("c6"), q)
	k.op(k.VFMADD213PS, k.con("c5"), t, q)
	k.op(k.VMULPS, t, t, tmp)
	k.op(k.VMOVUPS, k.con("c3"), s2)
	k.op(k.VFMADD213PS, k.con("c4"), t, q)
	k.op(k.VFMADD213PS, k.con("c2"), t, s2)
	k.op(k.VFMADD213PS, s2, tmp, q)
	k.op(k.VFMADD213PS, t, tmp, q)

	k.op(k.VPSUBD, k.con("bias"), s1, s1) // n + 254
	k.op(k.VPSRLD, Imm(1), s1, s2)
	k.op(k.VPSUBD, s2, s1, s1)
	k.op(k.VPSLLD, Imm(23), s1, s1)
	k.op(k.VPSLLD, Imm(23), s2, s2)
}

// halves turns q, s1 and s2 into q = eᵗ/s2 and e = eᵗ.
func (k *pixels) halves(q, s1, s2, e lanes) {
	k.op(k.VADDPS, k.con("one"), q, q)
	k.op(k.VMULPS, s1, q, q)
	k.op(k.VMULPS, s2, q, e)
}

// halvesLow is halves that also keeps what 1 + q loses by rounding: eᵗ/s2 = q + low.
func (k *pixels) halvesLow(q, s1, s2, e, low lanes) {
	k.op(k.VADDPS, k.con("one"), q, e)
	k.op(k.VSUBPS, k.con("one"), e, low)
	k.op(k.VSUBPS, low, q, low)
	k.op(k.VMULPS, s1, low, low)
	k.op(k.VMULPS, s1, e, q)
	k.op(k.VMULPS, s2, q, e)
}

func exponential(k *pixels, r actRegs) {
	t, q, s1, s2, tmp := k.vec(), k.vec(), k.vec(), k.vec(), k.vec()
	k.clamp(r.x, "-105", "89", q, t)
	k.exp(t, nil, tmp, q, s1, s2)
	k.halves(q, s1, s2, t)
	k.op(k.VMOVUPS, t, r.y)
}

// sigmoidForward is e/(1 + e) with e = eˣ. From 24 on that is 1.
func sigmoidForward(k *pixels, r actRegs) {
	e, q, s1, s2, tmp := k.vec(), k.vec(), k.vec(), k.vec(), k.vec()
	k.clamp(r.x, "-105", "24", q, e)
	k.exp(e, nil, tmp, q, s1, s2)
	k.halves(q, s1, s2, e)
	k.op(k.VADDPS, k.con("one"), e, e)
	k.op(k.VDIVPS, e, q, q)
	k.op(k.VMULPS, s2, q, q)
	k.op(k.VMOVUPS, q, r.y)
}

// bellBackward is the derivative of sigmoid, e/(1 + e)² with e = e^−|x|, or that of tanh,
// 4e/(1 + e)² with e = e^−2|x|.
func bellBackward(tanh bool) actFunc {
	return func(k *pixels, r actRegs) {
		e, q, s1, s2, tmp := k.vec(), k.vec(), k.vec(), k.vec(), k.vec()
		k.op(k.VMOVUPS, r.x, q)
		k.op(k.VORPS, k.con("sign"), q, q)
		if tanh {
			k.op(k.VADDPS, q, q, q)
		}
		k.clamp(q, "-110", "", nil, e)
		k.exp(e, nil, tmp, q, s1, s2)
		k.halves(q, s1, s2, e)
		k.op(k.VADDPS, k.con("two"), e, s1)
		k.op(k.VFMADD213PS, k.con("one"), s1, e) // (1 + e)², rounded once at the end
		if tanh {
			k.op(k.VMULPS, k.con("four"), q, q)
		}
		k.op(k.VDIVPS, e, q, q)
		k.op(k.VMULPS, s2, q, q)
		k.op(k.VMULPS, r.dy, q, q)
		k.op(k.VMOVUPS, q, r.y)
	}
}

// tanhForward is −E/(2 + E) with E = e^−2|x| − 1, and the sign of x. E is q·2ⁿ + (2ⁿ − 1),
// which does not cancel: near 0, n is 0.
func tanhForward(k *pixels, r actRegs) {
	t, q, s1, s2, tmp := k.vec(), k.vec(), k.vec(), k.vec(), k.vec()
	k.op(k.VMOVUPS, r.x, q)
	k.op(k.VORPS, k.con("sign"), q, q)
	k.op(k.VADDPS, q, q, q)
	k.clamp(q, "-40", "", nil, t)
	k.exp(t, nil, tmp, q, s1, s2)
	k.op(k.VMULPS, s2, s1, s1)
	k.op(k.VSUBPS, k.con("one"), s1, s2)
	k.op(k.VFMADD213PS, s2, s1, q) // E
	k.op(k.VADDPS, k.con("two"), q, t)
	k.op(k.VANDPS, k.con("abs"), q, q)
	k.op(k.VDIVPS, t, q, q)
	k.op(k.VMOVUPS, r.x, t)
	k.op(k.VANDPS, k.con("sign"), t, t)
	k.op(k.VORPS, t, q, q)
	k.op(k.VMOVUPS, q, r.y)
}

// mishForward is x·n/(n + 2) with n = e(e + 2), e = eˣ. From 12 on it is x. Below −110
// the result is 0.
func mishForward(k *pixels, r actRegs) {
	x, e, q, s1, s2, low := k.vec(), k.vec(), k.vec(), k.vec(), k.vec(), k.vec()
	k.clamp(r.x, "-110", "12", q, x)
	k.op(k.VMOVAPS, x, e)
	k.exp(e, nil, low, q, s1, s2)
	k.halvesLow(q, s1, s2, e, low)
	k.op(k.VADDPS, q, q, s1)
	k.op(k.VADDPS, low, low, low)
	k.op(k.VFMADD213PS, s1, e, q) // n/s2
	k.op(k.VMULPS, x, low, low)
	k.op(k.VMOVAPS, q, e)
	k.op(k.VFMADD213PS, k.con("two"), s2, e)
	k.op(k.VFMADD213PS, low, x, q)
	k.op(k.VDIVPS, e, q, q)
	k.op(k.VMULPS, s2, q, q)
	k.op(k.VMOVUPS, r.x, x)
	k.choose(x, greater, k.con("12"), s1, x, q, q)
	k.op(k.VMOVUPS, q, r.y)
}

// mishBackward is (e·u + n²/4)/(n(n/4 + 1) + 1) with e = eˣ, n = e(e + 2) and
// u = (x + 1) + e(x + 1/2): the sum of both terms over one denominator, multiplied out so
// that where e is small, so are the errors that it brings. What n is off enters above and
// below the line and nearly cancels. From 12 on the derivative is 1.
func mishBackward(k *pixels, r actRegs) {
	x, e, q, s1, s2, w, m := k.vec(), k.vec(), k.vec(), k.vec(), k.vec(), k.vec(), k.vec()
	k.clamp(r.x, "-110", "12", q, x)
	k.op(k.VMOVAPS, x, e)
	k.exp(e, nil, m, q, s1, s2)
	k.halves(q, s1, s2, e)
	k.op(k.VADDPS, k.con("two"), e, s1)
	k.op(k.VADDPS, k.con("half"), x, m)
	k.op(k.VADDPS, k.con("one"), x, w)
	k.op(k.VFMADD231PS, e, m, w) // u
	k.op(k.VMULPS, s1, q, m)     // n/s2
	k.op(k.VMULPS, s2, m, e)     // n
	k.op(k.VMULPS, k.con("quarter"), e, s1)
	k.op(k.VMULPS, s1, m, m)
	k.op(k.VFMADD213PS, m, w, q) // the numerator/s2
	k.op(k.VADDPS, k.con("one"), s1, s1)
	k.op(k.VFMADD213PS, k.con("one"), s1, e) // the denominator
	k.op(k.VDIVPS, e, q, q)
	k.op(k.VMULPS, s2, q, q)
	k.op(k.VMOVUPS, k.con("one"), e)
	k.choose(x, equal, k.con("12"), s1, e, q, q)
	k.op(k.VMULPS, r.dy, q, q)
	k.op(k.VMOVUPS, q, r.y)
}

// product writes z = a·x and low, what z has lost by rounding: in the exponent that would
// count |z| times. x is brought within the finite numbers first, so that 0·∞ is 0.
func (k *pixels) product(r actRegs, z, low lanes) {
	k.clamp(r.x, "-max", "max", z, low)
	k.op(k.VMULPS, r.a, low, z)
	k.op(k.VFMSUB213PS, z, r.a, low)
}

// swishForward is x·e/(1 + e) with e = e^z, z = ax, and 0 below −174, where x may be −∞.
// From z = 24 on it is x. If a is one, z is x and has lost nothing.
func swishForward(one bool) actFunc {
	return func(k *pixels, r actRegs) {
		z, low, e, q, s1, s2 := k.vec(), k.vec(), k.vec(), k.vec(), k.vec(), k.vec()
		lost := low
		if one {
			lost = nil
			k.op(k.VMOVUPS, r.x, z)
		} else {
			k.product(r, z, low)
		}
		k.clamp(z, "-174", "24", q, e)
		if !one {
			k.keep(e, equal, z, s1, low, low)
		}
		k.exp(e, lost, low, q, s1, s2)
		k.halves(q, s1, s2, e)
		k.op(k.VADDPS, k.con("one"), e, e)
		k.op(k.VDIVPS, e, q, q)
		k.op(k.VMULPS, r.x, q, q)
		k.op(k.VMULPS, s2, q, q)
		k.keep(z, greaterOrNaN, k.con("-174"), s1, q, q)
		k.op(k.VMOVUPS, q, r.y)
	}
}

// swishBackward computes the derivative at w = −|z|, z = ax, which is
// g = v·(1 + w + e) with e = e^w and v = σ(w)·σ(−w) = e/(1 + e)². At z > 0 it is 1 − g.
// The parameter's derivative is x²·v, and 0 from |z| = 174 on, where x may be infinite.
func swishBackward(one, sum bool) actFunc {
	return func(k *pixels, r actRegs) {
		z, w, low, e, q, s1, s2 := k.vec(), k.vec(), k.vec(), k.vec(), k.vec(), k.vec(), k.vec()
		lost := low
		if one {
			lost = nil
			k.op(k.VMOVUPS, r.x, z)
			k.op(k.VORPS, k.con("sign"), z, s1)
			k.clamp(s1, "-174", "", nil, w)
		} else {
			k.product(r, z, low)
			k.op(k.VMOVUPS, k.con("sign"), q)
			k.op(k.VANDNPS, q, z, s1) // the sign that makes z negative
			k.op(k.VXORPS, s1, low, low)
			k.op(k.VORPS, q, z, s1)
			k.clamp(s1, "-174", "", nil, w)
			k.keep(w, equal, s1, s2, low, low)
		}
		k.op(k.VMOVAPS, w, e)
		k.exp(e, lost, low, q, s1, s2)
		k.halves(q, s1, s2, e)
		k.op(k.VADDPS, k.con("two"), e, s1)
		k.op(k.VADDPS, k.con("one"), w, low)
		k.op(k.VADDPS, e, low, low)
		k.op(k.VFMADD213PS, k.con("one"), s1, e) // (1 + e)², rounded once at the end
		k.op(k.VDIVPS, e, q, q)                  // v/s2
		k.op(k.VMULPS, q, low, e)
		k.op(k.VMULPS, s2, e, e) // g
		if sum {
			k.op(k.VMULPS, r.x, q, q)
			k.op(k.VMULPS, r.x, s2, s2)
			k.op(k.VMULPS, s2, q, q)
			k.keep(w, greaterOrNaN, k.con("-174"), low, q, q)
			k.op(k.VFMADD231PS, r.dy, q, r.sum)
		}
		k.op(k.VMOVUPS, k.con("one"), s1)
		k.op(k.VSUBPS, e, s1, s1)
		k.choose(z, greater, k.con("zero"), low, s1, e, e)
		k.op(k.VMULPS, r.dy, e, e)
		k.op(k.VMOVUPS, e, r.y)
	}
}
