package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// winogradProduct multiplies matrices in tiles of 4 output channels × some vectors, which lie
// side by side, with two input channels at a time.
func winogradProduct(s *subject, set isa, vectors int) {
	name := fmt.Sprintf("winogradProduct4x%d%s", vectors, set.suffix)
	a := argsOf("winogradProductArgs")
	base := s.kernel(name, fmt.Sprintf(`
%s: for p < positions, b < blocks, g < groups, o < 4, l < %d·floats a vector:

	m[p][4g+o][b][l] = Σ u[p][g][c][o] * v[p][c][b][l]     for c < in`, name, vectors), a)
	acc := func(o, v int) reg.VecPhysical { return set.regs[o*vectors+v] }
	x := set.regs[4*vectors:][:vectors]
	w := set.regs[5*vectors:]
	w = w[:min(len(w), 4)]
	px, pw, py, left := reg.RSI, reg.RDI, reg.RDX, reg.RCX
	vC, mC, mG := reg.RBX, reg.R12, reg.R11
	xB, yB, wP := reg.R8, reg.R9, reg.R10
	blocks, groups, positions := reg.R13, reg.R14, reg.R15
	size := set.bytes()

	s.MOVQ(a.at(base, "vC"), vC)
	s.MOVQ(a.at(base, "mC"), mC)
	s.MOVQ(a.at(base, "positions"), positions)
	s.MOVQ(a.at(base, "v"), xB)
	s.MOVQ(a.at(base, "m"), yB)
	s.MOVQ(a.at(base, "u"), wP)

	s.Label(name + "_position")
	s.MOVQ(a.at(base, "blocks"), blocks)
	s.Label(name + "_block")
	s.MOVQ(a.at(base, "groups"), groups)
	s.MOVQ(yB, mG)
	s.MOVQ(wP, pw)
	s.Label(name + "_group")
	s.MOVQ(xB, px)
	s.MOVQ(a.at(base, "in"), left)
	for o := range 4 {
		for v := range vectors {
			s.zero(set, acc(o, v))
		}
	}
	channel := func(second bool) {
		at := Mem{Base: px}
		weight := Mem{Base: pw}
		if second {
			at.Index, at.Scale = vC, 1
			weight.Disp = 16
		}
		for v := range vectors {
			s.VMOVUPS(at.Offset(size*v), x[v])
		}
		for o := range 4 {
			s.VBROADCASTSS(weight.Offset(4*o), w[o%len(w)])
			for v := range vectors {
				s.VFMADD231PS(x[v], w[o%len(w)], acc(o, v))
			}
		}
	}
	s.SUBQ(Imm(2), left)
	s.JL(LabelRef(name + "_odd"))
	s.Label(name + "_two")
	channel(false)
	channel(true)
	s.LEAQ(Mem{Base: px, Index: vC, Scale: 2}, px)
	s.ADDQ(Imm(32), pw)
	s.SUBQ(Imm(2), left)
	s.JGE(LabelRef(name + "_two"))
	s.Label(name + "_odd")
	s.ADDQ(Imm(1), left)
	s.JNE(LabelRef(name + "_store"))
	channel(false)
	s.ADDQ(Imm(16), pw)
	s.Label(name + "_store")
	s.MOVQ(mG, py)
	for o := range 4 {
		for v := range vectors {
			s.VMOVUPS(acc(o, v), Mem{Base: py, Disp: size * v})
		}
		s.ADDQ(mC, py)
	}
	s.MOVQ(py, mG)
	s.DECQ(groups)
	s.JNZ(LabelRef(name + "_group"))

	s.ADDQ(I32(size*vectors), xB)
	s.ADDQ(I32(size*vectors), yB)
	s.DECQ(blocks)
	s.JNZ(LabelRef(name + "_block"))
	s.ADDQ(a.at(base, "vD"), xB)
	s.ADDQ(a.at(base, "mD"), yB)
	s.ADDQ(a.at(base, "uP"), wP)
	s.DECQ(positions)
	s.JNZ(LabelRef(name + "_position"))
	s.VZEROUPPER()
	s.RET()
}
