package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The loops of normalisations over the pixels of a channel. Sums are kept lane by lane; Go
// adds the lanes up.
func init() { register("norm", norm) }

// normRegs is where a loop finds its data.
type normRegs struct {
	y, x, dy pixelAt
	rates    []reg.VecPhysical // each in all lanes
	sums     []lanes
}

func norm(s *subject) {
	a := argsOf("normArgs")
	for _, set := range isas {
		emit := func(name, doc string, rates, sums int, f func(k *pixels, r normRegs)) {
			s.emitNorm(set, a, name, doc, rates, sums, f)
		}
		emit("affine", "y = (x - rates[0])·rates[1] + rates[2]", 3, 0, affine)
		emit("normGrad", "y = rates[1]·dy + rates[2]·(x - rates[0]) + rates[3]", 4, 0, normGrad)
		emit("laneSums", "sums[0] = Σ x", 0, 1, func(k *pixels, r normRegs) {
			k.op(k.VADDPS, r.x, r.sums[0], r.sums[0])
		})
		emit("laneSquares", "sums[0] = Σ (x - rates[0])^2", 1, 1, func(k *pixels, r normRegs) {
			x := k.vec()
			k.op(k.VMOVUPS, r.x, x)
			k.op(k.VSUBPS, r.rates[0], x, x)
			k.op(k.VFMADD231PS, x, x, r.sums[0])
		})
		emit("laneProducts", "sums[0] = Σ dy, sums[1] = Σ dy·(x - rates[0])", 1, 2, func(k *pixels, r normRegs) {
			x, dy := k.vec(), k.vec()
			k.op(k.VMOVUPS, r.x, x)
			k.op(k.VMOVUPS, r.dy, dy)
			k.op(k.VSUBPS, r.rates[0], x, x)
			k.op(k.VADDPS, dy, r.sums[0], r.sums[0])
			k.op(k.VFMADD231PS, x, dy, r.sums[1])
		})
	}
}

func (s *subject) emitNorm(set isa, a args, name, doc string, rates, sums int, f func(k *pixels, r normRegs)) {
	name += set.suffix
	base := s.kernel(name, name+": for each of the pixels' 16 floats,\n\n\t"+doc, a)
	r := normRegs{y: pixelAt{reg.RDI}, x: pixelAt{reg.RSI}, dy: pixelAt{reg.RDX}}
	count, pr, ps := reg.RCX, reg.R8, reg.R9
	s.MOVQ(a.at(base, "y"), r.y.Register)
	s.MOVQ(a.at(base, "x"), r.x.Register)
	s.MOVQ(a.at(base, "dy"), r.dy.Register)
	s.MOVQ(a.at(base, "rates"), pr)
	s.MOVQ(a.at(base, "sums"), ps)
	s.MOVQ(a.at(base, "pixels"), count)
	k := &pixels{subject: s, set: set, n: 16 / set.floats, top: len(set.regs), regs: map[string]Op{}}
	for i := range rates {
		v := k.shared()
		s.VBROADCASTSS(Mem{Base: pr, Disp: 4 * i}, v)
		r.rates = append(r.rates, v)
	}
	for range sums {
		v := k.vec()
		for _, one := range v {
			s.zero(set, one)
		}
		r.sums = append(r.sums, v)
	}
	s.Label(name + "_pixel")
	f(k, r)
	s.ADDQ(Imm(64), r.y.Register)
	s.ADDQ(Imm(64), r.x.Register)
	s.ADDQ(Imm(64), r.dy.Register)
	s.DECQ(count)
	s.JNZ(LabelRef(name + "_pixel"))
	for i, v := range r.sums {
		for j, one := range v {
			s.VMOVUPS(one, Mem{Base: ps, Disp: 64*i + j*set.bytes()})
		}
	}
	s.VZEROUPPER()
	s.RET()
}

// affine is rounded after the product, as the Go loop.
func affine(k *pixels, r normRegs) {
	x := k.vec()
	k.op(k.VMOVUPS, r.x, x)
	k.op(k.VSUBPS, r.rates[0], x, x)
	k.op(k.VMULPS, r.rates[1], x, x)
	k.op(k.VADDPS, r.rates[2], x, x)
	k.op(k.VMOVUPS, x, r.y)
}

// normGrad likewise.
func normGrad(k *pixels, r normRegs) {
	x, dy := k.vec(), k.vec()
	k.op(k.VMOVUPS, r.x, x)
	k.op(k.VSUBPS, r.rates[0], x, x)
	k.op(k.VMULPS, r.rates[2], x, x)
	k.op(k.VMULPS, r.dy, r.rates[1], dy)
	k.op(k.VADDPS, x, dy, dy)
	k.op(k.VADDPS, r.rates[3], dy, dy)
	k.op(k.VMOVUPS, dy, r.y)
}
