package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// A matrix is transposed in tiles of 8×8. It only moves floats, so one form, for AVX2, is
// enough: wider registers do half as many shuffles, at half the rate.
func init() {
	register("transpose", func(s *subject) {
		transpose(s)
		interleave(s)
	})
}

func transpose(s *subject) {
	const name = "transposeAVX2"
	a := argsOf("transposeArgs")
	base := s.kernel(name, name+": to[t][c][r] = from[t][r][c] for t < tiles, r < 8, c < 8.", a)

	from, to, tiles := reg.RSI, reg.RDI, reg.RCX
	fromT, toT := reg.RBX, reg.RDX
	s.MOVQ(a.at(base, "from"), from)
	s.MOVQ(a.at(base, "fromT"), fromT)
	s.MOVQ(a.at(base, "to"), to)
	s.MOVQ(a.at(base, "toT"), toT)
	s.MOVQ(a.at(base, "tiles"), tiles)
	fromRow := s.newSteps(a.at(base, "fromRow"), 8, reg.R8, reg.R9, reg.R10, reg.R11)
	toRow := s.newSteps(a.at(base, "toRow"), 8, reg.R12, reg.R13, reg.R14, reg.R15)
	r, t := isas[0].regs[:8], isas[0].regs[8:]

	s.Label(name + "_tile")
	for i := range r {
		s.VMOVUPS(fromRow.at(from, i), r[i])
	}
	for i := 0; i < 8; i += 2 { // elements of two rows take turns
		s.VUNPCKLPS(r[i+1], r[i], t[i])
		s.VUNPCKHPS(r[i+1], r[i], t[i+1])
	}
	for i := 0; i < 8; i += 4 { // then pairs of them: four rows of a column
		for half := range 2 {
			s.VSHUFPS(Imm(0x44), t[i+2+half], t[i+half], r[i+2*half])
			s.VSHUFPS(Imm(0xee), t[i+2+half], t[i+half], r[i+2*half+1])
		}
	}
	for i := range 4 { // then the halves of registers
		s.VPERM2F128(Imm(0x20), r[i+4], r[i], t[i])
		s.VPERM2F128(Imm(0x31), r[i+4], r[i], t[i+4])
	}
	for i := range t {
		s.VMOVUPS(t[i], toRow.at(to, i))
	}
	s.ADDQ(fromT, from)
	s.ADDQ(toT, to)
	s.DECQ(tiles)
	s.JNZ(LabelRef(name + "_tile"))
	s.VZEROUPPER()
	s.RET()
}

// interleave is for the weights of four output channels, which tiles of convolutions read one after
// the other.
func interleave(s *subject) {
	const name = "interleaveAVX2"
	a := argsOf("transposeArgs")
	base := s.kernel(name, name+": to[t][4·c+r] = from[t][r][c] for t < tiles, r < 4, c < 8.", a)

	from, to, tiles := reg.RSI, reg.RDI, reg.RCX
	fromT, toT := reg.RBX, reg.RDX
	s.MOVQ(a.at(base, "from"), from)
	s.MOVQ(a.at(base, "fromT"), fromT)
	s.MOVQ(a.at(base, "to"), to)
	s.MOVQ(a.at(base, "toT"), toT)
	s.MOVQ(a.at(base, "tiles"), tiles)
	fromRow := s.newSteps(a.at(base, "fromRow"), 4, reg.R8, reg.R9)
	r, t := isas[0].regs[:4], isas[0].regs[4:8]

	s.Label(name + "_tile")
	for i := range r {
		s.VMOVUPS(fromRow.at(from, i), r[i])
	}
	for i := 0; i < 4; i += 2 { // elements of two rows take turns
		s.VUNPCKLPS(r[i+1], r[i], t[i])
		s.VUNPCKHPS(r[i+1], r[i], t[i+1])
	}
	for half := range 2 { // then pairs of them: four rows of columns 2·half and 4 + 2·half, and the next ones
		s.VSHUFPS(Imm(0x44), t[2+half], t[half], r[2*half])
		s.VSHUFPS(Imm(0xee), t[2+half], t[half], r[2*half+1])
	}
	for i := range 2 { // then the halves of registers
		s.VPERM2F128(Imm(0x20), r[2*i+1], r[2*i], t[i])
		s.VPERM2F128(Imm(0x31), r[2*i+1], r[2*i], t[2+i])
	}
	for i := range t {
		s.VMOVUPS(t[i], Mem{Base: to, Disp: 32 * i})
	}
	s.ADDQ(fromT, from)
	s.ADDQ(toT, to)
	s.DECQ(tiles)
	s.JNZ(LabelRef(name + "_tile"))
	s.VZEROUPPER()
	s.RET()
}
