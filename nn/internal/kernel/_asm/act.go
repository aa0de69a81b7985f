package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Activations go through runs of pixels. The functions with a kink are here, those with
// exponentials in act_exp.go.
func init() { register("act", activations) }

// actFunc describes a kernel between the load of a pixel and the step to the next.
type actFunc func(k *pixels, r actRegs)

// actRegs is where a kernel finds its data.
type actRegs struct {
	y, x, dy pixelAt
	a        any             // the pixel's parameter in all lanes, or a parameter in each
	sum      reg.VecPhysical // what a kernel with da adds to, lane by lane
}

func activations(s *subject) {
	a := argsOf("actArgs")
	const param, grad, each = 1, 2, 4
	for _, set := range isas {
		emit := func(name, doc string, flags int, f actFunc) { s.emitAct(set, a, name, doc, flags, f) }
		emit("reluForward", "y = max(x, 0)", 0, reluForward)
		emit("reluBackward", "y = dy if x > 0, else 0", 0, reluBackward)
		for _, f := range []struct {
			suffix string
			flags  int
		}{{"", param}, {"Each", param | each}} {
			emit("slopeForward"+f.suffix, "y = x if x > 0, else a·x", f.flags, slopeForward)
			emit("swishForward"+f.suffix, "y = x·sigmoid(a·x)", f.flags, swishForward(false))
		}
		emit("swishForwardOne", "y = x·sigmoid(x)", 0, swishForward(true))
		emit("swishBackwardOne", "y = dy·(s + x·s·(1 - s)) with s = sigmoid(x)", 0, swishBackward(true, false))
		for _, g := range []struct {
			suffix, doc string
			flags       int
		}{{"", "", param}, {"Sum", ", da += dy·df/da", param | grad}} {
			emit("slopeBackward"+g.suffix, "y = dy if x > 0, else a·dy"+g.doc, g.flags, slopeBackward(false, g.flags&grad != 0))
			emit("slopeFlatBackward"+g.suffix, "y = dy if x > 0, 0 if x = 0, else a·dy"+g.doc, g.flags, slopeBackward(true, g.flags&grad != 0))
			emit("swishBackward"+g.suffix, "y = dy·(s + ax·s·(1 - s)) with s = sigmoid(a·x)"+g.doc, g.flags, swishBackward(false, g.flags&grad != 0))
		}
		emit("mishForward", "y = x·tanh(ln(1 + e^x))", 0, mishForward)
		emit("mishBackward", "y = dy·mish'(x)", 0, mishBackward)
		emit("sigmoidForward", "y = 1/(1 + e^-x)", 0, sigmoidForward)
		emit("sigmoidBackward", "y = dy·e/(1 + e)^2 with e = e^-|x|", 0, bellBackward(false))
		emit("tanhForward", "y = tanh(x)", 0, tanhForward)
		emit("tanhBackward", "y = dy·4e/(1 + e)^2 with e = e^-2|x|", 0, bellBackward(true))
		emit("exp", "y = e^x", 0, exponential)
	}
}

// emitAct writes the loop over pixels around a kernel. flags has bit 0 if there is a
// parameter, bit 1 if its gradient is wanted, bit 2 if each value has a parameter.
func (s *subject) emitAct(set isa, a args, name, doc string, flags int, f actFunc) {
	name += set.suffix
	hasParam, hasSum, each := flags&1 != 0, flags&2 != 0, flags&4 != 0
	base := s.kernel(name, name+": for each of the pixels' 16 floats,\n\n\t"+doc, a)
	r := actRegs{y: pixelAt{reg.RDI}, x: pixelAt{reg.RSI}, dy: pixelAt{reg.RDX}}
	yS, aS, count, pa, pda := reg.R8, reg.R9, reg.RCX, reg.R10, reg.R11
	s.MOVQ(a.at(base, "y"), r.y.Register)
	s.MOVQ(a.at(base, "yS"), yS)
	s.MOVQ(a.at(base, "x"), r.x.Register)
	s.MOVQ(a.at(base, "dy"), r.dy.Register)
	s.MOVQ(a.at(base, "a"), pa)
	s.MOVQ(a.at(base, "aS"), aS)
	s.MOVQ(a.at(base, "da"), pda)
	s.MOVQ(a.at(base, "pixels"), count)

	s.emitPixels(set, func(k *pixels) {
		var one reg.VecPhysical
		switch {
		case each:
			r.a = k.vec()
		case hasParam:
			one = k.shared()
			r.a = one
		}
		if hasSum {
			r.sum = k.sumRegister()
			k.zero(set, r.sum)
		}
		k.loadConstants()
		k.Label(name + "_pixel")
		switch {
		case each:
			k.op(k.VMOVUPS, pixelAt{pa}, r.a)
		case hasParam:
			k.VBROADCASTSS(Mem{Base: pa}, one)
		}
		f(k, r)
		if hasSum {
			k.TESTQ(aS, aS)
			k.JZ(LabelRef(name + "_next"))
			k.addSum(r.sum, pda)
			k.ADDQ(aS, pda)
			k.zero(set, r.sum)
			k.Label(name + "_next")
		}
		if hasParam {
			k.ADDQ(aS, pa)
		}
		k.ADDQ(yS, r.y.Register)
		k.ADDQ(Imm(64), r.x.Register)
		k.ADDQ(Imm(64), r.dy.Register)
		k.DECQ(count)
		k.JNZ(LabelRef(name + "_pixel"))
		if hasSum {
			k.TESTQ(aS, aS)
			k.JNZ(LabelRef(name + "_end"))
			k.addSum(r.sum, pda)
			k.Label(name + "_end")
		}
	})
	s.VZEROUPPER()
	s.RET()
}

// sumRegister takes one of the first sixteen registers, which all instructions reach.
func (k *pixels) sumRegister() reg.VecPhysical {
	k.next++
	return k.set.regs[k.next-1]
}

// addSum adds the sum over the lanes of v to the float at p. It changes v.
func (k *pixels) addSum(v reg.VecPhysical, p reg.Register) {
	spare := k.set.regs[k.next-1]
	if k.set.floats == 16 {
		k.VEXTRACTF64X4(Imm(1), v, spare.AsY())
		k.VADDPS(spare.AsY(), v.AsY(), v.AsY())
	}
	k.VEXTRACTF128(Imm(1), v.AsY(), spare.AsX())
	k.VADDPS(spare.AsX(), v.AsX(), v.AsX())
	k.VHADDPS(v.AsX(), v.AsX(), v.AsX())
	k.VHADDPS(v.AsX(), v.AsX(), v.AsX())
	k.VADDSS(Mem{Base: p}, v.AsX(), v.AsX())
	k.VMOVSS(v.AsX(), Mem{Base: p})
}

// reluForward: VMAXPS gives its second source, which is x, for a NaN and for −0.
func reluForward(k *pixels, r actRegs) {
	y := k.vec()
	k.op(k.VXORPS, y, y, y)
	k.op(k.VMAXPS, r.x, y, y)
	k.op(k.VMOVUPS, y, r.y)
}

func reluBackward(k *pixels, r actRegs) {
	x, dy, tmp := k.vec(), k.vec(), k.vec()
	k.op(k.VMOVUPS, r.x, x)
	k.op(k.VMOVUPS, r.dy, dy)
	k.keep(x, greater, k.con("zero"), tmp, dy, dy)
	k.op(k.VMOVUPS, dy, r.y)
}

func slopeForward(k *pixels, r actRegs) {
	x, y, tmp := k.vec(), k.vec(), k.vec()
	k.op(k.VMOVUPS, r.x, x)
	k.op(k.VMULPS, r.a, x, y)
	k.choose(x, greater, k.con("zero"), tmp, x, y, y)
	k.op(k.VMOVUPS, y, r.y)
}

// slopeBackward multiplies dy by 1 or the slope, or by 0 where x = 0 if flat.
func slopeBackward(flat, sum bool) actFunc {
	return func(k *pixels, r actRegs) {
		x, dy, d, no, tmp := k.vec(), k.vec(), k.vec(), k.vec(), k.vec()
		k.op(k.VMOVUPS, r.x, x)
		k.op(k.VMOVUPS, r.dy, dy)
		k.op(k.VMOVAPS, r.a, no)
		if flat {
			k.op(k.VMOVUPS, k.con("zero"), d)
			k.choose(x, equal, k.con("zero"), tmp, d, no, no)
		}
		k.op(k.VMOVUPS, k.con("one"), d)
		k.choose(x, greater, k.con("zero"), tmp, d, no, d)
		k.op(k.VMULPS, dy, d, d)
		k.op(k.VMOVUPS, d, r.y)
		if sum {
			k.op(k.VMULPS, x, dy, dy)
			k.keep(x, lessOrNaN, k.con("zero"), tmp, dy, dy)
			k.op(k.VADDPS, dy, r.sum, r.sum)
		}
	}
}
