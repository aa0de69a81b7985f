package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Rows are copied in vectors of AVX2. It only moves floats, so one form is enough.
func init() { register("rows", copyRows) }

func copyRows(s *subject) {
	const name = "copyRowsAVX2"
	a := argsOf("rowsArgs")
	base := s.kernel(name, name+": to[r][i] = from[r][i] for r < rows, i < 8·vectors.", a)

	to, from, rows, n := reg.RDI, reg.RSI, reg.RCX, reg.RBX
	toRow, fromRow, at := reg.R8, reg.R9, reg.RDX
	s.MOVQ(a.at(base, "to"), to)
	s.MOVQ(a.at(base, "from"), from)
	s.MOVQ(a.at(base, "toRow"), toRow)
	s.MOVQ(a.at(base, "fromRow"), fromRow)
	s.MOVQ(a.at(base, "rows"), rows)
	s.MOVQ(a.at(base, "vectors"), n)
	s.SHLQ(Imm(5), n) // bytes
	v := isas[0].regs[0]

	s.Label(name + "_row")
	s.XORQ(at, at)
	s.Label(name + "_vector")
	s.VMOVUPS(Mem{Base: from, Index: at, Scale: 1}, v)
	s.VMOVUPS(v, Mem{Base: to, Index: at, Scale: 1})
	s.ADDQ(Imm(32), at)
	s.CMPQ(at, n)
	s.JNE(LabelRef(name + "_vector"))
	s.ADDQ(fromRow, from)
	s.ADDQ(toRow, to)
	s.DECQ(rows)
	s.JNZ(LabelRef(name + "_row"))
	s.VZEROUPPER()
	s.RET()
}
