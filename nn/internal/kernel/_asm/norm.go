package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The loops of normalisations over the pixels of a channel. They work on several vectors at a
// time, each with its own sums, so that a loop does not wait for its additions. Sums are kept
// lane by lane; Go adds the lanes up.
func init() { register("norm", norm) }

// normLoop describes a loop: the number of its rates and sums, the pointers that it reads and
// writes, and what it does with a vector.
type normLoop struct {
	name, doc   string
	rates, sums int
	y, dy       bool
	rows        bool // there are rows of pixels
	body        func(k *pixels, r normRegs)
}

// normRegs is where a loop finds its data.
type normRegs struct {
	y, x, dy pixelAt
	rates    []reg.VecPhysical // each in all lanes
	sums     []lanes
	zero     lanes
}

// prefetchBytes is how far ahead a loop asks for its data: maps are larger than the caches, and the
// processor stops at each page.
const prefetchBytes = 4096

func norm(s *subject) {
	for _, set := range isas {
		for _, l := range normLoops {
			s.emitNorm(set, l)
		}
		for _, l := range normActLoops() {
			s.emitNorm(set, l)
		}
	}
}

var normLoops = []normLoop{
	{"affine", "y = (x - rates[0])·rates[1] + rates[2]", 3, 0, true, false, false, func(k *pixels, r normRegs) {
		z := r.affine(k)
		k.op(k.VMOVUPS, z, r.y)
	}},
	{"normGrad", "y = rates[1]·dy + rates[2]·(x - rates[0]) + rates[3]", 4, 0, true, true, false, func(k *pixels, r normRegs) {
		x, dy := k.vec(), k.vec()
		k.op(k.VMOVUPS, r.x, x)
		k.op(k.VSUBPS, r.rates[0], x, x)
		k.op(k.VMOVUPS, r.dy, dy)
		r.inputGradient(k, dy, x, r.rates[1:])
	}},
	{"laneSums", "sums[0] = Σ x", 0, 1, false, false, false, func(k *pixels, r normRegs) {
		k.op(k.VADDPS, r.x, r.sums[0], r.sums[0])
	}},
	{"laneMoments", "sums[0] = Σ (x - rates[0]), sums[1] = Σ (x - rates[0])^2", 1, 2, false, false, false, func(k *pixels, r normRegs) {
		x := k.vec()
		k.op(k.VMOVUPS, r.x, x)
		k.op(k.VSUBPS, r.rates[0], x, x)
		k.op(k.VADDPS, x, r.sums[0], r.sums[0])
		k.op(k.VFMADD231PS, x, x, r.sums[1])
	}},
	{"laneProducts", "sums[0] = Σ dy, sums[1] = Σ dy·(x - rates[0])", 1, 2, false, true, false, func(k *pixels, r normRegs) {
		x, dy := k.vec(), k.vec()
		k.op(k.VMOVUPS, r.x, x)
		k.op(k.VMOVUPS, r.dy, dy)
		k.op(k.VSUBPS, r.rates[0], x, x)
		r.products(k, dy, x)
	}},
	{"chainProducts", "y = dy·y, sums[0] = Σ y, sums[1] = Σ y·(x - rates[0])", 1, 2, true, true, false, func(k *pixels, r normRegs) {
		x, dz := k.vec(), k.vec()
		k.op(k.VMOVUPS, r.x, x)
		k.op(k.VMOVUPS, r.dy, dz)
		k.op(k.VMULPS, r.y, dz, dz)
		k.op(k.VSUBPS, r.rates[0], x, x)
		k.op(k.VMOVUPS, dz, r.y)
		r.products(k, dz, x)
	}},
}

// emitNorm writes a loop: over pixelsAtOnce pixels, and over one for the rest.
func (s *subject) emitNorm(set isa, l normLoop) {
	a := argsOf("normArgs")
	name := l.name + set.suffix
	each := ": for each of the pixels' 16 floats,"
	if l.rows {
		each = ": for each of the 16 floats of the pixels of all rows,"
	}
	base := s.kernel(name, name+each+"\n\n\t"+l.doc, a)
	r := normRegs{y: pixelAt{reg.RDI}, x: pixelAt{reg.RSI}, dy: pixelAt{reg.RDX}}
	count, pr, ps, rows := reg.RCX, reg.R8, reg.R9, reg.R10
	used := []reg.Register{r.x.Register}
	s.MOVQ(a.at(base, "x"), r.x.Register)
	if l.y {
		s.MOVQ(a.at(base, "y"), r.y.Register)
		used = append(used, r.y.Register)
	}
	if l.dy {
		s.MOVQ(a.at(base, "dy"), r.dy.Register)
		used = append(used, r.dy.Register)
	}
	s.MOVQ(a.at(base, "rates"), pr)
	s.MOVQ(a.at(base, "sums"), ps)
	if l.rows {
		s.MOVQ(a.at(base, "rows"), rows)
	}

	k := &pixels{subject: s, set: set, n: 1, top: len(set.regs), regs: map[string]Op{}}
	for i := range l.rates {
		v := k.shared()
		s.VBROADCASTSS(Mem{Base: pr, Disp: 4 * i}, v)
		r.rates = append(r.rates, v)
	}
	r.zero = lanes{k.shared()}
	s.zero(set, r.zero[0])
	perPixel := 16 / set.floats
	vectors := perPixel * set.pixelsAtOnce()
	sums := make([][]lanes, vectors) // of each vector
	for i := range vectors {
		for range l.sums {
			v := k.vec()
			s.zero(set, v[0])
			sums[i] = append(sums[i], v)
		}
	}
	first := k.next
	work := func(vectors int) {
		for i := range vectors {
			k.next, r.sums = first, sums[i]
			l.body(k, r)
			for _, p := range used {
				s.ADDQ(Imm(uint64(set.bytes())), p)
			}
		}
	}
	many := uint64(set.pixelsAtOnce())
	s.Label(name + "_row")
	s.MOVQ(a.at(base, "pixels"), count)
	s.SUBQ(Imm(many), count)
	s.JL(LabelRef(name + "_few"))
	s.Label(name + "_many")
	for i := range set.pixelsAtOnce() {
		for _, p := range used {
			s.PREFETCHT0(Mem{Base: p, Disp: prefetchBytes + 64*i})
		}
	}
	work(vectors)
	s.SUBQ(Imm(many), count)
	s.JGE(LabelRef(name + "_many"))
	s.Label(name + "_few")
	s.ADDQ(Imm(many), count)
	s.JZ(LabelRef(name + "_end"))
	s.Label(name + "_pixel")
	work(perPixel)
	s.DECQ(count)
	s.JNZ(LabelRef(name + "_pixel"))
	s.Label(name + "_end")
	if l.rows {
		s.ADDQ(a.at(base, "yR"), r.y.Register)
		s.DECQ(rows)
		s.JNZ(LabelRef(name + "_row"))
	}
	for i := range l.sums {
		for j := range perPixel {
			v := sums[j][i][0]
			for more := j + perPixel; more < vectors; more += perPixel {
				s.VADDPS(sums[more][i][0], v, v)
			}
			s.VMOVUPS(v, Mem{Base: ps, Disp: 64*i + j*set.bytes()})
		}
	}
	s.VZEROUPPER()
	s.RET()
}

// pixelsAtOnce is as many as there are registers for.
func (i isa) pixelsAtOnce() int { return i.floats / 4 / (16 / i.floats) }

// affine computes (x − rates[0])·rates[1] + rates[2], rounded after the product, as the Go loop.
func (r normRegs) affine(k *pixels) lanes {
	z := k.vec()
	k.op(k.VMOVUPS, r.x, z)
	k.op(k.VSUBPS, r.rates[0], z, z)
	r.scale(k, z, z)
	return z
}

// scale computes z = x·rates[1] + rates[2], likewise.
func (r normRegs) scale(k *pixels, x, z lanes) {
	k.op(k.VMULPS, r.rates[1], x, z)
	k.op(k.VADDPS, r.rates[2], z, z)
}

// inputGradient writes y = rates[0]·dy + rates[1]·x + rates[2], likewise. It changes dy and x.
func (r normRegs) inputGradient(k *pixels, dy, x lanes, rates []reg.VecPhysical) {
	k.op(k.VMULPS, rates[1], x, x)
	k.op(k.VMULPS, rates[0], dy, dy)
	k.op(k.VADDPS, x, dy, dy)
	k.op(k.VADDPS, rates[2], dy, dy)
	k.op(k.VMOVUPS, dy, r.y)
}

// products adds dy and dy·x to the sums.
func (r normRegs) products(k *pixels, dy, x lanes) {
	k.op(k.VADDPS, dy, r.sums[0], r.sums[0])
	k.op(k.VFMADD231PS, x, dy, r.sums[1])
}
