package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// A convolution of packed maps is tiles whose sums stay in registers: a few rows × a few
// pixels × a few blocks of sixteen output channels. A weight vector serves all pixels, an
// input value, broadcast, all blocks. Pixels, taps and input channels are reached by steps, so
// that strides, dilation, planes and 1×1 kernels are all the same code.
//
// AVX-512: up to 24 sums; with one block FMAs broadcast by themselves, from memory. AVX2: a block
// is two vectors, and 6 pixels are 12 sums.
func init() { register("packed", packed) }

const packedRows = 3 // of the largest tile

func packed(s *subject) {
	a := argsOf("packedArgs")
	for _, set := range isas {
		for _, blocks := range []int{1, 2, 4} {
			for rows := 1; rows <= packedRows; rows++ {
				for pixels := 1; pixels <= set.packedPixels(blocks, rows); pixels++ {
					packedTile(s, set, a, blocks, rows, pixels)
				}
			}
		}
	}
}

// packedPixels is the number of pixels in a row of the largest tile.
func (i isa) packedPixels(blocks, rows int) int {
	if i.floats < 16 {
		if blocks > 1 {
			return 0
		}
		return 6 / rows
	}
	return min(8, 24/(blocks*rows))
}

func packedTile(s *subject, set isa, a args, blocks, rows, pixels int) {
	name := fmt.Sprintf("packed%dx%dx%d%s", blocks, rows, pixels, set.suffix)
	base := s.kernel(name, fmt.Sprintf(`
%s: for g < groups, t < tiles, b < %d, r < %d, p < %d, l < 16:

	sum := 0
	for c < in, i < kh, j < kw, k < lanes, or last if c is in-1:
		sum += w[b][c][i][j][k][l] * x[g][t][r][p][c][i][j][k]
	y[g][t][b][r][p][l] = sum + bias[b][l], + add[g][t][b][r][p][l] if there is one, at least 0 if relu`, name, blocks, rows, pixels), a)

	per := 16 / set.floats // vectors in a block
	acc := func(b, r, p, v int) reg.VecPhysical { return set.regs[((b*rows+r)*pixels+p)*per+v] }
	rest := set.regs[blocks*rows*pixels*per:]
	w, x := rest[:blocks*per], rest[blocks*per:]
	px := []reg.Register{reg.RSI, reg.R8, reg.R9}[:rows]
	pw, tap, xL, lanes := reg.RDI, reg.RDX, reg.RBX, reg.RCX
	xP := s.newSteps(a.at(base, "xP"), pixels, reg.R10, reg.R11, reg.R12, reg.R13)
	wB := s.newSteps(a.at(base, "wB"), blocks, reg.R14, reg.R15)
	s.MOVQ(a.at(base, "xL"), xL)
	field := func(f string) Mem { return a.at(base, f) }
	eachSum := func(f func(b, r, p, v int)) {
		for b := range blocks {
			for r := range rows {
				for p := range pixels {
					for v := range per {
						f(b, r, p, v)
					}
				}
			}
		}
	}

	s.MOVQ(field("add"), tap) // its distance from y, for all pixels
	s.SUBQ(field("y"), tap)
	s.MOVQ(tap, field("addY"))
	s.move(field("x"), field("xG"), tap)
	s.move(field("y"), field("yG"), tap)
	s.move(field("groups"), field("gLeft"), tap)

	s.Label(name + "_group")
	s.move(field("xG"), field("xA"), tap)
	s.move(field("yG"), field("yA"), tap)
	s.move(field("tiles"), field("tLeft"), tap)

	s.Label(name + "_tile")
	eachSum(func(b, r, p, v int) { s.zero(set, acc(b, r, p, v)) })
	s.MOVQ(field("w"), pw)
	s.MOVQ(field("xA"), tap)
	s.move(field("in"), field("cLeft"), lanes)

	s.Label(name + "_channels")
	s.MOVQ(field("lanes"), lanes)
	s.CMPQ(field("cLeft"), Imm(1))
	s.JNE(LabelRef(name + "_taps"))
	s.MOVQ(field("last"), lanes)
	s.Label(name + "_taps")
	s.MOVQ(lanes, field("lanesNow"))
	s.move(field("kh"), field("rLeft"), lanes)
	s.Label(name + "_row")
	s.move(field("kw"), field("kLeft"), lanes)
	s.Label(name + "_tap")
	s.MOVQ(tap, px[0])
	for r := 1; r < rows; r++ {
		s.MOVQ(px[r-1], px[r])
		s.ADDQ(field("xR"), px[r])
	}
	s.ADDQ(field("xK"), tap)
	s.MOVQ(field("lanesNow"), lanes)
	s.Label(name + "_lane")
	for i := range w {
		at := wB.at(pw, i/per)
		at.Disp = i % per * set.bytes()
		s.VMOVUPS(at, w[i])
	}
	for r := range rows {
		for p := range pixels {
			if len(w) == 1 {
				s.VFMADD231PS_BCST(xP.at(px[r], p), w[0], acc(0, r, p, 0))
				continue
			}
			v := x[(r*pixels+p)%len(x)]
			s.VBROADCASTSS(xP.at(px[r], p), v)
			for i := range w {
				s.VFMADD231PS(v, w[i], acc(i/per, r, p, i%per))
			}
		}
	}
	s.ADDQ(U8(64), pw)
	for r := range rows {
		s.ADDQ(xL, px[r])
	}
	s.DECQ(lanes)
	s.JNZ(LabelRef(name + "_lane"))
	s.DECQ(field("kLeft"))
	s.JNZ(LabelRef(name + "_tap"))
	s.ADDQ(field("xKR"), tap)
	s.DECQ(field("rLeft"))
	s.JNZ(LabelRef(name + "_row"))
	s.ADDQ(field("xC"), tap)
	s.DECQ(field("cLeft"))
	s.JNZ(LabelRef(name + "_channels"))

	// What follows has the registers of pixels and weights to itself.
	eachY := func(f func(at Mem, sum reg.VecPhysical)) {
		block, row := px[0], tap
		s.MOVQ(field("yA"), block)
		for b := range blocks {
			s.MOVQ(block, row)
			for r := range rows {
				for p := range pixels {
					for v := range per {
						f(Mem{Base: row, Disp: 64*p + v*set.bytes()}, acc(b, r, p, v))
					}
				}
				if r+1 < rows {
					s.ADDQ(field("yR"), row)
				}
			}
			if b+1 < blocks {
				s.ADDQ(field("yB"), block)
			}
		}
	}
	s.MOVQ(field("bias"), pw) // at the end: sums that begin as loads of it cost more than zeros
	for i, v := range w {
		s.VMOVUPS(Mem{Base: pw, Disp: i * set.bytes()}, v)
	}
	eachSum(func(b, r, p, v int) { s.VADDPS(w[b*per+v], acc(b, r, p, v), acc(b, r, p, v)) })
	s.CMPQ(field("add"), Imm(0))
	s.JE(LabelRef(name + "_added"))
	s.MOVQ(field("addY"), lanes)
	eachY(func(at Mem, sum reg.VecPhysical) {
		at.Index, at.Scale = lanes, 1
		s.VADDPS(at, sum, sum)
	})
	s.Label(name + "_added")
	s.CMPQ(field("relu"), Imm(0))
	s.JE(LabelRef(name + "_done"))
	s.zero(set, w[0])
	eachSum(func(b, r, p, v int) { s.VMAXPS(acc(b, r, p, v), w[0], acc(b, r, p, v)) }) // as in reluForward
	s.Label(name + "_done")
	eachY(func(at Mem, sum reg.VecPhysical) { s.VMOVUPS(sum, at) })

	s.step(a, base, []string{"x", "y"}, "A", "T", tap)
	s.DECQ(field("tLeft"))
	s.JNZ(LabelRef(name + "_tile"))
	s.step(a, base, []string{"x", "y"}, "G", "S", tap)
	s.DECQ(field("gLeft"))
	s.JNZ(LabelRef(name + "_group"))
	s.VZEROUPPER()
	s.RET()
}

// step adds to fields that end in a letter those that end in another: xA += xT.
func (s *subject) step(a args, base reg.Register, names []string, to, by string, through reg.Register) {
	for _, n := range names {
		s.MOVQ(a.at(base, n+by), through)
		s.ADDQ(through, a.at(base, n+to))
	}
}
