package main

import (
	"fmt"
	"math"
	"slices"

	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// operand is where a value is: a register or memory.
func (e *emitter) operand(v *value) Op {
	if r, ok := e.registers[v]; ok {
		return r
	}
	switch v.op {
	case "x":
		return e.x
	case "dy":
		return e.dy
	case "eachParam":
		return e.param
	case "number":
		return e.number(v.number)
	case "row":
		return e.row(fmt.Sprint(v.row), v.row)
	}
	panic("no register holds " + v.op)
}

func inMemory(o Op) bool {
	_, ok := o.(Mem)
	return ok
}

// compute writes operations, the first of which has number first.
func (e *emitter) compute(values []*value, first int) {
	for i, v := range values {
		e.step(v, first+i)
	}
}

// step writes one operation. Its result may take the register of an argument that is not
// needed any more.
func (e *emitter) step(v *value, at int) {
	switch v.op {
	case "x", "dy", "eachParam":
		if v.uses > 1 {
			o := e.operand(v)
			e.VMOVUPS(o, e.take(v))
		}
		return
	case "rate":
		m := e.param
		m.Disp += 4 * int(1+v.imm)
		e.VBROADCASTSS(m, e.take(v))
		return
	case "param", "pixelParam":
		e.VBROADCASTSS(e.param, e.take(v))
		return
	}
	var o []Op
	for _, a := range v.args {
		o = append(o, e.operand(a))
	}
	var dying []*value
	for _, a := range v.args {
		if e.registers[a] != nil && a.last == at && !slices.Contains(dying, a) {
			dying = append(dying, a)
		}
	}
	if p := e.products(v.op); p != nil {
		e.product(v, p, o, dying)
		return
	}
	var loaded []reg.VecPhysical
	inRegister := func(i int) {
		if inMemory(o[i]) {
			r := e.take(nil)
			loaded = append(loaded, r)
			e.VMOVUPS(o[i], r)
			o[i] = r
		}
	}
	var mask reg.VecPhysical
	switch v.op {
	case "chooseProduct", "keepProduct":
		a, b := len(o)-2, len(o)-1
		if inMemory(o[a]) {
			o[a], o[b] = o[b], o[a]
		}
		inRegister(0)
		inRegister(a)
		e.maskedProduct(v, o, dying)
		e.free = append(loaded, e.free...)
		return
	case "choose", "keep":
		inRegister(0)
		inRegister(len(o) - 1)
		if e.set.floats < 16 {
			mask = e.take(nil)
			defer func() { e.free = append(e.free, mask) }()
		}
	case "add", "mul", "and", "or", "xor": // the order does not matter
		if inMemory(o[0]) {
			o[0], o[1] = o[1], o[0]
		}
		fallthrough
	default:
		inRegister(0)
	}
	for _, a := range dying {
		e.release(a)
	}
	e.free = append(loaded, e.free...)
	switch v.op {
	case "accumulate":
		e.VADDPS(o[0], e.sum, e.sum)
		return
	case "store":
		e.VMOVUPS(o[0], e.y)
		return
	}
	e.write(v, o, mask, e.take(v))
}

// write writes an operation that leaves its arguments as they are. Operands are in the
// order of Go's assembler: the second argument, which may be memory, comes first.
func (e *emitter) write(v *value, o []Op, mask, dst reg.VecPhysical) {
	switch v.op {
	case "add":
		e.VADDPS(o[1], o[0], dst)
	case "sub":
		e.VSUBPS(o[1], o[0], dst)
	case "mul":
		e.VMULPS(o[1], o[0], dst)
	case "div":
		e.VDIVPS(o[1], o[0], dst)
	case "min":
		e.VMINPS(o[1], o[0], dst)
	case "max":
		e.VMAXPS(o[1], o[0], dst)
	case "and":
		e.VANDPS(o[1], o[0], dst)
	case "or":
		e.VORPS(o[1], o[0], dst)
	case "xor":
		e.VXORPS(o[1], o[0], dst)
	case "andNot":
		e.VANDNPS(o[1], o[0], dst)
	case "addInt":
		e.VPADDD(o[1], o[0], dst)
	case "subInt":
		e.VPSUBD(o[1], o[0], dst)
	case "shiftLeft":
		e.VPSLLD(Imm(v.imm), o[0], dst)
	case "shiftRight":
		e.VPSRLD(Imm(v.imm), o[0], dst)
	case "lookup":
		e.VMOVUPS(o[1], dst)
		e.VPERMT2PS(o[2], o[0], dst)
	case "choose", "keep":
		e.blend(v, o, mask, dst)
	default:
		panic("no operation " + v.op)
	}
}

// blend writes choose, or keep.
func (e *emitter) blend(v *value, o []Op, mask, dst reg.VecPhysical) {
	x, y, kept := o[0], o[1], o[len(o)-1]
	if e.set.floats == 16 {
		e.VCMPPS(Imm(v.imm), y, x, reg.K1)
		if v.op == "keep" {
			e.VMOVAPS_Z(kept, reg.K1, dst)
		} else {
			e.VBLENDMPS(o[2], kept, reg.K1, dst)
		}
		return
	}
	e.VCMPPS(Imm(v.imm), y, x, mask)
	if v.op == "keep" {
		e.VANDPS(mask, kept, dst)
	} else {
		e.VBLENDVPS(mask, o[2], kept, dst)
	}
}

// products are the three forms of a multiplication with addition, by what the register of
// the result holds before: the second factor, the first, or what is added.
type products struct{ f132, f213, f231 func(...Op) }

func (e *emitter) products(op string) *products {
	switch op {
	case "fma":
		return &products{e.VFMADD132PS, e.VFMADD213PS, e.VFMADD231PS}
	case "fms":
		return &products{e.VFMSUB132PS, e.VFMSUB213PS, e.VFMSUB231PS}
	case "fnma":
		return &products{e.VFNMADD132PS, e.VFNMADD213PS, e.VFNMADD231PS}
	}
	return nil
}

// product writes ±a·b ± c over an argument that is not needed any more, or over a copy of c.
func (e *emitter) product(v *value, p *products, o []Op, dying []*value) {
	a, b, c := o[0], o[1], o[2]
	if inMemory(b) { // at most one may be, and that comes first below
		a, b = b, a
	}
	var over *value // whose register becomes that of the result
	for _, d := range dying {
		r := Op(e.registers[d])
		switch {
		case r == c && !(inMemory(a) && inMemory(b)):
			p.f231(a, b, r)
		case r == b && inMemory(a) && !inMemory(c):
			p.f132(a, c, r)
		case r == b && !inMemory(a):
			p.f213(c, a, r)
		case r == a:
			p.f213(c, b, r)
		default:
			continue
		}
		over = d
		break
	}
	if over != nil {
		e.registers[v] = e.registers[over]
		delete(e.registers, over)
	} else {
		dst := e.take(v)
		e.VMOVUPS(c, dst)
		if inMemory(b) {
			r := e.take(nil)
			e.VMOVUPS(b, r)
			b = r
			e.free = append(e.free, r)
		}
		p.f231(a, b, dst)
	}
	for _, d := range dying {
		if d != over {
			e.release(d)
		}
	}
}

// number is 16 copies of a constant in memory.
func (e *emitter) number(v float32) Mem {
	name := fmt.Sprint(v)
	if v != v || v == 0 {
		name = fmt.Sprintf("%08x", math.Float32bits(v))
	}
	constants[name] = v
	return e.datum(name)
}
