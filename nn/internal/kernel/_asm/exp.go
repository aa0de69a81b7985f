package main

import . "github.com/mmcloughlin/avo/operand"

// All exponentials are one, here and in formula_exp.go: with n = round(t·log2 e) and
// r = t − n·ln 2, which lies within ±ln(2)/2, eᵗ is (1 + q)·2ⁿ with
// q = eʳ − 1 = r + r²·polynomial(r).
//
// 2ⁿ comes as a product of two powers. (1 + q)·s1 is a normal number, and s2 comes last: so a
// result that is denormal is rounded once.

// exp turns t, an exponent from lowest to 0, into q and s1, where s2 is the constant "unlift". t
// and tmp are used up. There is no r², which is denormal long before r is.
func (k *pixels) exp(t, tmp, q, s1 lanes) {
	k.op(k.VMOVUPS, k.con("roundLifted"), s1)
	k.op(k.VFMADD231PS, k.con("log2e"), t, s1)
	k.op(k.VSUBPS, k.con("roundLifted"), s1, tmp) // n
	k.op(k.VFNMADD231PS, k.con("ln2hi"), tmp, t)
	k.op(k.VFNMADD231PS, k.con("ln2lo"), tmp, t) // r

	k.op(k.VMOVUPS, k.con("c6"), q)
	for _, c := range []string{"c5", "c4", "c3", "c2"} {
		k.op(k.VFMADD213PS, k.con(c), t, q)
	}
	k.op(k.VMULPS, t, q, q)
	k.op(k.VFMADD213PS, t, t, q)
	k.op(k.VPSLLD, Imm(23), s1, s1)
}

// whole turns q and s1 into e = eᵗ.
func (k *pixels) whole(q, s1, e lanes) {
	k.op(k.VFMADD213PS, s1, s1, q)
	k.op(k.VMULPS, k.con("unlift"), q, e)
}
