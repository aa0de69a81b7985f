package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Loops over the parameters. Each operation is rounded like the Go loop's, and none is
// fused, so the bits are the same.
func init() { register("update", update) }

func update(s *subject) {
	a := argsOf("updateArgs")
	for _, set := range isas {
		s.loop(set, a, "add", "y += x", []string{"y", "x"}, 0, func(p map[string]reg.Register) {
			s.VMOVUPS(Mem{Base: p["y"]}, set.regs[0])
			s.VADDPS(Mem{Base: p["x"]}, set.regs[0], set.regs[0])
			s.VMOVUPS(set.regs[0], Mem{Base: p["y"]})
		})
		s.loop(set, a, "adam", `with b1, b2, rate, scale, eps = c:
	m += (x − m)·b1
	v += (x·x − v)·b2
	y −= rate·m/(√v/scale + eps)`, []string{"y", "x", "m", "v"}, 5, func(p map[string]reg.Register) {
			r := set.regs
			x, m, v, t := r[0], r[1], r[2], r[3]
			s.VMOVUPS(Mem{Base: p["x"]}, x)
			s.VMOVUPS(Mem{Base: p["m"]}, m)
			s.VMOVUPS(Mem{Base: p["v"]}, v)
			s.VSUBPS(m, x, t)
			s.VMULPS(r[8], t, t)
			s.VADDPS(t, m, m)
			s.VMOVUPS(m, Mem{Base: p["m"]})
			s.VMULPS(x, x, t)
			s.VSUBPS(v, t, t)
			s.VMULPS(r[9], t, t)
			s.VADDPS(t, v, v)
			s.VMOVUPS(v, Mem{Base: p["v"]})
			s.VSQRTPS(v, v)
			s.VDIVPS(r[11], v, v)
			s.VADDPS(r[12], v, v)
			s.VMULPS(r[10], m, m)
			s.VDIVPS(v, m, m)
			s.VMOVUPS(Mem{Base: p["y"]}, x)
			s.VSUBPS(m, x, x)
			s.VMOVUPS(x, Mem{Base: p["y"]})
		})
		s.sgd(set, a)
	}
}

// sgd writes the loops of gradient descent: without momentum, then in PyTorch's and
// Keras's form, each without and with Nesterov's look-ahead.
func (s *subject) sgd(set isa, a args) {
	r := set.regs
	x, m, t, y, rate, momentum := r[0], r[1], r[2], r[3], r[8], r[9]
	s.loop(set, a, "sgd", "with rate = c: y −= rate·x", []string{"y", "x"}, 1, func(p map[string]reg.Register) {
		s.VMULPS(Mem{Base: p["x"]}, rate, x)
		s.VMOVUPS(Mem{Base: p["y"]}, y)
		s.VSUBPS(x, y, y)
		s.VMOVUPS(y, Mem{Base: p["y"]})
	})
	for _, f := range []struct {
		suffix, pytorch, keras string
		nesterov               bool
	}{
		{"", "rate·m", "m", false},
		{"Nesterov", "rate·(x + momentum·m)", "momentum·m − rate·x", true},
	} {
		slices := []string{"y", "x", "m"}
		doc := "with rate, momentum = c:\n\tm = momentum·m "
		s.loop(set, a, "sgdPyTorch"+f.suffix, doc+"+ x\n\ty −= "+f.pytorch, slices, 2, func(p map[string]reg.Register) {
			s.VMOVUPS(Mem{Base: p["y"]}, y)
			s.VMOVUPS(Mem{Base: p["x"]}, x)
			s.VMULPS(Mem{Base: p["m"]}, momentum, m)
			s.VADDPS(x, m, m)
			s.VMOVUPS(m, Mem{Base: p["m"]})
			if f.nesterov {
				s.VMULPS(momentum, m, m)
				s.VADDPS(x, m, m)
			}
			s.VMULPS(rate, m, m)
			s.VSUBPS(m, y, y)
			s.VMOVUPS(y, Mem{Base: p["y"]})
		})
		s.loop(set, a, "sgdKeras"+f.suffix, doc+"− rate·x\n\ty += "+f.keras, slices, 2, func(p map[string]reg.Register) {
			s.VMULPS(Mem{Base: p["x"]}, rate, t)
			s.VMULPS(Mem{Base: p["m"]}, momentum, m)
			s.VSUBPS(t, m, m)
			s.VMOVUPS(m, Mem{Base: p["m"]})
			if f.nesterov {
				s.VMULPS(momentum, m, m)
				s.VSUBPS(t, m, m)
			}
			s.VADDPS(Mem{Base: p["y"]}, m, y)
			s.VMOVUPS(y, Mem{Base: p["y"]})
		})
	}
}

// loop goes through vectors side by side. So many constants are in registers from 8 on.
func (s *subject) loop(set isa, a args, name, doc string, slices []string, constants int, body func(p map[string]reg.Register)) {
	name += set.suffix
	base := s.kernel(name, name+": for n vectors, "+doc, a)
	p := map[string]reg.Register{}
	for i, f := range slices {
		p[f] = []reg.Register{reg.RDI, reg.RSI, reg.R8, reg.R9}[i]
		s.MOVQ(a.at(base, f), p[f])
	}
	n, c := reg.RCX, reg.RDX
	s.MOVQ(a.at(base, "n"), n)
	if constants > 0 {
		s.MOVQ(a.at(base, "c"), c)
	}
	for i := range constants {
		s.VBROADCASTSS(Mem{Base: c, Disp: 4 * i}, set.regs[8+i])
	}
	s.Label(name + "_vector")
	body(p)
	for _, f := range slices {
		s.ADDQ(U32(uint32(set.bytes())), p[f])
	}
	s.DECQ(n)
	s.JNZ(LabelRef(name + "_vector"))
	s.VZEROUPPER()
	s.RET()
}
