package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// isa is an instruction set that kernels are written for.
type isa struct {
	suffix string // of the kernels' names
	floats int    // in a vector
	regs   []reg.VecPhysical
}

var isas = []isa{
	{"AVX2", 8, []reg.VecPhysical{
		reg.Y0, reg.Y1, reg.Y2, reg.Y3, reg.Y4, reg.Y5, reg.Y6, reg.Y7,
		reg.Y8, reg.Y9, reg.Y10, reg.Y11, reg.Y12, reg.Y13, reg.Y14, reg.Y15,
	}},
	{"AVX512", 16, []reg.VecPhysical{
		reg.Z0, reg.Z1, reg.Z2, reg.Z3, reg.Z4, reg.Z5, reg.Z6, reg.Z7,
		reg.Z8, reg.Z9, reg.Z10, reg.Z11, reg.Z12, reg.Z13, reg.Z14, reg.Z15,
		reg.Z16, reg.Z17, reg.Z18, reg.Z19, reg.Z20, reg.Z21, reg.Z22, reg.Z23,
		reg.Z24, reg.Z25, reg.Z26, reg.Z27, reg.Z28, reg.Z29, reg.Z30, reg.Z31,
	}},
}

// bytes is the size of a vector.
func (i isa) bytes() int { return 4 * i.floats }

// steps addresses vectors that lie a number of bytes apart which a register holds:
// base, base+step, base+2·step, … up to eleven times. Only odd multiples from 3 on
// need a register of their own.
type steps struct {
	multiple map[int]reg.Register
}

// newSteps computes the multiples of step that n vectors need, into free registers.
// It takes the step from mem.
func (s *subject) newSteps(mem operand.Mem, n int, free ...reg.Register) steps {
	st := steps{map[int]reg.Register{}}
	for m := 1; m < n; m += 2 {
		st.multiple[m] = free[m/2]
	}
	if n > 1 {
		s.MOVQ(mem, st.multiple[1])
	}
	for m := 3; m < n; m += 2 {
		s.MOVQ(st.multiple[m-2], st.multiple[m])
		s.ADDQ(st.multiple[1], st.multiple[m])
		s.ADDQ(st.multiple[1], st.multiple[m])
	}
	return st
}

// at addresses vector i, 0 ≤ i < 12.
func (st steps) at(base reg.Register, i int) operand.Mem {
	m := operand.Mem{Base: base}
	if i == 0 {
		return m
	}
	scale := uint8(1)
	for i%2 == 0 {
		i, scale = i/2, scale*2
	}
	m.Index, m.Scale = st.multiple[i], scale
	return m
}

// zero clears a register.
func (s *subject) zero(set isa, v reg.VecPhysical) {
	if set.floats == 16 { // the form that reaches all 32 registers
		s.VPXORD(v, v, v)
	} else {
		s.VXORPS(v, v, v)
	}
}

// move copies 8 bytes of memory through a register.
func (s *subject) move(from, to operand.Mem, through reg.Register) {
	s.MOVQ(from, through)
	s.MOVQ(through, to)
}
