package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// A normalisation and the activation of its output in one loop, forward and backward: with
// z = (x − rates[0])·rates[1] + rates[2] and the slope rates[3].
//
// relu is 0 for z < 0. flat has the derivative 0 at z = 0.
func normActLoops() (loops []normLoop) {
	const z = "with z = (x - rates[0])·rates[1] + rates[2], "
	for _, f := range []struct {
		name, doc, dz string
		rates         int
		act           normAct
	}{
		{"normRelu", "max(z, 0)", "dz = dy if z > 0, else 0", 3, normAct{relu: true}},
		{"normSlope", "z if z > 0, else rates[3]·z", "dz = dy if z > 0, else rates[3]·dy", 4, normAct{}},
		{"normFlat", "", "dz = dy if z > 0, 0 if z = 0, else rates[3]·dy", 4, normAct{flat: true}},
	} {
		if f.doc != "" {
			loops = append(loops, normLoop{f.name + "Forward", z + "y = " + f.doc, f.rates, 0, true, false, true, f.act.forward})
		}
		sums := 1
		if f.act.relu {
			sums = 0
		}
		loops = append(loops,
			normLoop{f.name + "Sums", z + f.dz + ": sums[0] = Σ dz, sums[1] = Σ dz·(x - rates[0])", f.rates, 2, false, true, false, f.act.addSums},
			normLoop{f.name + "Grad", z + f.dz + ": y = rates[4]·dz + rates[5]·(x - rates[0]) + rates[6]; sums[0] = Σ dy·min(z, 0)", 7, sums, true, true, false, f.act.grad})
	}
	return loops
}

type normAct struct{ relu, flat bool }

func (a normAct) forward(k *pixels, r normRegs) {
	z := r.affine(k)
	if a.relu { // VMAXPS gives its second source, which is z, for a NaN and for −0
		k.op(k.VMAXPS, z, r.zero, z)
	} else {
		y, tmp := k.vec(), k.vec()
		k.op(k.VMULPS, r.rates[3], z, y)
		k.choose(z, greater, r.zero, tmp, z, y, z)
	}
	k.op(k.VMOVUPS, z, r.y)
}

// gradient computes dz and x − rates[0]. dy and z stay as long as f runs.
func (a normAct) gradient(k *pixels, r normRegs, f func(dy, z lanes)) (dz, x lanes) {
	x, z, dy, tmp := k.vec(), k.vec(), k.vec(), k.vec()
	k.op(k.VMOVUPS, r.x, x)
	k.op(k.VSUBPS, r.rates[0], x, x)
	r.scale(k, x, z)
	k.op(k.VMOVUPS, r.dy, dy)
	if f != nil {
		f(dy, z)
	}
	if a.relu {
		k.keep(z, greater, r.zero, tmp, dy, dy)
		return dy, x
	}
	slope := lanes{r.rates[3]}
	no := k.vec()
	if a.flat {
		k.choose(z, equal, r.zero, tmp, r.zero, slope, no)
		slope = no
	}
	k.op(k.VMULPS, slope, dy, no)
	k.choose(z, greater, r.zero, tmp, dy, no, dy)
	return dy, x
}

func (a normAct) addSums(k *pixels, r normRegs) {
	dz, x := a.gradient(k, r, nil)
	r.products(k, dz, x)
}

func (a normAct) grad(k *pixels, r normRegs) {
	addSlope := func(dy, z lanes) {
		product, tmp := k.vec(), k.vec()
		k.op(k.VMULPS, z, dy, product)
		k.keep(z, lessOrNaN, r.zero, tmp, product, product)
		k.op(k.VADDPS, product, r.sums[0], r.sums[0])
		k.next -= 2
	}
	if a.relu {
		addSlope = nil
	}
	dz, x := a.gradient(k, r, addSlope)
	r.inputGradient(k, dz, x, []reg.VecPhysical{r.rates[4], r.rates[5], r.rates[6]})
}

// choose writes dst = yes where x compares with y, else no.
func (k *pixels) choose(x lanes, predicate uint8, y any, tmp, yes, no, dst lanes) {
	if k.set.floats == 16 {
		k.op(k.VCMPPS, Imm(uint64(predicate)), y, x, reg.K1)
		k.op(k.VBLENDMPS, yes, no, reg.K1, dst)
		return
	}
	k.op(k.VCMPPS, Imm(uint64(predicate)), y, x, tmp)
	k.op(func(o ...Op) { k.VBLENDVPS(o[0], o[1], o[2], o[3]) }, tmp, yes, no, dst)
}
