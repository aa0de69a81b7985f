package main

import . "github.com/mmcloughlin/avo/operand"

// All exponentials are one, here and in formula_exp.go: with n = round(t·log2 e) and
// r = t − n·ln 2, which lies within ±ln(2)/2, eᵗ is (1 + q)·2ⁿ with
// q = eʳ − 1 = r + r²·polynomial(r).
//
// 2ⁿ comes as a product of two powers, s1 and s2, each of half the exponent. (1 + q)·s1 is a
// normal number, and s2 comes last: so a result that is denormal is rounded once, and nothing
// overflows before its time.

// exp turns t, an exponent from −174 to 89, into q, s1 and s2. t and tmp are used up. The
// polynomial goes in two halves, since the chain of its operations is what takes the time.
func (k *pixels) exp(t, tmp, q, s1, s2 lanes) {
	k.op(k.VMOVUPS, k.con("round"), s1)
	k.op(k.VFMADD231PS, k.con("log2e"), t, s1)
	k.op(k.VSUBPS, k.con("round"), s1, s2) // n
	k.op(k.VFNMADD231PS, k.con("ln2hi"), s2, t)
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

// whole turns q, s1 and s2 into e = eᵗ.
func (k *pixels) whole(q, s1, s2, e lanes) {
	k.op(k.VADDPS, k.con("one"), q, q)
	k.op(k.VMULPS, s1, q, q)
	k.op(k.VMULPS, s2, q, e)
}
