package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Softmax goes through the logits of 16 samples, a row for each class, three times: for
// the largest, for the exponentials and their sums, and to scale these.
func init() { register("softmax", softmax) }

// rows describes a kernel that goes through rows, which are pixels to it.
type rows struct {
	*pixels
	args
	name string
	base reg.Register
	y, x pixelAt
}

func softmax(s *subject) {
	a := argsOf("softmaxArgs")
	for _, set := range isas {
		emit := func(name, doc string, describe func(k rows)) {
			name += set.suffix
			base := s.kernel(name, name+": for each of the rows' 16 floats,\n\n\t"+doc, a)
			s.emitPixels(set, func(p *pixels) {
				describe(rows{p, a, name, base, pixelAt{reg.RDI}, pixelAt{reg.RSI}})
			})
			s.VZEROUPPER()
			s.RET()
		}
		emit("softmaxTop", "top = max(top, x)", softmaxTop)
		emit("softmaxExp", "y = e^(x - top)\n\nand below is the sum of the y below 1, ones that of the others", softmaxExp)
		emit("scaleLanes", "y *= by", scaleLanes)
	}
}

// load reads the row that a field points to, store writes it.
func (k rows) load(field string) lanes {
	v := k.vec()
	k.MOVQ(k.at(k.base, field), reg.RDX)
	k.op(k.VMOVUPS, pixelAt{reg.RDX}, v)
	return v
}

func (k rows) store(v lanes, field string) {
	k.MOVQ(k.at(k.base, field), reg.RDX)
	k.op(k.VMOVUPS, v, pixelAt{reg.RDX})
}

// loop writes what is done with each row.
func (k rows) loop(body func()) {
	step, count := reg.R8, reg.RCX
	k.MOVQ(k.at(k.base, "y"), k.y.Register)
	k.MOVQ(k.at(k.base, "yS"), step)
	k.MOVQ(k.at(k.base, "x"), k.x.Register)
	k.MOVQ(k.at(k.base, "rows"), count)
	k.loadConstants()
	k.Label(k.name + "_row")
	body()
	k.ADDQ(step, k.y.Register)
	k.ADDQ(Imm(64), k.x.Register)
	k.DECQ(count)
	k.JNZ(LabelRef(k.name + "_row"))
}

// softmaxTop: VMAXPS gives its second source, which is top, for a NaN.
func softmaxTop(k rows) {
	top, x := k.load("top"), k.vec()
	k.loop(func() {
		k.op(k.VMOVUPS, k.x, x)
		k.op(k.VMAXPS, top, x, top)
	})
	k.store(top, "top")
}

// softmaxExp: e to the power lowest and less is 0. A NaN goes to both sums.
func softmaxExp(k rows) {
	top, below, ones := k.load("top"), k.vec(), k.vec()
	e, q, s1, tmp := k.vec(), k.vec(), k.vec(), k.vec()
	k.op(k.VXORPS, below, below, below)
	k.op(k.VXORPS, ones, ones, ones)
	k.loop(func() {
		k.op(k.VMOVUPS, k.x, tmp)
		k.op(k.VSUBPS, top, tmp, tmp)
		k.op(k.VMOVUPS, k.con("lowest"), e)
		k.op(k.VMAXPS, tmp, e, e) // which keeps a NaN
		k.exp(e, tmp, q, s1)
		k.whole(q, s1, e)
		k.op(k.VMOVUPS, e, k.y)
		k.keep(e, lessOrNaN, k.con("one"), tmp, e, q)
		k.op(k.VSUBPS, q, e, e)
		k.op(k.VADDPS, q, below, below)
		k.op(k.VADDPS, e, ones, ones)
	})
	k.store(below, "below")
	k.store(ones, "ones")
}

func scaleLanes(k rows) {
	by, y := k.load("by"), k.vec()
	k.loop(func() {
		k.op(k.VMULPS, k.y, by, y)
		k.op(k.VMOVUPS, y, k.y)
	})
}
