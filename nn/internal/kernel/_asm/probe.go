package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// What the machine can do, to measure kernels against: multiply-adds in registers
// alone, and multiply-adds with the loads of a convolution's tile, all of them from
// the nearest cache.
//
// Sums and operands are the numbers of conv.go's tile of four channels: on AVX2 12 sums
// for 3 vectors and 4 weights, on AVX-512 24 for 6 and 4.
func init() { register("probe", probe) }

const probeChannels = 4

func probe(s *subject) {
	a := argsOf("probeArgs")
	for _, set := range isas {
		peak(s, set, a)
		tile(s, set, a)
	}
}

// peak adds and subtracts the same product, so that sums stay small and no bit stands
// still.
func peak(s *subject, set isa, a args) {
	sums := probeSums(set)
	name := "peak" + set.suffix
	base := s.kernel(name, fmt.Sprintf(`
%s: for s < %d sums of %d floats l each:

	y[s][l] = 0
	for r < rounds:
		y[s][l] += x[0][l] * w[0]
		y[s][l] += x[0][l] * w[1]`, name, sums, set.floats), a)
	x, w0, w1 := set.regs[sums], set.regs[sums+1], set.regs[sums+2]
	rounds := reg.RCX
	s.MOVQ(a.at(base, "x"), reg.RSI)
	s.VMOVUPS(Mem{Base: reg.RSI}, x)
	s.MOVQ(a.at(base, "w"), reg.RSI)
	s.VBROADCASTSS(Mem{Base: reg.RSI}, w0)
	s.VBROADCASTSS(Mem{Base: reg.RSI, Disp: 4}, w1)
	s.MOVQ(a.at(base, "rounds"), rounds)
	for i := range sums {
		s.zero(set, set.regs[i])
	}
	s.Label(name + "_round")
	for _, w := range []reg.VecPhysical{w0, w1} {
		for i := range sums {
			s.VFMADD231PS(x, w, set.regs[i])
		}
	}
	s.DECQ(rounds)
	s.JNZ(LabelRef(name + "_round"))
	s.storeSums(set, a, base, sums)
}

// tile is the innermost loop of a convolution over two taps.
func tile(s *subject, set isa, a args) {
	sums := probeSums(set)
	vectors := sums / probeChannels
	name := "tile" + set.suffix
	base := s.kernel(name, fmt.Sprintf(`
%s: for o < %d, v < %d vectors of %d floats l each:

	y[o][v][l] = 0
	for r < rounds, k < 2:  y[o][v][l] += w[k][o] * x[k+v][l]`, name, probeChannels, vectors, set.floats), a)
	rest := set.regs[sums:]
	x, w := rest[:vectors], rest[len(rest)-1]
	px, pw, rounds := reg.RSI, reg.RDI, reg.RCX
	s.MOVQ(a.at(base, "x"), px)
	s.MOVQ(a.at(base, "w"), pw)
	s.MOVQ(a.at(base, "rounds"), rounds)
	for i := range sums {
		s.zero(set, set.regs[i])
	}
	s.Label(name + "_round")
	for k := range 2 {
		for v := range x {
			s.VMOVUPS(Mem{Base: px, Disp: (k + v) * set.bytes()}, x[v])
		}
		for o := range probeChannels {
			s.VBROADCASTSS(Mem{Base: pw, Disp: 4 * (k*probeChannels + o)}, w)
			for v := range x {
				s.VFMADD231PS(x[v], w, set.regs[o*vectors+v])
			}
		}
	}
	s.DECQ(rounds)
	s.JNZ(LabelRef(name + "_round"))
	s.storeSums(set, a, base, sums)
}

// probeSums is as many sums as the largest tile has.
func probeSums(set isa) int { return probeChannels * set.maxV(probeChannels) }

func (s *subject) storeSums(set isa, a args, base reg.Register, sums int) {
	s.MOVQ(a.at(base, "y"), reg.RSI)
	for i := range sums {
		s.VMOVUPS(set.regs[i], Mem{Base: reg.RSI, Disp: i * set.bytes()})
	}
	s.VZEROUPPER()
	s.RET()
}
