package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func init() { register("single", single) }

const slopeFields = `
	y, x, a unsafe.Pointer
	n       uintptr // vectors, at least 1
`

// single: max(x, 0) + a·min(x, 0) would lose a NaN and the sign of −0, so it chooses
// between x and a·x by a comparison.
func single(s *subject) {
	a := s.newArgs("slopeArgs is what slopeEach works on.", "slopeArgs", slopeFields)
	for _, set := range isas {
		name := "slopeEach" + set.suffix
		base := s.kernel(name, name+": for n vectors, y = x if x > 0, else a·x", a)
		y, x, slope, n := reg.RDI, reg.RSI, reg.RBX, reg.RCX
		s.MOVQ(a.at(base, "y"), y)
		s.MOVQ(a.at(base, "x"), x)
		s.MOVQ(a.at(base, "a"), slope)
		s.MOVQ(a.at(base, "n"), n)
		v, scaled, zero, above := set.regs[0], set.regs[1], set.regs[2], set.regs[3]
		s.zero(set, zero)
		s.Label(name + "_vector")
		s.VMOVUPS(Mem{Base: x}, v)
		s.VMULPS(Mem{Base: slope}, v, scaled)
		if set.floats == 16 {
			s.VCMPPS(Imm(cmpGreater), zero, v, reg.K1)
			s.VMOVAPS(v, reg.K1, scaled)
		} else {
			s.VCMPPS(Imm(cmpGreater), zero, v, above)
			s.VBLENDVPS(above, v, scaled, scaled)
		}
		s.VMOVUPS(scaled, Mem{Base: y})
		for _, p := range []reg.Register{x, slope, y} {
			s.ADDQ(U32(uint32(set.bytes())), p)
		}
		s.DECQ(n)
		s.JNZ(LabelRef(fmt.Sprint(name, "_vector")))
		s.VZEROUPPER()
		s.RET()
	}
}

// cmpGreater is VCMPPS's "greater than, ordered, quiet".
const cmpGreater = 30
