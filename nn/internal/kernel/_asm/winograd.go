package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// A fast convolution F(m×m, 3×3) works on tiles of m+2 pixels squared, each 16 samples
// wide. Its stages are three kernels: input tiles to positions, a product of matrices for
// each position, and positions to output tiles.
func init() {
	for name, v := range map[string]float32{"five": 5, "eight": 8} {
		constants[name] = v
	}
	register("winograd", winograd)
}

func winograd(s *subject) {
	set := isas[1]
	for _, m := range []int{2, 4} {
		winogradInput(s, set, m)
		winogradOutput(s, set, m)
	}
	for _, o := range []int{4, 8} {
		for v := 1; v <= 24/o; v++ {
			winogradProduct(s, set, o, v)
		}
	}
}

// known broadcasts a constant to a register.
func (s *subject) known(name string, v reg.VecPhysical) reg.VecPhysical {
	k := &pixels{subject: s}
	s.VBROADCASTSS(k.datum(name), v)
	return v
}

// winogradInput goes channel by channel: columns of pixels into rows of a buffer, then rows.
func winogradInput(s *subject, set isa, m int) {
	name := fmt.Sprintf("winograd%dInput%s", m, set.suffix)
	a := argsOf("winogradInputArgs")
	base := s.kernel(name, name+": input tiles to positions.", a)
	n := m + 2
	r := set.regs
	var c [3]reg.VecPhysical
	if m == 4 {
		c = [3]reg.VecPhysical{s.known("two", r[13]), s.known("four", r[14]), s.known("five", r[15])}
	}
	x := []reg.Register{reg.R8, reg.R9, reg.R10, reg.R11, reg.R12, reg.R13}[:n]
	for i := range x {
		s.MOVQ(a.at(base, fmt.Sprintf("x%d", i)), x[i])
	}
	at, end, to, from := reg.RCX, reg.RDX, reg.RDI, reg.RSI
	step, free := reg.RBX, reg.R14
	s.move(a.at(base, "v"), a.at(base, "vT"), step)
	s.move(a.at(base, "in"), a.at(base, "left"), step)

	s.Label(name + "_channel")
	st := s.newSteps(a.at(base, "bufR"), n, step, free, reg.R15)
	s.MOVQ(a.at(base, "first"), to)
	s.MOVQ(a.at(base, "width"), end)
	s.XORQ(at, at)
	s.Label(name + "_column")
	transformInput(s, m, r, c,
		func(k int) Mem { return Mem{Base: x[k], Index: at, Scale: 1} },
		func(k int) Mem { return st.at(to, k) })
	s.ADDQ(Imm(uint64(set.bytes())), to)
	s.ADDQ(Imm(uint64(set.bytes())), at)
	s.CMPQ(at, end)
	s.JNE(LabelRef(name + "_column"))

	st = s.newSteps(a.at(base, "vP"), n, step, free, reg.R15)
	s.MOVQ(a.at(base, "buf"), from)
	s.MOVQ(a.at(base, "vT"), to)
	s.MOVQ(U32(uint32(n)), end)
	s.Label(name + "_row")
	s.MOVQ(a.at(base, "tiles"), at)
	s.Label(name + "_tile")
	transformInput(s, m, r, c,
		func(k int) Mem { return Mem{Base: from, Disp: 64 * k} },
		func(k int) Mem { return st.at(to, k) })
	s.ADDQ(I32(64*m), from)
	s.ADDQ(Imm(64), to)
	s.DECQ(at)
	s.JNZ(LabelRef(name + "_tile"))
	s.ADDQ(a.at(base, "bufD"), from)
	s.ADDQ(a.at(base, "vD"), to)
	s.DECQ(end)
	s.JNZ(LabelRef(name + "_row"))

	for i := range x {
		s.ADDQ(a.at(base, fmt.Sprintf("c%d", i)), x[i])
	}
	s.MOVQ(a.at(base, "vC"), step)
	s.ADDQ(step, a.at(base, "vT"))
	s.DECQ(a.at(base, "left"))
	s.JNZ(LabelRef(name + "_channel"))
	s.VZEROUPPER()
	s.RET()
}

// transformInput is one row of numbers times Bᵀ.
func transformInput(s *subject, m int, r []reg.VecPhysical, c [3]reg.VecPhysical, in, out func(k int) Mem) {
	if m == 2 { // d0−d2, d1+d2, d2−d1, d1−d3
		s.VMOVUPS(in(0), r[0])
		s.VMOVUPS(in(1), r[1])
		s.VMOVUPS(in(2), r[2])
		s.VSUBPS(r[2], r[0], r[3])
		s.VADDPS(r[2], r[1], r[4])
		s.VSUBPS(r[1], r[2], r[5])
		s.VSUBPS(in(3), r[1], r[6])
		for k := range 4 {
			s.VMOVUPS(r[3+k], out(k))
		}
		return
	}
	two, four, five := c[0], c[1], c[2]
	d1, d2, d3, d4 := r[0], r[1], r[2], r[3]
	p, q, e, f, g, h := r[4], r[5], r[6], r[7], r[8], r[9]
	s.VMOVUPS(in(1), d1)
	s.VMOVUPS(in(2), d2)
	s.VMOVUPS(in(3), d3)
	s.VMOVUPS(in(4), d4)
	s.VMOVUPS(in(4), p)
	s.VMOVUPS(in(3), q)
	s.VMOVUPS(in(5), h)
	s.VSUBPS(d2, d4, e)
	s.VSUBPS(d1, d3, f)
	s.VFNMADD231PS(four, d2, p) // p = d4 − 4 d2
	s.VFNMADD231PS(four, d1, q) // q = d3 − 4 d1
	s.VFNMADD231PS(five, d3, h) // d5 − 5 d3
	s.VFNMADD231PS(five, d2, d4)
	s.VFMADD231PS(in(0), four, d4)
	s.VMOVUPS(d4, out(0))
	s.VADDPS(p, q, g)
	s.VMOVUPS(g, out(1))
	s.VSUBPS(q, p, g)
	s.VMOVUPS(g, out(2))
	s.VFMADD231PS(four, d1, h)
	s.VMOVUPS(h, out(5))
	s.VMOVAPS(e, g)
	s.VFMADD231PS(two, f, g)
	s.VMOVUPS(g, out(3))
	s.VFNMADD231PS(two, f, e)
	s.VMOVUPS(e, out(4))
}

// winogradOutput goes tile by tile: columns of positions into registers, then rows.
func winogradOutput(s *subject, set isa, m int) {
	name := fmt.Sprintf("winograd%dOutput%s", m, set.suffix)
	a := argsOf("winogradOutputArgs")
	base := s.kernel(name, name+": positions to output tiles.", a)
	n := m + 2
	r := set.regs
	bias, two, four, eight := r[31], r[30], r[29], r[28]
	if m == 4 {
		s.known("two", two)
		s.known("four", four)
		s.known("eight", eight)
	}
	from, col, to, tiles, left := reg.RSI, reg.RDX, reg.RDI, reg.RCX, reg.R11
	plane, yR, yR3, b := reg.R8, reg.R9, reg.R10, reg.R12
	s.MOVQ(a.at(base, "m"), from)
	s.MOVQ(a.at(base, "y"), to)
	s.MOVQ(a.at(base, "mP"), plane)
	s.MOVQ(a.at(base, "yR"), yR)
	s.MOVQ(a.at(base, "bias"), b)
	s.MOVQ(a.at(base, "out"), left)
	s.MOVQ(yR, yR3)
	s.ADDQ(yR, yR3)
	s.ADDQ(yR, yR3)
	st := s.newSteps(a.at(base, "mR"), n, reg.RBX, reg.R14, reg.R15)

	s.Label(name + "_channel")
	s.VBROADCASTSS(Mem{Base: b}, bias)
	s.MOVQ(a.at(base, "tiles"), tiles)
	s.Label(name + "_tile")
	next := 0
	take := func() reg.VecPhysical { next++; return r[next-1] }
	grid := make([][]reg.VecPhysical, m) // rows of what the columns became
	for i := range grid {
		grid[i] = make([]reg.VecPhysical, n)
	}
	s.MOVQ(from, col)
	for j := range n {
		in := func(i int) Mem { return st.at(col, i) }
		if m == 2 {
			p, q := take(), take()
			t := r[27]
			if j == 1 {
				s.VADDPS(in(1), bias, t)
			} else {
				s.VMOVUPS(in(1), t)
			}
			s.VMOVUPS(in(2), r[26])
			s.VADDPS(r[26], t, p)
			s.VSUBPS(r[26], t, q)
			s.VADDPS(in(0), p, p)
			s.VSUBPS(in(3), q, q)
			grid[0][j], grid[1][j] = p, q
		} else {
			s1, d1, o0, o3 := take(), take(), take(), take()
			s2, d2 := r[24], r[25]
			if j == 1 {
				s.VADDPS(in(1), bias, d1)
			} else {
				s.VMOVUPS(in(1), d1)
			}
			s.VMOVUPS(in(2), r[26])
			s.VMOVUPS(in(3), d2)
			s.VMOVUPS(in(4), r[27])
			s.VADDPS(r[26], d1, s1)
			s.VSUBPS(r[26], d1, d1)
			s.VADDPS(r[27], d2, s2)
			s.VSUBPS(r[27], d2, d2)
			s.VADDPS(in(0), s1, o0)
			s.VADDPS(in(5), d1, o3)
			s.VADDPS(s2, o0, o0)
			s.VFMADD231PS(eight, d2, o3)
			s.VFMADD231PS(two, d2, d1)
			s.VFMADD231PS(four, s2, s1)
			grid[0][j], grid[1][j], grid[2][j], grid[3][j] = o0, d1, s1, o3
		}
		if j+1 < n {
			s.ADDQ(plane, col)
		}
	}
	for i, g := range grid {
		at := func(j int) Mem {
			mem := Mem{Base: to, Disp: 64 * j}
			switch i {
			case 1:
				mem.Index, mem.Scale = yR, 1
			case 2:
				mem.Index, mem.Scale = yR, 2
			case 3:
				mem.Index, mem.Scale = yR3, 1
			}
			return mem
		}
		if m == 2 {
			s.VADDPS(g[2], g[1], r[26])
			s.VSUBPS(g[2], g[1], r[27])
			s.VADDPS(g[0], r[26], r[26])
			s.VSUBPS(g[3], r[27], r[27])
			s.VMOVUPS(r[26], at(0))
			s.VMOVUPS(r[27], at(1))
			continue
		}
		s1, s2 := r[24+i%2*2], r[25+i%2*2]
		s.VADDPS(g[2], g[1], s1)
		s.VSUBPS(g[2], g[1], g[1])
		s.VADDPS(g[4], g[3], s2)
		s.VSUBPS(g[4], g[3], g[3])
		s.VADDPS(s1, g[0], g[0])
		s.VADDPS(g[1], g[5], g[5])
		s.VFMADD231PS(four, s2, s1)
		s.VADDPS(s2, g[0], g[0])
		s.VFMADD231PS(eight, g[3], g[5])
		s.VFMADD231PS(two, g[3], g[1])
		s.VMOVUPS(g[0], at(0))
		s.VMOVUPS(g[1], at(1))
		s.VMOVUPS(s1, at(2))
		s.VMOVUPS(g[5], at(3))
	}
	s.ADDQ(Imm(64), from)
	s.ADDQ(I32(64*m), to)
	s.DECQ(tiles)
	s.JNZ(LabelRef(name + "_tile"))
	s.ADDQ(a.at(base, "mD"), from)
	s.ADDQ(a.at(base, "yD"), to)
	s.ADDQ(a.at(base, "biasC"), b)
	s.DECQ(left)
	s.JNZ(LabelRef(name + "_channel"))
	s.VZEROUPPER()
	s.RET()
}

// winogradProduct is a tile of o output channels × v vectors.
func winogradProduct(s *subject, set isa, o, v int) {
	name := fmt.Sprintf("winogradProduct%dx%d%s", o, v, set.suffix)
	a := argsOf("winogradProductArgs")
	base := s.kernel(name, name+": y[p][o][t] = Σ w[p][o][c] · x[p][c][t].", a)
	acc := func(i, j int) reg.VecPhysical { return set.regs[i*v+j] }
	x := set.regs[o*v:][:v]
	w := set.regs[o*v+v:]
	w = w[:min(len(w), 4)]
	xT, yT, wT := reg.R8, reg.R9, reg.R10 // of the block of tiles
	yG, px, pw, k, xC := reg.R11, reg.RSI, reg.RDI, reg.RCX, reg.RBX
	py, yC := reg.RDX, reg.R12
	blocks, groups, positions := reg.R13, reg.R14, reg.R15
	size := set.bytes()

	s.MOVQ(a.at(base, "xC"), xC)
	s.MOVQ(a.at(base, "yC"), yC)
	s.MOVQ(a.at(base, "positions"), positions)
	s.MOVQ(a.at(base, "x"), xT)
	s.MOVQ(a.at(base, "y"), yT)
	s.MOVQ(a.at(base, "w"), wT)
	s.Label(name + "_position")
	s.MOVQ(a.at(base, "blocks"), blocks)
	s.Label(name + "_block")
	s.MOVQ(a.at(base, "groups"), groups)
	s.MOVQ(yT, yG)
	s.MOVQ(wT, pw)
	s.Label(name + "_group")
	s.MOVQ(xT, px)
	s.MOVQ(a.at(base, "in"), k)
	for i := range o {
		for j := range v {
			s.zero(set, acc(i, j))
		}
	}
	step := func(second bool) {
		for j := range v {
			m := Mem{Base: px, Disp: size * j}
			if second {
				m.Index, m.Scale = xC, 1
			}
			s.VMOVUPS(m, x[j])
		}
		for i := range o {
			d := 4 * i
			if second {
				d += 4 * o
			}
			s.VBROADCASTSS(Mem{Base: pw, Disp: d}, w[i%len(w)])
			for j := range v {
				s.VFMADD231PS(x[j], w[i%len(w)], acc(i, j))
			}
		}
	}
	s.SUBQ(Imm(2), k)
	s.JL(LabelRef(name + "_odd"))
	s.Label(name + "_two")
	step(false)
	step(true)
	s.LEAQ(Mem{Base: px, Index: xC, Scale: 2}, px)
	s.ADDQ(Imm(uint64(8*o)), pw)
	s.SUBQ(Imm(2), k)
	s.JGE(LabelRef(name + "_two"))
	s.Label(name + "_odd")
	s.ADDQ(Imm(1), k)
	s.JNE(LabelRef(name + "_store"))
	step(false)
	s.ADDQ(Imm(uint64(4*o)), pw)
	s.Label(name + "_store")
	s.MOVQ(yG, py)
	for i := range o {
		for j := range v {
			s.VMOVUPS(acc(i, j), Mem{Base: py, Disp: size * j})
		}
		s.ADDQ(yC, py)
	}
	s.MOVQ(py, yG)
	s.DECQ(groups)
	s.JNZ(LabelRef(name + "_group"))
	s.ADDQ(I32(size*v), xT)
	s.ADDQ(I32(size*v), yT)
	s.DECQ(blocks)
	s.JNZ(LabelRef(name + "_block"))
	s.ADDQ(a.at(base, "xD"), xT)
	s.ADDQ(a.at(base, "yD"), yT)
	s.ADDQ(a.at(base, "wP"), wT)
	s.DECQ(positions)
	s.JNZ(LabelRef(name + "_position"))
	s.VZEROUPPER()
	s.RET()
}
