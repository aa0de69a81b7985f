package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The weight gradient is tiles too: a few output channels × a few weights whose sums
// stay in registers, as vectors over lanes, while the pixels of a strip go by. The
// lanes are added up at the end, four sums at a time.
func init() { register("conv_grad", convGrad) }

func convGrad(s *subject) {
	a := argsOf("gradArgs")
	for _, set := range isas {
		for n := 1; n <= set.maxV(4); n++ {
			gradTile(s, set, a, 4, n, 1)
		}
		for n := 1; n <= set.maxV(1); n++ {
			gradTile(s, set, a, 1, n, 1)
		}
		gradWindow(s, set, a)
		if set.floats == 16 {
			gradTile(s, set, a, 4, 3, 2)
		}
	}
}

// gradTile is a tile for one input channel, or for two, which share the loads of dy.
func gradTile(s *subject, set isa, a args, channels, weights, inputs int) {
	name := fmt.Sprintf("grad%dx%d", channels, weights)
	doc := fmt.Sprintf("for t < tiles, o < %d, b < %d, with l the floats of a vector:\n\n\tdw[t][o][b] += Σ dy[o][r][v][l] * x[t][b][r][v][l]", channels, weights)
	if inputs == 2 {
		name += "x2"
		doc = fmt.Sprintf("for t < tiles, o < %d, c < 2, b < %d, with l the floats of a vector:\n\n\tdw[t][o][c][b] += Σ dy[o][r][v][l] * x[t][c][b][r][v][l]", channels, weights)
	}
	name += set.suffix
	base := s.kernel(name, "\n"+name+": "+doc+"   over r < rows, v < vectors, l", a)

	acc := func(o, b int) reg.VecPhysical { return set.regs[b*channels+o] }
	rest := set.regs[channels*weights*inputs:]
	x, dy := rest[:weights*inputs], rest[len(rest)-1]
	if channels == 1 {
		x = nil
	}
	px, pdy, px2 := reg.RSI, reg.RDI, reg.RDX
	xV, dyV := reg.R8, reg.R9
	n, r := reg.RCX, reg.RBX

	s.MOVQ(a.at(base, "xV"), xV)
	s.MOVQ(a.at(base, "dyV"), dyV)
	dyOC := s.newSteps(a.at(base, "dyOC"), channels, reg.R10, reg.R11)
	xB := s.newSteps(a.at(base, "xB"), weights, reg.R12, reg.R13, reg.R14, reg.R15)

	s.move(a.at(base, "x"), a.at(base, "xT"), r)
	s.move(a.at(base, "dw"), a.at(base, "dwT"), r)
	s.move(a.at(base, "dy"), a.at(base, "dyT"), r)

	xAt := func(b int) Mem {
		if b >= weights {
			return xB.at(px2, b-weights)
		}
		return xB.at(px, b)
	}

	s.Label(name + "_tile")
	for o := range channels {
		for b := range weights * inputs {
			s.zero(set, acc(o, b))
		}
	}
	s.MOVQ(a.at(base, "xT"), px)
	if inputs == 2 {
		s.MOVQ(px, px2)
		s.ADDQ(a.at(base, "xC"), px2)
	}
	s.MOVQ(a.at(base, "dyT"), pdy)
	s.MOVQ(a.at(base, "rows"), r)
	s.Label(name + "_row")
	vector := func() {
		for b := range x {
			s.VMOVUPS(xAt(b), x[b])
		}
		for o := range channels {
			s.VMOVUPS(dyOC.at(pdy, o), dy)
			for b := range weights * inputs {
				if x == nil {
					s.VFMADD231PS(xAt(b), dy, acc(o, b))
				} else {
					s.VFMADD231PS(x[b], dy, acc(o, b))
				}
			}
		}
		s.ADDQ(xV, px)
		if inputs == 2 {
			s.ADDQ(xV, px2)
		}
		s.ADDQ(dyV, pdy)
	}
	// Four at a time: processors predict the end of a loop of nine rounds, but not of
	// one of thirty-six.
	s.MOVQ(a.at(base, "vectors"), n)
	s.SUBQ(Imm(4), n)
	s.JL(LabelRef(name + "_few"))
	s.Label(name + "_four")
	for range 4 {
		vector()
	}
	s.SUBQ(Imm(4), n)
	s.JGE(LabelRef(name + "_four"))
	s.Label(name + "_few")
	s.ADDQ(Imm(4), n)
	s.JZ(LabelRef(name + "_rowend"))
	s.Label(name + "_vector")
	vector()
	s.DECQ(n)
	s.JNZ(LabelRef(name + "_vector"))
	s.Label(name + "_rowend")
	s.ADDQ(a.at(base, "xR"), px)
	if inputs == 2 {
		s.ADDQ(a.at(base, "xR"), px2)
	}
	s.ADDQ(a.at(base, "dyR"), pdy)
	s.DECQ(r)
	s.JNZ(LabelRef(name + "_row"))

	s.MOVQ(a.at(base, "dwT"), px)
	if channels == 4 {
		s.MOVQ(a.at(base, "dwOC"), n)
		if inputs == 2 {
			s.MOVQ(px, px2)
			s.ADDQ(a.at(base, "dwC"), px2)
		}
		for b := range weights * inputs {
			if b == weights {
				s.MOVQ(px2, px)
			}
			s.MOVQ(px, pdy)
			s.addLanes(set, set.regs[b*4:b*4+4], pdy, n)
			s.ADDQ(a.at(base, "dwB"), px)
		}
	} else {
		s.MOVQ(U32(4), n)
		for b := 0; b < weights; b += 4 {
			if b+4 <= weights {
				s.addLanes(set, set.regs[b:b+4], px, nil)
			} else {
				s.addLanes(set, set.regs[b:weights], px, n)
			}
		}
	}
	for _, f := range []string{"x", "dy", "dw"} {
		s.MOVQ(a.at(base, f+"A"), px)
		s.ADDQ(px, a.at(base, f+"T"))
	}
	s.DECQ(a.at(base, "tiles"))
	s.JNZ(LabelRef(name + "_tile"))
	s.VZEROUPPER()
	s.RET()
}

// gradWindow is the tile of a 3×3 kernel of one channel, as a depthwise convolution has: pixels are
// used once, straight from memory.
func gradWindow(s *subject, set isa, a args) {
	name := "grad3x3" + set.suffix
	base := s.kernel(name, name+`: for i < 3, j < 3, with l the floats of a vector:

	dw[3i + j] += Σ dy[r][v][l] * x[i][j][r][v][l]   over r < rows, v < vectors, l

with xA from i to i + 1, xB from j to j + 1.`, a)
	acc, dy := set.regs[:9], set.regs[9]
	rows := [3]reg.Register{reg.RSI, reg.R10, reg.R11}
	pdy, xV, dyV, xB, n, r := reg.RDI, reg.R8, reg.R9, reg.R12, reg.RCX, reg.RBX
	for _, v := range acc {
		s.zero(set, v)
	}
	s.MOVQ(a.at(base, "xV"), xV)
	s.MOVQ(a.at(base, "dyV"), dyV)
	s.MOVQ(a.at(base, "xB"), xB)
	s.MOVQ(a.at(base, "dy"), pdy)
	s.MOVQ(a.at(base, "x"), rows[0])
	for i := 1; i < 3; i++ {
		s.MOVQ(rows[i-1], rows[i])
		s.ADDQ(a.at(base, "xA"), rows[i])
	}
	s.MOVQ(a.at(base, "rows"), r)
	s.Label(name + "_row")
	s.MOVQ(a.at(base, "vectors"), n)
	s.Label(name + "_vector")
	s.VMOVUPS(Mem{Base: pdy}, dy)
	for i, px := range rows {
		s.VFMADD231PS(Mem{Base: px}, dy, acc[3*i])
		s.VFMADD231PS(Mem{Base: px, Index: xB, Scale: 1}, dy, acc[3*i+1])
		s.VFMADD231PS(Mem{Base: px, Index: xB, Scale: 2}, dy, acc[3*i+2])
		s.ADDQ(xV, px)
	}
	s.ADDQ(dyV, pdy)
	s.DECQ(n)
	s.JNZ(LabelRef(name + "_vector"))
	for _, px := range rows {
		s.ADDQ(a.at(base, "xR"), px)
	}
	s.ADDQ(a.at(base, "dyR"), pdy)
	s.DECQ(r)
	s.JNZ(LabelRef(name + "_row"))
	s.MOVQ(a.at(base, "dw"), pdy)
	s.addLanes(set, acc[:4], pdy, nil)
	s.addLanes(set, acc[4:8], pdy, nil)
	s.addLanes(set, acc[8:], pdy, n)
	s.VZEROUPPER()
	s.RET()
}

// addLanes adds the sum over the lanes of each of up to four vectors to a float at p,
// p+step, …; it leaves p behind the last. Without a step they are four, side by side. It overwrites the first four registers, and
// some behind the twelfth, so sums go in the order of their registers.
func (s *subject) addLanes(set isa, v []reg.VecPhysical, p, step reg.Register) {
	var y, x [4]reg.Register
	for i := range y {
		in := set.regs[12+i] // what is missing is added up and not used
		if i < len(v) {
			in = v[i]
		}
		y[i], x[i] = in.AsY(), in.AsX()
		if set.floats == 16 {
			// VHADDPS reaches only the first sixteen registers.
			y[i], x[i] = set.regs[i].AsY(), set.regs[i].AsX()
			s.VEXTRACTF64X4(Imm(1), in, set.regs[31].AsY())
			s.VADDPS(set.regs[31].AsY(), in.AsY(), y[i])
		}
	}
	s.VHADDPS(y[1], y[0], y[0])
	s.VHADDPS(y[3], y[2], y[2])
	s.VHADDPS(y[2], y[0], y[0])
	s.VEXTRACTF128(Imm(1), y[0], x[1])
	s.VADDPS(x[1], x[0], x[0])
	if step == nil {
		s.VADDPS(Mem{Base: p}, x[0], x[0])
		s.VMOVUPS(x[0], Mem{Base: p})
		s.ADDQ(Imm(16), p)
		return
	}
	for i := range v {
		if i > 0 {
			s.VPERMILPS(Imm(0x39), x[0], x[0]) // the next lane
		}
		s.VADDSS(Mem{Base: p}, x[0], x[1])
		s.VMOVSS(x[1], Mem{Base: p})
		s.ADDQ(step, p)
	}
}
