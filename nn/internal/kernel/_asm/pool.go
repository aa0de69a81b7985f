package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Gradients of pools whose windows lie within the map and do not overlap: row by row, and in each
// window pixel by pixel. What is forward is in window.go.
func init() { register("pool", pool) }

// poolLoop describes a kernel: what it does at the start of a window, and with a pixel.
type poolLoop struct {
	name, doc    string
	start, pixel func(k *pixels, r poolRegs)
}

// poolRegs is where a kernel finds its data. y and dy are pixels of the output.
type poolRegs struct {
	y, dy, x, dx   pixelAt
	count          lanes // pixels in a window
	top, g, v, tmp lanes
	all            lanes // zero at the start, and stored at the end
}

func pool(s *subject) {
	for _, set := range isas {
		for _, l := range poolLoops {
			s.emitPool(set, l)
		}
	}
}

func (s *subject) emitPool(set isa, l poolLoop) {
	a := argsOf("poolArgs")
	name := l.name + set.suffix
	base := s.kernel(name, name+": for each of the windows of all rows, each of the 16 lanes,\n\n\t"+l.doc, a)
	field := func(f string) Mem { return a.at(base, f) }
	r := poolRegs{y: pixelAt{reg.RDI}, dy: pixelAt{reg.R15}, x: pixelAt{reg.RSI}, dx: pixelAt{reg.RDX}}
	kw, kh, n, xK, xR, xV, x, dx := reg.RCX, reg.RBX, reg.R8, reg.R11, reg.R12, reg.R13, reg.R9, reg.R10
	k := &pixels{subject: s, set: set, n: 16 / set.floats, top: len(set.regs), regs: map[string]Op{}}
	r.top, r.g, r.v, r.tmp, r.all, r.count = k.vec(), k.vec(), k.vec(), k.vec(), k.vec(), k.vec()
	for i := range k.n {
		s.zero(set, r.all[i])
		s.VBROADCASTSS(field("count"), r.count[i])
	}
	s.MOVQ(field("y"), r.y.Register)
	s.MOVQ(field("dy"), r.dy.Register)
	s.MOVQ(field("xK"), xK)
	s.MOVQ(field("xR"), xR)
	s.MOVQ(field("xV"), xV)
	s.move(field("x"), field("xT"), n)
	s.move(field("dx"), field("dxT"), n)
	s.Label(name + "_row")
	s.MOVQ(field("xT"), x)
	s.MOVQ(field("dxT"), dx)
	s.MOVQ(field("windows"), n)
	s.Label(name + "_window")
	s.MOVQ(x, r.x.Register)
	s.MOVQ(dx, r.dx.Register)
	l.start(k, r)
	s.MOVQ(field("kh"), kh)
	s.Label(name + "_kernelrow")
	s.MOVQ(field("kw"), kw)
	s.Label(name + "_pixel")
	l.pixel(k, r)
	s.ADDQ(xK, r.x.Register)
	s.ADDQ(xK, r.dx.Register)
	s.DECQ(kw)
	s.JNZ(LabelRef(name + "_pixel"))
	s.ADDQ(xR, r.x.Register)
	s.ADDQ(xR, r.dx.Register)
	s.DECQ(kh)
	s.JNZ(LabelRef(name + "_kernelrow"))
	s.ADDQ(Imm(64), r.y.Register)
	s.ADDQ(Imm(64), r.dy.Register)
	s.ADDQ(xV, x)
	s.ADDQ(xV, dx)
	s.DECQ(n)
	s.JNZ(LabelRef(name + "_window"))
	s.MOVQ(field("xW"), n)
	s.ADDQ(n, field("xT"))
	s.ADDQ(n, field("dxT"))
	s.DECQ(field("rows"))
	s.JNZ(LabelRef(name + "_row"))
	s.MOVQ(field("all"), n)
	k.op(k.VMOVUPS, r.all, pixelAt{n})
	s.VZEROUPPER()
	s.RET()
}

var poolLoops = []poolLoop{
	{
		name: "maxPoolBackward", doc: "dx = dy of the first x that equals y, 0 of the others; all = NaN if a y is one or infinite",
		start: func(k *pixels, r poolRegs) {
			k.op(k.VMOVUPS, r.y, r.top)
			k.op(k.VMOVUPS, r.dy, r.g)
			k.op(k.VSUBPS, r.top, r.top, r.tmp)
			k.op(k.VADDPS, r.tmp, r.all, r.all)
		},
		pixel: func(k *pixels, r poolRegs) {
			k.op(k.VMOVUPS, r.x, r.v)
			k.keep(r.v, equal, r.top, r.tmp, r.g, r.v)
			k.op(k.VMOVUPS, r.v, r.dx)
			k.op(k.VXORPS, r.v, r.g, r.g) // 0 once dy is given away
		},
	},
	{
		name: "averagePoolBackward", doc: "dx = dy/count",
		start: func(k *pixels, r poolRegs) {
			k.op(k.VMOVUPS, r.dy, r.g)
			k.op(k.VDIVPS, r.count, r.g, r.g)
		},
		pixel: func(k *pixels, r poolRegs) { k.op(k.VMOVUPS, r.g, r.dx) },
	},
}
