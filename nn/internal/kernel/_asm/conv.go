package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// A convolution is tiles: a few output channels × a few vectors of pixels whose sums
// stay in registers while all taps go by. Output, weights and pixels are reached by
// steps in bytes, so that strides, dilation, groups, the input gradient (transposed,
// flipped weights) and the dense layer are all the same kernel.
//
// AVX2 has 16 registers: 4 channels × 3 vectors of sums, 3 of pixels, 1 of weights:
// 7 loads for 12 FMAs. AVX-512 has 32: 4 × 6, 6, 2: 10 loads for 24 FMAs. What is
// left over when the channels do not divide by 4 runs one channel × 8 vectors. Maps of
// one pixel, as the dense layer has, take up to 6 channels, and 12 on AVX-512, for enough
// sums at once to hide an FMA's latency.
func init() { register("conv", conv) }

func conv(s *subject) {
	a := argsOf("convArgs")
	for _, set := range isas {
		for _, channels := range []int{1, 4, 5, 6, 7, 8, 9, 10, 11, 12} {
			for v := 1; v <= set.maxV(channels); v++ {
				convTile(s, set, a, channels, v)
			}
		}
	}
}

// maxV is the number of vectors in the largest tile.
func (i isa) maxV(channels int) int {
	switch channels {
	case 1:
		return 8
	case 4:
		return len(i.regs) * 3 / 16
	}
	pixel := 16 / i.floats // one pixel's
	if channels*pixel+pixel+1 > len(i.regs) {
		return 0
	}
	return pixel
}

func convTile(s *subject, set isa, a args, channels, vectors int) {
	name := fmt.Sprintf("conv%dx%d%s", channels, vectors, set.suffix)
	base := s.kernel(name, fmt.Sprintf(`
%s: with p = %d·floats a vector, for t < tiles, g < groups, o < %d, l < p:

	sum := bias[g][o], or y[t][g][o][l] if add is 1
	for c < in, r < kh, k < kw:  sum += w[g][o][c][r][k] * x[t][c][r][k][l]
	y[t][g][o][l] = sum`, name, vectors, channels), a)

	acc := func(o, v int) reg.VecPhysical { return set.regs[o*vectors+v] }
	rest := set.regs[channels*vectors:]
	x, w := rest[:vectors], rest[len(rest)-1:]
	if channels == 1 {
		x = nil // pixels are used once: straight from memory
	}
	if len(rest) > len(x)+1 {
		w = rest[len(rest)-2:]
	}
	px, pw := reg.RSI, reg.RDI
	xK, wK := reg.R8, reg.R9
	k, r, c := reg.RCX, reg.RBX, reg.RDX

	s.MOVQ(a.at(base, "xK"), xK)
	s.MOVQ(a.at(base, "wK"), wK)
	free := []reg.Register{reg.R10, reg.R11, reg.R12, reg.R13, reg.R14, reg.R15}
	wOC := s.newSteps(a.at(base, "wOC"), channels, free...)
	xV := s.newSteps(a.at(base, "xV"), vectors, free[channels/2:]...)

	s.move(a.at(base, "x"), a.at(base, "xT"), r)
	s.move(a.at(base, "y"), a.at(base, "yT"), r)

	s.Label(name + "_tile")
	s.move(a.at(base, "yT"), a.at(base, "yG"), r)
	s.move(a.at(base, "w"), a.at(base, "wG"), r)
	s.move(a.at(base, "bias"), a.at(base, "biasG"), r)
	s.move(a.at(base, "groups"), a.at(base, "left"), r)

	s.Label(name + "_group")
	eachY := func(f func(o, v int, at Mem)) {
		s.MOVQ(a.at(base, "yG"), r)
		s.MOVQ(a.at(base, "yV"), k)
		for o := range channels {
			s.MOVQ(r, c)
			for v := range vectors {
				f(o, v, Mem{Base: c})
				if v+1 < vectors {
					s.ADDQ(k, c)
				}
			}
			if o+1 < channels {
				s.ADDQ(a.at(base, "yOC"), r)
			}
		}
	}
	s.CMPQ(a.at(base, "add"), Imm(0))
	s.JE(LabelRef(name + "_bias"))
	eachY(func(o, v int, at Mem) { s.VMOVUPS(at, acc(o, v)) })
	s.JMP(LabelRef(name + "_sum"))
	s.Label(name + "_bias")
	s.MOVQ(a.at(base, "biasG"), r)
	for o := range channels {
		for v := range vectors {
			s.VBROADCASTSS(Mem{Base: r, Disp: 4 * o}, acc(o, v))
		}
	}

	s.Label(name + "_sum")
	s.MOVQ(a.at(base, "xT"), px)
	s.MOVQ(a.at(base, "wG"), pw)
	s.MOVQ(a.at(base, "in"), c)
	s.Label(name + "_channel")
	s.MOVQ(a.at(base, "kh"), r)
	s.Label(name + "_row")
	s.MOVQ(a.at(base, "kw"), k)
	s.Label(name + "_tap")
	for v := range x {
		s.VMOVUPS(xV.at(px, v), x[v])
	}
	for o := range channels {
		wo := w[o%len(w)]
		s.VBROADCASTSS(wOC.at(pw, o), wo)
		for v := range vectors {
			if x == nil {
				s.VFMADD231PS(xV.at(px, v), wo, acc(o, v))
			} else {
				s.VFMADD231PS(x[v], wo, acc(o, v))
			}
		}
	}
	s.ADDQ(xK, px)
	s.ADDQ(wK, pw)
	s.DECQ(k)
	s.JNZ(LabelRef(name + "_tap"))
	s.ADDQ(a.at(base, "xR"), px)
	s.ADDQ(a.at(base, "wR"), pw)
	s.DECQ(r)
	s.JNZ(LabelRef(name + "_row"))
	s.ADDQ(a.at(base, "xC"), px)
	s.ADDQ(a.at(base, "wC"), pw)
	s.DECQ(c)
	s.JNZ(LabelRef(name + "_channel"))

	eachY(func(o, v int, at Mem) { s.VMOVUPS(acc(o, v), at) })
	for _, f := range []string{"y", "w", "bias"} {
		s.MOVQ(a.at(base, f+"GS"), r)
		s.ADDQ(r, a.at(base, f+"G"))
	}
	s.DECQ(a.at(base, "left"))
	s.JNZ(LabelRef(name + "_group"))

	for _, f := range []string{"x", "y"} {
		s.MOVQ(a.at(base, f+"V"), r)
		s.IMUL3Q(Imm(uint64(vectors)), r, r)
		s.ADDQ(r, a.at(base, f+"T"))
	}
	s.DECQ(a.at(base, "tiles"))
	s.JNZ(LabelRef(name + "_tile"))
	s.VZEROUPPER()
	s.RET()
}
