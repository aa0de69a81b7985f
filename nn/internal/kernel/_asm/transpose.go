package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Matrices are transposed in tiles of eight columns. That only moves floats, so one form, for AVX2,
// is enough: wider registers do half as many shuffles, at half the rate.
func init() {
	register("transpose", func(s *subject) {
		transpose(s)
		interleave(s)
	})
}

func transpose(s *subject) {
	s.transposition("transposeAVX2", "to[t][c][r] = from[t][r][c] for t < tiles, r < 8, c < 8.", 8,
		func(r, t []reg.VecPhysical) {
			s.unpack(r, t)
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
		})
}

// interleave is for the weights of four output channels, which tiles of convolutions read one after
// the other.
func interleave(s *subject) {
	s.transposition("interleaveAVX2", "to[t][4·c+r] = from[t][r][c] for t < tiles, r < 4, c < 8.", 4,
		func(r, t []reg.VecPhysical) {
			s.unpack(r, t)
			for half := range 2 { // then pairs of them: four rows of two columns, four apart
				s.VSHUFPS(Imm(0x44), t[2+half], t[half], r[2*half])
				s.VSHUFPS(Imm(0xee), t[2+half], t[half], r[2*half+1])
			}
			for i := range 2 { // then the halves of registers
				s.VPERM2F128(Imm(0x20), r[2*i+1], r[2*i], t[i])
				s.VPERM2F128(Imm(0x31), r[2*i+1], r[2*i], t[2+i])
			}
		})
}

// unpack brings the elements of two rows into turns.
func (s *subject) unpack(r, t []reg.VecPhysical) {
	for i := 0; i < len(r); i += 2 {
		s.VUNPCKLPS(r[i+1], r[i], t[i])
		s.VUNPCKHPS(r[i+1], r[i], t[i+1])
	}
}

// transposition writes a kernel for tiles of so many rows. tile brings the rows r into the order t,
// which goes to eight rows of the result, or for four rows follows one another.
func (s *subject) transposition(name, doc string, rows int, tile func(r, t []reg.VecPhysical)) {
	a := argsOf("transposeArgs")
	base := s.kernel(name, name+": "+doc, a)

	from, to, tiles := reg.RSI, reg.RDI, reg.RCX
	fromT, toT := reg.RBX, reg.RDX
	s.MOVQ(a.at(base, "from"), from)
	s.MOVQ(a.at(base, "fromT"), fromT)
	s.MOVQ(a.at(base, "to"), to)
	s.MOVQ(a.at(base, "toT"), toT)
	s.MOVQ(a.at(base, "tiles"), tiles)
	fromRow := s.newSteps(a.at(base, "fromRow"), rows, reg.R8, reg.R9, reg.R10, reg.R11)
	store := func(i int) Mem { return Mem{Base: to, Disp: 32 * i} }
	if rows == 8 {
		toRow := s.newSteps(a.at(base, "toRow"), rows, reg.R12, reg.R13, reg.R14, reg.R15)
		store = func(i int) Mem { return toRow.at(to, i) }
	}
	r, t := isas[0].regs[:rows], isas[0].regs[rows:2*rows]

	s.Label(name + "_tile")
	for i := range r {
		s.VMOVUPS(fromRow.at(from, i), r[i])
	}
	tile(r, t)
	for i := range t {
		s.VMOVUPS(t[i], store(i))
	}
	s.ADDQ(fromT, from)
	s.ADDQ(toT, to)
	s.DECQ(tiles)
	s.JNZ(LabelRef(name + "_tile"))
	s.VZEROUPPER()
	s.RET()
}
