package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// A depthwise convolution of 3×3 taps at stride 1 or 2 keeps its weights in registers from tile to
// tile, and loads a pixel once for the taps of a row that it is. That takes the 32 registers of
// AVX-512.
func init() { register("depthwise", depthwise3) }

func depthwise3(s *subject) {
	a := argsOf("windowArgs")
	for _, set := range isas {
		if len(set.regs) < 32 {
			continue
		}
		for stride := 1; stride <= 2; stride++ {
			for pixels := 1; pixels <= set.windowPixels(); pixels++ {
				depthwise3Tile(s, set, a, stride, pixels)
			}
		}
	}
}

func depthwise3Tile(s *subject, set isa, a args, stride, pixels int) {
	name := fmt.Sprintf("depthwise3s%dx%d%s", stride, pixels, set.suffix)
	base := s.kernel(name, fmt.Sprintf(`
%s: as depthwise%d, for 3×3 taps, where x[r][t][p][i][j] is pixel %d·p+j of row i.`, name, pixels, stride), a)
	field := func(f string) Mem { return a.at(base, f) }
	acc, w := set.regs[:pixels], set.regs[pixels:pixels+9]
	x := set.regs[pixels+9:]
	px, py, xG, yG := reg.RSI, reg.RDI, reg.R8, reg.R9
	taps, tiles, rows, bias := reg.R10, reg.RCX, reg.RBX, reg.RDX

	s.MOVQ(field("xK"), taps) // to the next row of taps
	s.LEAQ(Mem{Base: taps, Index: taps, Scale: 2}, taps)
	s.ADDQ(field("xKR"), taps)
	s.MOVQ(field("w"), px)
	for i, v := range w {
		s.VMOVUPS(Mem{Base: px, Disp: 64 * i}, v)
	}
	s.MOVQ(field("x"), xG)
	s.MOVQ(field("y"), yG)
	s.MOVQ(field("bias"), bias)
	s.MOVQ(field("rows"), rows)

	s.Label(name + "_line")
	s.MOVQ(xG, px)
	s.MOVQ(yG, py)
	s.MOVQ(field("tiles"), tiles)
	s.Label(name + "_tile")
	for _, v := range acc {
		s.VMOVUPS(Mem{Base: bias}, v)
	}
	for i := range 3 {
		at := func(pixel int) Mem {
			m := Mem{Base: px, Disp: 64 * pixel}
			if i > 0 {
				m.Index, m.Scale = taps, uint8(i)
			}
			return m
		}
		const ahead = 3 // of the sums, so that few registers hold pixels
		for pixel := range stride*(pixels-1) + 3 + ahead {
			if pixel < stride*(pixels-1)+3 {
				s.VMOVUPS(at(pixel), x[pixel%len(x)])
			}
			for j := range 3 {
				if p := (pixel - ahead - j) / stride; pixel-ahead >= j && (pixel-ahead-j)%stride == 0 && p < pixels {
					s.VFMADD231PS(x[(pixel-ahead)%len(x)], w[3*i+j], acc[p])
				}
			}
		}
	}
	s.CMPQ(field("relu"), Imm(0))
	s.JE(LabelRef(name + "_done"))
	s.zero(set, x[0])
	for _, v := range acc {
		s.VMAXPS(v, x[0], v) // as in reluForward
	}
	s.Label(name + "_done")
	for p, v := range acc {
		s.VMOVUPS(v, Mem{Base: py, Disp: 64 * p})
	}
	s.ADDQ(U32(64*stride*pixels), px)
	s.ADDQ(U32(64*pixels), py)
	s.DECQ(tiles)
	s.JNZ(LabelRef(name + "_tile"))
	s.ADDQ(field("xS"), xG)
	s.ADDQ(field("yS"), yG)
	s.DECQ(rows)
	s.JNZ(LabelRef(name + "_line"))
	s.VZEROUPPER()
	s.RET()
}
