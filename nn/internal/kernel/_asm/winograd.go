package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// A fast convolution F(4×4, 3×3) works on tiles of 6×6 pixels. Its stages are three kernels:
// tiles of the input become 36 numbers each, the positions; for each position matrices are
// multiplied; positions become tiles of the output. The first and the last transform columns
// into a buffer in the first-level cache, and then its rows. ../winograd_go.go has the
// formulas.
func init() {
	const a, b = 5. / 8, 3. / 2
	for name, v := range map[string]float32{
		"a": a, "a²": a * a, "a³": a * a * a, "b": b, "b²": b * b, "b³": b * b * b, "a²b²": a * a * b * b, "a²+b²": a*a + b*b,
	} {
		constants[name] = v
	}
	register("winograd", winograd)
}

func winograd(s *subject) {
	for _, set := range isas {
		winogradInput(s, set)
		for v := 1; v <= set.maxV(4); v++ {
			winogradProduct(s, set, v)
		}
		winogradOutput(s, set)
	}
}

// transform is a row of numbers times a matrix, in registers.
type transform struct {
	*subject
	regs []reg.VecPhysical // to work in
	c    map[string]reg.VecPhysical
}

// newTransform loads constants into the last registers.
func newTransform(s *subject, set isa, names ...string) transform {
	k := &pixels{subject: s}
	free := len(set.regs) - len(names)
	t := transform{s, set.regs[:free], map[string]reg.VecPhysical{}}
	for i, name := range names {
		t.c[name] = set.regs[free+i]
		s.VBROADCASTSS(k.datum(name), t.c[name])
	}
	return t
}

// input writes Bᵀ·d.
func (t transform) input(d, to func(k int) Mem) {
	r := t.regs
	d1, d2, d3, d4, p, q, sum := r[0], r[1], r[2], r[3], r[4], r[5], r[6]
	t.VMOVUPS(d(1), d1)
	t.VMOVUPS(d(2), d2)
	t.VMOVUPS(d(3), d3)
	t.VMOVUPS(d(4), d4)
	pair := func(square, factor string, first int) {
		t.VMOVAPS(d4, p)
		t.VMOVAPS(d3, q)
		t.VFNMADD231PS(t.c[square], d2, p)
		t.VFNMADD231PS(t.c[square], d1, q)
		t.VMOVAPS(p, sum)
		t.VFMADD231PS(t.c[factor], q, sum)
		t.VFNMADD231PS(t.c[factor], q, p)
		t.VMOVUPS(sum, to(first))
		t.VMOVUPS(p, to(first+1))
	}
	pair("b²", "a", 1)
	pair("a²", "b", 3)
	t.VFNMADD231PS(t.c["a²+b²"], d2, d4)
	t.VFMADD231PS(d(0), t.c["a²b²"], d4)
	t.VMOVUPS(d4, to(0))
	t.VMOVUPS(d(5), p)
	t.VFNMADD231PS(t.c["a²+b²"], d3, p)
	t.VFMADD231PS(t.c["a²b²"], d1, p)
	t.VMOVUPS(p, to(5))
}

// output gives Aᵀ·m, plus bias if that is not nil, to store.
func (t transform) output(m func(k int) Mem, bias reg.VecPhysical, store func(k int, v reg.VecPhysical)) {
	r := t.regs
	s1, d1, s2, d2, m2, m4, y := r[0], r[1], r[2], r[3], r[4], r[5], r[6]
	t.VMOVUPS(m(1), d1)
	t.VMOVUPS(m(2), m2)
	t.VMOVUPS(m(3), d2)
	t.VMOVUPS(m(4), m4)
	t.VADDPS(m2, d1, s1)
	t.VSUBPS(m2, d1, d1)
	t.VADDPS(m4, d2, s2)
	t.VSUBPS(m4, d2, d2)
	t.VADDPS(m(0), s1, y)
	t.VADDPS(s2, y, y)
	if bias != nil {
		t.VADDPS(bias, y, y)
	}
	store(0, y)
	if bias != nil {
		t.VADDPS(m(5), bias, y)
	} else {
		t.VMOVUPS(m(5), y)
	}
	t.VFMADD231PS(t.c["a³"], d1, y)
	t.VFMADD231PS(t.c["b³"], d2, y)
	store(3, y)
	if bias != nil {
		t.VFMADD213PS(bias, t.c["a"], d1)
		t.VFMADD213PS(bias, t.c["a²"], s1)
	} else {
		t.VMULPS(t.c["a"], d1, d1)
		t.VMULPS(t.c["a²"], s1, s1)
	}
	t.VFMADD231PS(t.c["b"], d2, d1)
	t.VFMADD231PS(t.c["b²"], s2, s1)
	store(1, d1)
	store(2, s1)
}

// winogradInput goes channel by channel through a row of tiles.
func winogradInput(s *subject, set isa) {
	name := "winogradInput" + set.suffix
	a := argsOf("winogradInputArgs")
	base := s.kernel(name, name+`: for c < in, with u = 4·t and 64 bytes a pixel:

	buf[i][first+j] = Bᵀ[i][k] * xk[c][j]                for i, k < 6, 64·j < width
	v[i][l][c][t] = Bᵀ[l][k] * buf[i][u+k]               for i, k, l < 6, t < tiles`, a)
	t := newTransform(s, set, "a", "b", "a²", "b²", "a²b²", "a²+b²")
	x := []reg.Register{reg.R8, reg.R9, reg.R10, reg.R11, reg.R12, reg.R13}
	for i := range x {
		s.MOVQ(a.at(base, fmt.Sprintf("x%d", i)), x[i])
	}
	at, end, to, from := reg.RCX, reg.RDX, reg.RDI, reg.RSI
	free := []reg.Register{reg.RBX, reg.R14, reg.R15}
	s.move(a.at(base, "v"), a.at(base, "vT"), at)
	s.move(a.at(base, "in"), a.at(base, "left"), at)

	s.Label(name + "_channel")
	rows := s.newSteps(a.at(base, "bufR"), 6, free...)
	s.MOVQ(a.at(base, "first"), to)
	s.MOVQ(a.at(base, "width"), end)
	s.XORQ(at, at)
	s.Label(name + "_column")
	t.input(func(k int) Mem { return Mem{Base: x[k], Index: at, Scale: 1} }, func(k int) Mem { return rows.at(to, k) })
	s.ADDQ(Imm(uint64(set.bytes())), to)
	s.ADDQ(Imm(uint64(set.bytes())), at)
	s.CMPQ(at, end)
	s.JNE(LabelRef(name + "_column"))

	positions := s.newSteps(a.at(base, "vP"), 6, free...)
	s.MOVQ(a.at(base, "buf"), from)
	s.MOVQ(a.at(base, "vT"), to)
	s.MOVQ(U32(6), end)
	s.Label(name + "_row")
	s.MOVQ(a.at(base, "tiles"), at)
	s.Label(name + "_tile")
	for part := 0; part < 64; part += set.bytes() {
		t.input(func(k int) Mem { return Mem{Base: from, Disp: 64*k + part} }, func(k int) Mem {
			m := positions.at(to, k)
			m.Disp = part
			return m
		})
	}
	s.ADDQ(I32(4*64), from)
	s.ADDQ(Imm(64), to)
	s.DECQ(at)
	s.JNZ(LabelRef(name + "_tile"))
	s.ADDQ(a.at(base, "bufD"), from)
	s.ADDQ(a.at(base, "vD"), to)
	s.DECQ(end)
	s.JNZ(LabelRef(name + "_row"))

	for i := range x {
		s.ADDQ(a.at(base, fmt.Sprintf("x%dC", i)), x[i])
	}
	s.MOVQ(a.at(base, "vC"), at)
	s.ADDQ(at, a.at(base, "vT"))
	s.DECQ(a.at(base, "left"))
	s.JNZ(LabelRef(name + "_channel"))
	s.VZEROUPPER()
	s.RET()
}
