package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Samples in bytes, each with its pixels side by side, become pixels with their samples
// side by side: a transposition. It moves bytes, so one form, for AVX2, is enough.
func init() { register("bytes", fromBytes) }

func fromBytes(s *subject) {
	a := argsOf("bytesArgs")
	constants["255"] = 255
	constants["1/255"] = 1. / 255
	base := s.kernel("fromBytesAVX2", "fromBytesAVX2: y[16i+l] = (x_l[i] xor flip_l)/255 for 16n pixels and eight lanes.", a)

	samples := []reg.Register{reg.RDI, reg.RSI, reg.R8, reg.R9, reg.R10, reg.R11, reg.R12, reg.R13}
	for l, x := range samples {
		s.MOVQ(a.at(base, "x"+string(rune('0'+l))), x)
	}
	y, n, at := reg.RDX, reg.RCX, reg.RBX
	s.MOVQ(a.at(base, "y"), y)
	s.MOVQ(a.at(base, "n"), n)
	s.XORQ(at, at)
	k := &pixels{subject: s, set: isas[0]}
	by, scale, flip := reg.Y15, reg.Y14, reg.X13
	s.VMOVUPS(k.datum("255"), by)
	s.VMOVUPS(k.datum("1/255"), scale)
	s.VPBROADCASTQ(a.at(base, "flip"), flip)

	s.Label("fromBytesAVX2_pixels")
	row := []reg.VecPhysical{reg.X0, reg.X1, reg.X2, reg.X3, reg.X4, reg.X5, reg.X6, reg.X7}
	for l, x := range samples {
		s.VMOVDQU(Mem{Base: x, Index: at, Scale: 1}, row[l])
	}
	// Neighbours interleave, first bytes, then pairs, then fours: registers i and i+step
	// give a lower and an upper half, of which the lower comes first in pixels.
	spare := reg.VecPhysical(reg.X8)
	pair := func(unpackLow, unpackHigh func(...Op), i, j int) {
		unpackLow(row[j], row[i], spare)
		unpackHigh(row[j], row[i], row[j])
		row[i], spare = spare, row[i]
	}
	for _, stage := range []struct {
		low, high func(...Op)
		step      int
	}{
		{s.VPUNPCKLBW, s.VPUNPCKHBW, 1},
		{s.VPUNPCKLWD, s.VPUNPCKHWD, 2},
		{s.VPUNPCKLDQ, s.VPUNPCKHDQ, 4},
	} {
		for i := range row {
			if i&stage.step == 0 {
				pair(stage.low, stage.high, i, i+stage.step)
			}
		}
	}
	// Register i now holds two pixels, whose number is i with its three bits reversed.
	p, q, rest := reg.Y9, reg.Y10, reg.Y11
	for i, r := range row {
		pixel := 2 * (i&1<<2 | i&2 | i>>2)
		s.VPXOR(flip, r, r)
		for half := range 2 {
			if half == 1 {
				s.VPSRLDQ(Imm(8), r, r)
			}
			s.VPMOVZXBD(r, p)
			s.VCVTDQ2PS(p, p)
			// p/255, rounded right: p·(1/255) and, once, what is missing.
			s.VMULPS(scale, p, q)
			s.VMOVAPS(p, rest)
			s.VFNMADD231PS(by, q, rest)
			s.VFMADD231PS(scale, rest, q)
			s.VMOVUPS(q, Mem{Base: y, Disp: 64 * (pixel + half)})
		}
	}
	s.ADDQ(U8(16), at)
	s.ADDQ(U32(16*64), y)
	s.DECQ(n)
	s.JNZ(LabelRef("fromBytesAVX2_pixels"))
	s.VZEROUPPER()
	s.RET()
}
