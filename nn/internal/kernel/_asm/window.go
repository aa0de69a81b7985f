package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Windows over packed maps: depthwise convolutions, maxima and sums. A tile is some pixels of
// a row, a block of channels each, which stay in registers while the taps go by. Tiles of a row
// and rows follow one another.
func init() { register("window", windows) }

func windows(s *subject) {
	a := argsOf("windowArgs")
	for _, set := range isas {
		for pixels := 1; pixels <= set.windowPixels(); pixels++ {
			windowTile(s, set, a, depthwise(), pixels)
			windowTile(s, set, a, windowMax(), pixels)
			windowTile(s, set, a, windowSum(), pixels)
		}
	}
}

// windowPixels is the number of pixels in the largest tile.
func (i isa) windowPixels() int { return i.floats / 2 }

// window is a kind of windows. Each function gets the vectors of all pixels.
type window struct {
	name, doc          string
	more               int                   // vectors for each of the pixels', besides its own
	start, tap, finish func(k *windowKernel) // before the first tap, for each, after the last
	row                func(k *windowKernel) // after each row of taps
}

// windowKernel is where a kernel finds its data.
type windowKernel struct {
	*subject
	set        isa
	acc, extra []reg.VecPhysical
	spare      []reg.VecPhysical
	at         func(i int) Mem // of the pixel that a vector of acc is multiplied by
	w, bias    reg.Register
	per        int // vectors in a pixel
	name       string
	relu       Mem
}

func windowTile(s *subject, set isa, a args, kind window, pixels int) {
	name := fmt.Sprintf("%s%d%s", kind.name, pixels, set.suffix)
	base := s.kernel(name, fmt.Sprintf(`
%s: for r < rows, t < tiles, p < %d, l < 16, with x[i][j] = x[r][t][p][i][j][l] for i < kh, j < kw:

	y[r][t][p][l] = %s`, name, pixels, kind.doc), a)
	field := func(f string) Mem { return a.at(base, f) }
	per := 16 / set.floats
	n := pixels * per
	px, tap, count, through := reg.RSI, reg.RDX, reg.RCX, reg.RBX
	k := &windowKernel{
		subject: s, set: set, per: per, name: name, relu: field("relu"),
		acc: set.regs[:n], extra: set.regs[n : n+n*kind.more], spare: set.regs[n+n*kind.more:],
		w: reg.RDI, bias: reg.R8,
	}
	xP := s.newSteps(field("xP"), pixels, reg.R10, reg.R11, reg.R12, reg.R13)
	k.at = func(i int) Mem {
		m := xP.at(px, i/per)
		m.Disp = i % per * set.bytes()
		return m
	}
	xK := reg.R9
	s.MOVQ(field("xK"), xK)
	s.MOVQ(field("bias"), k.bias)
	s.move(field("x"), field("xG"), through)
	s.move(field("y"), field("yG"), through)

	s.Label(name + "_line")
	s.move(field("xG"), field("xA"), through)
	s.move(field("yG"), field("yA"), through)
	s.move(field("tiles"), field("tLeft"), through)
	s.Label(name + "_tile")
	s.MOVQ(field("xA"), px)
	s.MOVQ(field("w"), k.w)
	kind.start(k)
	s.move(field("kh"), field("rLeft"), through)
	s.Label(name + "_row")
	s.MOVQ(field("kw"), count)
	s.Label(name + "_tap")
	kind.tap(k)
	s.ADDQ(xK, px)
	s.DECQ(count)
	s.JNZ(LabelRef(name + "_tap"))
	s.ADDQ(field("xKR"), px)
	kind.row(k)
	s.DECQ(field("rLeft"))
	s.JNZ(LabelRef(name + "_row"))
	kind.finish(k)
	s.MOVQ(field("yA"), tap)
	for i, v := range k.acc {
		s.VMOVUPS(v, Mem{Base: tap, Disp: i * set.bytes()})
	}
	s.ADDQ(U32(64*pixels), field("yA"))
	s.MOVQ(field("xP"), through)
	s.IMUL3Q(Imm(uint64(pixels)), through, through)
	s.ADDQ(through, field("xA"))
	s.DECQ(field("tLeft"))
	s.JNZ(LabelRef(name + "_tile"))
	s.step(a, base, []string{"x", "y"}, "G", "S", through)
	s.DECQ(field("rows"))
	s.JNZ(LabelRef(name + "_line"))
	s.VZEROUPPER()
	s.RET()
}

func nothing(*windowKernel) {}

func depthwise() window {
	return window{
		name: "depthwise", doc: "bias[l] + Σ w[i][j][l] * x[i][j], at least 0 if relu is 1",
		start: func(k *windowKernel) {
			for i, v := range k.acc {
				k.VMOVUPS(Mem{Base: k.bias, Disp: i % k.per * k.set.bytes()}, v)
			}
		},
		tap: func(k *windowKernel) {
			for i := range k.per {
				k.VMOVUPS(Mem{Base: k.w, Disp: i * k.set.bytes()}, k.spare[i])
			}
			for i, v := range k.acc {
				k.VFMADD231PS(k.at(i), k.spare[i%k.per], v)
			}
			k.ADDQ(U8(64), k.w)
		},
		row: nothing,
		finish: func(k *windowKernel) {
			k.CMPQ(k.relu, Imm(0))
			k.JE(LabelRef(k.name + "_done"))
			k.zero(k.set, k.spare[0])
			for _, v := range k.acc {
				k.VMAXPS(v, k.spare[0], v) // as in reluForward
			}
			k.Label(k.name + "_done")
		},
	}
}

// windowMax keeps a NaN: VMAXPS gives its second source if one of the two is NaN, which is x, and
// what is NaN already is not replaced.
func windowMax() window {
	return window{
		name: "windowMax", doc: "the largest x[i][j], NaN if one is",
		start: func(k *windowKernel) {
			for i, v := range k.acc {
				k.VMOVUPS(k.at(i), v)
			}
		},
		tap: func(k *windowKernel) {
			const notNaN, isNaN = 7, 3
			for i, v := range k.acc {
				if k.set.floats == 16 {
					k.VCMPPS(Imm(notNaN), v, v, reg.K1)
					k.VMAXPS(k.at(i), v, reg.K1, v)
					continue
				}
				larger, mask := k.spare[0], k.spare[1]
				k.VMAXPS(k.at(i), v, larger)
				k.VCMPPS(Imm(isNaN), v, v, mask)
				k.VBLENDVPS(mask, v, larger, v)
			}
		},
		row: nothing, finish: nothing,
	}
}

// windowSum adds up each row by itself, as the Go loop.
func windowSum() window {
	clear := func(k *windowKernel, list []reg.VecPhysical) {
		for _, v := range list {
			k.zero(k.set, v)
		}
	}
	return window{
		name: "windowSum", doc: "Σ x[i][j] / bias[l], each row of the window added up by itself", more: 1,
		start: func(k *windowKernel) {
			clear(k, k.acc)
			clear(k, k.extra)
		},
		tap: func(k *windowKernel) {
			for i, v := range k.extra {
				k.VADDPS(k.at(i), v, v)
			}
		},
		row: func(k *windowKernel) {
			for i, v := range k.extra {
				k.VADDPS(v, k.acc[i], k.acc[i])
			}
			clear(k, k.extra)
		},
		finish: func(k *windowKernel) {
			k.VMOVUPS(Mem{Base: k.bias}, k.extra[0])
			for _, v := range k.acc {
				k.VDIVPS(k.extra[0], v, v)
			}
		},
	}
}
