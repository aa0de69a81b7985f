package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// winogradOutput goes channel by channel through a row of tiles.
func winogradOutput(s *subject, set isa) {
	name := "winogradOutput" + set.suffix
	a := argsOf("winogradOutputArgs")
	base := s.kernel(name, name+`: for c < out, with u = 4·t:

	buf[i][l][t] = Aᵀ[i][k] * m[k][l][c][t]                     for i < 4, k, l < 6, t < tiles
	y[c][i][u+l] = max(floor, bias[c] + Aᵀ[l][k] * buf[i][k][t] + add[c][i][u+l])
	                                                            for i < rows, k < 6, l < 4, t < tiles`, a)
	t := newTransform(s, set, "a", "b", "a²", "b²", "a³", "b³")
	bias, floor := t.regs[8], t.regs[9]
	from, to, at, end, row := reg.RSI, reg.RDI, reg.RCX, reg.R8, reg.RDX
	bufR, bufR3 := reg.R9, reg.R10
	add := bufR3 // how far add is from y, when rows are transformed
	m, y, b := reg.R11, reg.R12, reg.R13
	free := []reg.Register{reg.RBX, reg.R14, reg.R15}
	s.MOVQ(a.at(base, "m"), m)
	s.MOVQ(a.at(base, "y"), y)
	s.MOVQ(a.at(base, "floor"), b)
	s.VBROADCASTSS(Mem{Base: b}, floor)
	s.MOVQ(a.at(base, "bias"), b)
	s.MOVQ(a.at(base, "bytes"), end)
	s.MOVQ(a.at(base, "bufR"), bufR)
	s.move(a.at(base, "out"), a.at(base, "left"), at)

	s.Label(name + "_channel")
	s.VBROADCASTSS(Mem{Base: b}, bias)
	s.LEAQ(Mem{Base: bufR, Index: bufR, Scale: 2}, bufR3)
	positions := s.newSteps(a.at(base, "mR"), 6, free...)
	s.MOVQ(m, from)
	s.MOVQ(a.at(base, "buf"), to)
	s.MOVQ(U32(6), row)
	s.Label(name + "_column")
	s.XORQ(at, at)
	s.Label(name + "_vector")
	t.output(func(k int) Mem { return positions.at(from, k) }, nil, func(k int, v reg.VecPhysical) {
		s.VMOVUPS(v, [4]Mem{
			{Base: to}, {Base: to, Index: bufR, Scale: 1}, {Base: to, Index: bufR, Scale: 2}, {Base: to, Index: bufR3, Scale: 1},
		}[k])
	})
	s.ADDQ(Imm(uint64(set.bytes())), from)
	s.ADDQ(Imm(uint64(set.bytes())), to)
	s.ADDQ(Imm(uint64(set.bytes())), at)
	s.CMPQ(at, end)
	s.JNE(LabelRef(name + "_vector"))
	s.ADDQ(a.at(base, "mD"), from)
	s.DECQ(row)
	s.JNZ(LabelRef(name + "_column"))

	columns := s.newSteps(a.at(base, "bytes"), 6, free...)
	s.MOVQ(a.at(base, "buf"), from)
	s.MOVQ(y, row)
	s.move(a.at(base, "rows"), a.at(base, "rowsLeft"), at)
	s.MOVQ(a.at(base, "add"), add)
	s.TESTQ(add, add)
	s.JZ(LabelRef(name + "_plainRow"))
	s.SUBQ(a.at(base, "y"), add)
	for _, sum := range []bool{true, false} {
		label := name + "_plain"
		if sum {
			label = name + "_sum"
		}
		s.Label(label + "Row")
		s.MOVQ(row, to)
		s.XORQ(at, at)
		s.Label(label + "Tile")
		for part := 0; part < 64; part += set.bytes() {
			t.output(func(k int) Mem {
				mem := columns.at(from, k)
				mem.Disp = part
				return mem
			}, bias, func(k int, v reg.VecPhysical) {
				if sum {
					s.VADDPS(Mem{Base: to, Index: add, Scale: 1, Disp: 64*k + part}, v, v)
				}
				s.VMAXPS(v, floor, v) // which keeps a NaN
				s.VMOVUPS(v, Mem{Base: to, Disp: 64*k + part})
			})
		}
		s.ADDQ(I32(4*64), to)
		s.ADDQ(Imm(64), from)
		s.ADDQ(Imm(64), at)
		s.CMPQ(at, end)
		s.JNE(LabelRef(label + "Tile"))
		s.SUBQ(end, from)
		s.ADDQ(bufR, from)
		s.ADDQ(a.at(base, "yR"), row)
		s.DECQ(a.at(base, "rowsLeft"))
		s.JNZ(LabelRef(label + "Row"))
		if sum {
			s.JMP(LabelRef(name + "_next"))
		}
	}

	s.Label(name + "_next")
	s.ADDQ(a.at(base, "mC"), m)
	s.ADDQ(a.at(base, "yC"), y)
	s.ADDQ(a.at(base, "biasC"), b)
	s.DECQ(a.at(base, "left"))
	s.JNZ(LabelRef(name + "_channel"))
	s.VZEROUPPER()
	s.RET()
}
