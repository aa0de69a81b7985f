package main

import (
	"math"
	"slices"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// An elementwise kernel goes through pixels. It is described once for a pixel, which is
// two vectors of AVX2, worked on in turns so that their chains of operations overlap, or
// one of AVX-512.

// lanes is a register for each vector of a pixel.
type lanes []reg.VecPhysical

// pixelAt is the pixel that a register points to.
type pixelAt struct{ reg.Register }

// pixels describes one elementwise kernel.
type pixels struct {
	*subject
	set       isa
	n         int // vectors in a pixel
	next, top int // registers from next to top are free
	known     []string
	regs      map[string]Op // constants that have a register
}

// constants of the kernels; bits of int32 constants are those of a float. Those of formulas
// join them.
var constants = map[string]float32{
	"one": 1, "lowest": lowest,
	"log2e": math.Log2E,
	// ln 2 in two parts; products of the first with whole numbers up to 2⁹ are exact.
	"ln2hi": 0x1.62e4p-1,
	"ln2lo": math.Ln2 - 0x1.62e4p-1,
	// x + round is a whole number in the lowest bits of the mantissa.
	"round": 0x1.8p23,
	// and the bits of a whole number and roundLifted, shifted, are those of s1.
	"roundLifted": 0x1.8p23 + 127 + lift,
	"unlift":      1. / (1 << lift),
	// (eʳ − 1 − r)/r² for |r| ≤ ln(2)/2, the coefficients of least relative error of
	// eʳ, which is 0.06·2⁻²⁴
	"c2": 0.4999999403953552, "c3": 0.1666652113199234, "c4": 0.04166838899254799,
	"c5": 0.008368744514882565, "c6": 0.0013814553385600448,
}

// emitPixels writes a kernel twice: into the void first, to learn which constants and
// registers it needs.
func (s *subject) emitPixels(set isa, describe func(k *pixels)) {
	dry := newSubject("dry")
	dry.Function("dry")
	p := &pixels{subject: dry, set: set, n: 16 / set.floats, top: len(set.regs), regs: map[string]Op{}}
	describe(p)
	describe(&pixels{subject: s, set: set, n: p.n, top: len(set.regs), known: p.known[:min(len(p.known), p.top-p.next)], regs: map[string]Op{}})
}

// vec takes registers for a pixel.
func (k *pixels) vec() lanes {
	v := lanes(k.set.regs[k.next : k.next+k.n])
	k.next += k.n
	return v
}

// shared takes a register for all vectors.
func (k *pixels) shared() reg.VecPhysical {
	k.top--
	return k.set.regs[k.top]
}

// loadConstants puts constants into the registers that are free. It follows the last
// shared.
func (k *pixels) loadConstants() {
	for _, name := range k.known {
		r := k.shared()
		k.VBROADCASTSS(k.datum(name), r)
		k.regs[name] = r
	}
}

// con is a constant, as an operand that may be memory.
func (k *pixels) con(name string) Op {
	if r, ok := k.regs[name]; ok {
		return r
	}
	if !slices.Contains(k.known, name) {
		k.known = append(k.known, name)
	}
	return k.datum(name)
}

// datum is sixteen copies of a constant in memory.
func (k *subject) datum(name string) Mem {
	v, ok := constants[name]
	if !ok {
		panic("no constant " + name)
	}
	var row [16]float32
	for i := range row {
		row[i] = v
	}
	return k.row(name, row)
}

// row is sixteen numbers in memory.
func (k *subject) row(name string, row [16]float32) Mem {
	i := slices.Index(k.data, name)
	if i < 0 {
		i = len(k.data)
		var bits [16]uint32
		for i, v := range row {
			bits[i] = math.Float32bits(v)
		}
		k.data = append(k.data, name)
		k.dataBits = append(k.dataBits, bits)
	}
	return NewDataAddr(NewStaticSymbol(k.name+"Constants"), 64*i)
}

// printData writes the constants that kernels have asked for.
func (s *subject) printData() {
	if len(s.data) == 0 {
		return
	}
	s.StaticGlobal(s.name + "Constants")
	s.DataAttributes(attr.RODATA | attr.NOPTR)
	for _, row := range s.dataBits {
		for _, bits := range row {
			s.AppendDatum(U32(bits))
		}
	}
}

// op does an instruction on each vector. Operands are lanes, pixelAt, or the same for
// all.
func (k *pixels) op(f func(...Op), operands ...any) {
	for i := range k.n {
		var list []Op
		for _, o := range operands {
			switch o := o.(type) {
			case lanes:
				list = append(list, o[i])
			case pixelAt:
				list = append(list, Mem{Base: o.Register, Disp: i * k.set.bytes()})
			default:
				list = append(list, o.(Op))
			}
		}
		f(list...)
	}
}

// Predicates of comparisons: without Or they are false for a NaN.
const (
	equal          = 0x00
	greater        = 0x1e
	greaterOrEqual = 0x1d
	less           = 0x11
	lessOrEqual    = 0x12
	greaterOrNaN   = 0x16 // not less or equal
	lessOrNaN      = 0x19 // not greater or equal
)

// keep writes dst = v where x compares with y, else 0. y may be memory.
func (k *pixels) keep(x lanes, predicate uint8, y any, tmp lanes, v, dst lanes) {
	if k.set.floats == 16 {
		k.op(k.VCMPPS, Imm(uint64(predicate)), y, x, reg.K1)
		k.op(func(o ...Op) { k.VMOVAPS_Z(o[0], o[1], o[2]) }, v, reg.K1, dst)
		return
	}
	k.op(k.VCMPPS, Imm(uint64(predicate)), y, x, tmp)
	k.op(k.VANDPS, tmp, v, dst)
}
