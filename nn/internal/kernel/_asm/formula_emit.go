package main

import (
	"fmt"
	"slices"

	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// emitter writes the instructions of a formula for one vector after the other, and gives
// registers to values for as long as they are needed. Processors overlap the vectors by
// themselves. Constants have what registers are left over; the others are operands in
// memory, as are inputs that are used once.
type emitter struct {
	*subject
	set       isa
	free      []reg.VecPhysical
	registers map[*value]reg.VecPhysical
	least     int // the fewest registers that were free
	y, x, dy  Mem
	param     Mem
	// What is accumulated, and a register to add up its lanes: both of the first sixteen,
	// which all instructions reach.
	sum, spare reg.VecPhysical
}

func newEmitter(s *subject, set isa, sums bool) *emitter {
	e := &emitter{
		subject: s, set: set,
		free: slices.Clone(set.regs), registers: map[*value]reg.VecPhysical{}, least: len(set.regs),
		param: Mem{Base: reg.R10},
	}
	if sums {
		e.sum, e.spare = e.take(nil), e.take(nil)
	}
	return e
}

// addSum adds the sum over the lanes to the float at p.
func (e *emitter) addSum(p reg.Register) {
	v, spare := e.sum, e.spare
	if e.set.floats == 16 {
		e.VEXTRACTF64X4(Imm(1), v, spare.AsY())
		e.VADDPS(spare.AsY(), v.AsY(), v.AsY())
	}
	e.VEXTRACTF128(Imm(1), v.AsY(), spare.AsX())
	e.VADDPS(spare.AsX(), v.AsX(), v.AsX())
	e.VHADDPS(v.AsX(), v.AsX(), v.AsX())
	e.VHADDPS(v.AsX(), v.AsX(), v.AsX())
	e.VADDSS(Mem{Base: p}, v.AsX(), v.AsX())
	e.VMOVSS(v.AsX(), Mem{Base: p})
}

// formula writes a kernel: y = f, a pixel after the other.
func (s *subject) formula(set isa, name, doc string, a args, p params, describe func(f *formula) *value) {
	f := newFormula(set, p)
	s.emitFormula(f, name, doc, a, describe(f))
}

// emitFormula writes the kernel of a formula and its result.
func (s *subject) emitFormula(f *formula, name, doc string, a args, result *value) {
	set, p := f.set, f.params
	uniform, varying := f.prune(result)
	all := append(uniform[:len(uniform):len(uniform)], varying...)
	has := func(op string) bool { return slices.ContainsFunc(all, func(v *value) bool { return v.op == op }) }
	sums := has("accumulate")

	dry := newEmitter(newSubject("dry"), set, sums)
	dry.Function("dry")
	dry.y, dry.x, dry.dy = dry.param, dry.param, dry.param
	dry.compute(all, 0)
	if dry.registers[result] == nil {
		panic(name + ": the result is an input")
	}

	name += set.suffix
	base := s.kernel(name, name+": for each of the pixels' 16 floats,\n\n\t"+doc, a)
	y, x, dy, yS, count, pa, aS, pda := reg.RDI, reg.RSI, reg.RDX, reg.R8, reg.RCX, reg.R10, reg.R9, reg.R11
	s.MOVQ(a.at(base, "y"), y)
	s.MOVQ(a.at(base, "yS"), yS)
	s.MOVQ(a.at(base, "x"), x)
	s.MOVQ(a.at(base, "dy"), dy)
	s.MOVQ(a.at(base, "a"), pa)
	s.MOVQ(a.at(base, "aS"), aS)
	s.MOVQ(a.at(base, "da"), pda)
	s.MOVQ(a.at(base, "pixels"), count)
	e := newEmitter(s, set, sums)
	if sums {
		s.zero(set, e.sum)
	}
	e.loadConstants(all, dry.least)
	e.compute(uniform, 0)
	s.Label(name + "_pixel")
	if f.normed { // maps are larger than the caches, and the processor stops at each page
		s.PREFETCHT0(Mem{Base: x, Disp: prefetchBytes})
		if f.known[fmt.Sprint("dy", 0)] != nil {
			s.PREFETCHT0(Mem{Base: dy, Disp: prefetchBytes})
		}
	}
	for at := 0; at < 64; at += set.bytes() {
		e.y, e.x, e.dy = Mem{Base: y, Disp: at}, Mem{Base: x, Disp: at}, Mem{Base: dy, Disp: at}
		if p == eachParam {
			e.param.Disp = at
		}
		e.compute(varying, len(uniform))
		to := e.y
		if has("store") {
			to = e.dy
		}
		s.VMOVUPS(e.registers[result], to)
		e.release(result)
	}
	if sums { // one for each pixel
		s.TESTQ(aS, aS)
		s.JZ(LabelRef(name + "_next"))
		e.addSum(pda)
		s.ADDQ(aS, pda)
		s.zero(set, e.sum)
		s.Label(name + "_next")
	}
	if p != oneParam {
		s.ADDQ(aS, pa)
	}
	s.ADDQ(yS, y)
	s.ADDQ(Imm(64), x)
	s.ADDQ(Imm(64), dy)
	s.DECQ(count)
	s.JNZ(LabelRef(name + "_pixel"))
	if sums { // one for all
		s.TESTQ(aS, aS)
		s.JNZ(LabelRef(name + "_end"))
		e.addSum(pda)
		s.Label(name + "_end")
	}
	s.VZEROUPPER()
	s.RET()
}

// loadConstants gives registers to at most n constants, those that are used most first.
func (e *emitter) loadConstants(values []*value, n int) {
	var list []*value
	for _, v := range values {
		for _, a := range v.args {
			if a.constant() && !slices.Contains(list, a) {
				list = append(list, a)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b *value) int { return b.uses - a.uses })
	for _, v := range list[:min(n, len(list))] {
		v.last = 1 << 30
		memory := e.operand(v)
		e.VMOVUPS(memory, e.take(v))
	}
}

// take gives a register to a value.
func (e *emitter) take(v *value) reg.VecPhysical {
	if len(e.free) == 0 {
		panic("a formula needs more registers than there are")
	}
	r := e.free[0]
	e.free = e.free[1:]
	e.least = min(e.least, len(e.free))
	if v != nil {
		e.registers[v] = r
	}
	return r
}

func (e *emitter) release(v *value) {
	e.free = append(e.free, e.registers[v])
	delete(e.registers, v)
}
