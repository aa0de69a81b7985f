package layer

import (
	"slices"

	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// packedConv runs a convolution on a single sample with channels in the lanes, together with
// what reads its output: a BatchNorm, which becomes part of the weights, then the addition of
// another map, then an elementwise function. Each is optional.
type packedConv struct {
	*convOp
	norm  *batchNormOp
	add   bool
	after op.Elementwise
	relu  bool // in place of after
}

// packs reports whether the convolution runs with channels in the lanes: if they fill the lanes,
// and there are enough pixels to share the weights.
func (o *convOp) packs() bool {
	return o.conv.Out%op.Lanes == 0 && (o.conv.Groups == 1 || o.isDepthwise()) &&
		o.shape[1]*o.shape[2] > maxPatchPixels
}

// isDepthwise reports whether each output channel has its own input channel.
func (o *convOp) isDepthwise() bool {
	return o.conv.Groups == o.conv.Out && o.channels == o.conv.Out
}

// ReadsPacked asks for a border as wide as the padding.
func (o *convOp) ReadsPacked() (border int, ok bool) {
	return slices.Max(o.conv.Pads[:]), o.packs()
}

func (o *convOp) FusePlanar(next op.Planar, at int) (op.Planar, bool) {
	if !o.packs() {
		return nil, false
	}
	return packedConv{convOp: o}.FusePlanar(next, at)
}

func (o packedConv) FusePlanar(next op.Planar, at int) (op.Planar, bool) {
	if o.after != nil {
		return nil, false
	}
	switch next := next.(type) {
	case *batchNormOp:
		if o.norm != nil || o.add {
			return nil, false
		}
		o.norm = next
		return o, true
	case addOp:
		if o.add || !next.pair {
			return nil, false
		}
		o.add = true
		return o, true
	case op.Elementwise:
		_, values := next.Elementwise()
		o.after = next
		return o, values >= 0
	}
	return nil, false
}

// Planar first gives the input a border of zeros, if it has none.
func (o *convOp) Planar(in []op.Planes, border int) ([]op.PlanarStep, bool) {
	if o.packs() {
		return packedConv{convOp: o}.Planar(in, border)
	}
	return o.planar(in[0]), true
}

func (o packedConv) Planar(in []op.Planes, border int) ([]op.PlanarStep, bool) {
	x, pads := in[0], o.conv.Pads
	need := slices.Max(pads[:])
	var steps []op.PlanarStep
	switch {
	case x.Packed && x.Border >= need:
	case x.Packed || o.isDepthwise():
		to := op.NewPacked(x.Channels, x.H, x.W, need)
		steps, x = append(steps, pack(x, to)), to
	case need > 0:
		to := op.NewPlanes(x.Channels, x.H+pads[0]+pads[2], x.W+pads[1]+pads[3])
		to.Grain = x.Grain
		steps, x = append(steps, planarPad(x, to, pads[0], pads[1], 0)), to
	}
	return append(steps, o.step(x, in[1:], op.NewPacked(o.conv.Out, o.shape[1], o.shape[2], border))), true
}

// stripFloats is about how many numbers are computed before o.after is applied to them, few
// enough for the first-level cache.
const stripFloats = 4 << 10

// step is the convolution of maps that have their padding. The shares are rows.
func (o packedConv) step(x op.Planes, others []op.Planes, to op.Planes) op.PlanarStep {
	same := o.add && others[0] == to
	if o.after != nil && o.after.IsReLU() && same == o.add {
		return o.rectified().step(x, others, to)
	}
	g := o.geometry(x, to)
	first, start := 0, to.Row(0, 0) // first tap, first pixel of the output
	if x.Packed {
		first = x.Row(0, 0) - (o.conv.Pads[0]*x.Pitch()+o.conv.Pads[1])*op.Lanes
	}
	blocks := kernel.Range{Hi: g.Blocks()}
	strip := stripRows(to)
	if o.after == nil {
		strip = to.H
	}
	return op.PlanarStep{
		To: to, Mixes: true, Scatters: true, MACs: o.MACs(),
		Prepare: op.Preparation{Floats: o.prepared(g, to), Compute: func(w op.Weights, p []float32) { o.prepare(g, to, w, p) }},
		Run: func(s op.Share, w op.Weights, in [][]float32, y []float32) {
			lo, hi := s.Of(to.H)
			weights, shift, param := o.split(g, w[0])
			pixels, from := y[start:], in[0][first:]
			var add []float32
			if same {
				add = in[1][start:]
			}
			for ; lo < hi; lo += strip {
				rows := kernel.Range{Lo: lo, Hi: min(lo+strip, hi)}
				if o.isDepthwise() {
					kernel.DepthwisePacked(pixels, from, weights, shift, g, rows, blocks)
				} else {
					kernel.ConvPacked(pixels, from, weights, shift, add, g, rows, blocks)
				}
				if o.add && add == nil {
					addRows(y, in[1], to, others[0], rows)
				}
				o.apply(pixels, param, to, rows)
			}
		},
	}
}

// rectified has the kernel apply a ReLU.
func (o packedConv) rectified() packedConv {
	o.after, o.relu = nil, true
	return o
}

func (o packedConv) geometry(x, to op.Planes) *kernel.PackedConv {
	c := o.conv
	g := kernel.PackedConv{
		In: x.Channels, Out: c.Out, OH: to.H, OW: to.W, KH: c.Kernel[0], KW: c.Kernel[1],
		StrideH: c.Stride[0], StrideW: c.Stride[1], DilationH: c.Dilation[0], DilationW: c.Dilation[1],
		XLane: x.Plane, XPixel: 1, XRow: x.W, YRow: to.Pitch() * op.Lanes, YBlock: to.Plane, Relu: o.relu,
	}
	if x.Packed {
		g.XLane, g.XPixel, g.XRow, g.XBlock = 1, op.Lanes, x.Pitch()*op.Lanes, x.Plane
	}
	return g.Plan()
}

// apply applies the elementwise function to rows of the output, and to the border between them: a
// single call for short rows. Then it clears the border, unless the function of 0 is 0. y begins
// at the first pixel.
func (o packedConv) apply(y, param []float32, to op.Planes, rows kernel.Range) {
	if o.after == nil {
		return
	}
	f, values := o.after.Elementwise()
	row := to.Pitch() * op.Lanes
	at, n := rows.Lo*row, (rows.Hi-rows.Lo-1)*row+to.W*op.Lanes
	for c := 0; c < to.Channels; c += op.Lanes {
		a := param
		if values > 1 {
			a = param[c*paramPixels(to):][:n]
		}
		strip := y[at : at+n]
		f(strip, strip, a)
		if to.Border > 0 && rows.Hi-rows.Lo > 1 && !isZero(strip[to.W*op.Lanes:][:op.Lanes]) {
			clearBetween(strip, to)
		}
		at += to.Plane
	}
}

// stripRows is the number of rows that are computed before o.after is applied to them.
func stripRows(to op.Planes) int { return min(to.H, max(1, stripFloats/(to.Channels*to.W))) }

// paramPixels is the number of pixels for which a parameter of each channel is laid out.
func paramPixels(to op.Planes) int { return stripRows(to) * to.Pitch() }

// prepared is the number of floats of weights, shifts and the parameter of o.after.
func (o packedConv) prepared(g *kernel.PackedConv, to op.Planes) int {
	n := o.packedWeights(g) + g.Out
	if o.after == nil {
		return n
	}
	_, values := o.after.Elementwise()
	if values > 1 {
		return n + g.Out*paramPixels(to)
	}
	return n + values
}

func (o packedConv) packedWeights(g *kernel.PackedConv) int {
	if o.isDepthwise() {
		return g.DepthwiseWeights()
	}
	return g.Weights()
}

func (o packedConv) split(g *kernel.PackedConv, p []float32) (weights, shift, param []float32) {
	n := o.packedWeights(g)
	return p[:n], p[n : n+g.Out], p[n+g.Out:]
}

// prepare packs the weights, with the BatchNorm folded into them.
func (o packedConv) prepare(g *kernel.PackedConv, to op.Planes, w op.Weights, p []float32) {
	weights, shift, param := o.split(g, p)
	scale, rest := o.fold(w, shift)
	if o.isDepthwise() {
		g.PackDepthwise(weights, w[0], scale)
	} else {
		g.Pack(weights, w[0], scale)
	}
	if len(param) > 0 {
		spreadLanes(param, o.after.Parameter(rest), to)
	}
}

// fold folds the BatchNorm into the convolution: y = (w·x + b − μ)·s + β, with s = γ/√(σ² + ε),
// is (s·w)·x + (b − μ)·s + β. It writes the shift, and returns s, nil if there is no BatchNorm,
// and the parameters of o.after.
func (o packedConv) fold(w op.Weights, shift []float32) (scale []float32, rest op.Weights) {
	own, rest := w[:1], w[1:]
	if o.bias {
		own, rest = w[:2], w[2:]
	}
	clear(shift)
	copy(shift, bias(own))
	if o.norm == nil {
		return nil, rest
	}
	scale = make([]float32, len(shift))
	for c := range scale {
		s := float64(rest[0][c]) * o.norm.factor(float64(rest[3][c]))
		scale[c] = float32(s)
		shift[c] = float32((float64(shift[c])-float64(rest[2][c]))*s + float64(rest[1][c]))
	}
	return scale, rest[4:]
}

// spreadLanes writes one value, or those of all channels for each pixel of a strip.
func spreadLanes(to, values []float32, maps op.Planes) {
	if len(values) == 1 {
		copy(to, values)
		return
	}
	for c := 0; c < maps.Channels; c += op.Lanes {
		for i := range paramPixels(maps) {
			copy(to[c*paramPixels(maps)+i*op.Lanes:], values[c:c+op.Lanes])
		}
	}
}
