package main

import (
	"slices"

	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// AVX-512 multiplies under a mask: a choice of a product that nothing else needs takes the
// multiplication's place.

// maskProducts turns choices of products into choices that multiply. Their arguments end with
// the factors.
func maskProducts(varying []*value) []*value {
	uses := map[*value]int{}
	for _, v := range varying {
		for _, a := range v.args {
			uses[a]++
		}
	}
	product := func(v *value) bool { return v.op == "mul" && !v.uniform && uses[v] == 1 }
	done := map[*value]bool{}
	for _, v := range varying {
		if v.op != "choose" && v.op != "keep" {
			continue
		}
		x, y, last := v.args[0], v.args[1], v.args[len(v.args)-1]
		switch {
		case v.op == "keep" && product(last):
			v.op, v.args = "keepProduct", append([]*value{x, y}, last.args...)
		case v.op == "choose" && product(last):
			const not = 4 // turns a predicate into its opposite
			v.op, v.imm, v.args = "chooseProduct", v.imm^not, append([]*value{x, y, v.args[2]}, last.args...)
		case v.op == "choose" && product(v.args[2]):
			last, v.op, v.args = v.args[2], "chooseProduct", append([]*value{x, y, last}, v.args[2].args...)
		default:
			continue
		}
		done[last] = true
	}
	return slices.DeleteFunc(varying, func(v *value) bool { return done[v] })
}

// maskedProduct writes keepProduct, or chooseProduct over a copy of what is chosen else.
func (e *emitter) maskedProduct(v *value, o []Op, dying []*value) {
	e.VCMPPS(Imm(v.imm), o[1], o[0], reg.K1)
	a, b := o[len(o)-2], o[len(o)-1]
	if v.op == "keepProduct" {
		for _, d := range dying {
			e.release(d)
		}
		e.VMULPS_Z(b, a, reg.K1, e.take(v))
		return
	}
	if other := v.args[2]; slices.Contains(dying, other) {
		e.registers[v] = e.registers[other]
		delete(e.registers, other)
	} else {
		e.VMOVUPS(o[2], e.take(v))
	}
	e.VMULPS(b, a, reg.K1, e.registers[v])
	for _, d := range dying {
		if e.registers[d] != nil {
			e.release(d)
		}
	}
}
