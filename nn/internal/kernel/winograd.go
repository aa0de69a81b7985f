package kernel

// FastConv is a convolution with kernels of 3×3 by the fast algorithm F(4×4, 3×3) of Winograd
// (Lavin & Gray 2015): a tile of 4×4 outputs takes 36 products for each pair of channels,
// where the sum of its taps takes 144. Kernels take it from Fast or FastInputGrad.
//
// Tiles of 6×6 inputs and kernels become 36 numbers each, the values at 0, ±a, ±b and ∞ of the
// polynomials whose coefficients they are, along both axes. The points are a = 5/8 and
// b = 3/2, whose powers are exact in float32; errors are two to four times those of plain sums,
// with the usual points 1 and 2 twice as much.
type FastConv struct {
	Relu bool // the output is max(0, y)

	c       Conv // whose input and output are those of the direction
	flipped bool // the kernels turned by half a turn, from outputs to inputs
	writes  grid // share of the output
	fours   span // groups of four output channels
	rows    span // of tiles
	chunk   [2]int
	outs    int // output channels at a time, a multiple of 4
}

const (
	// tileSide is the side of a tile of outputs; that of inputs is tileSide+2.
	tileSide = 4
	// positions is the number of products for a tile and a pair of channels.
	positions = (tileSide + 2) * (tileSide + 2)
	// transformCost is about what it costs to transform a tile of a channel, in products.
	transformCost = 400
)

// Fast plans ConvFast for what ConvForward computes, without regard to Part. It gives nil if the algorithm does not
// apply, to other kernels than 3×3, strides, dilation, groups or wide padding, or does not pay,
// with few channels or maps that tiles cover badly.
func (c *Conv) Fast() *FastConv {
	if f := c.fast(); f != nil && f.pays() {
		return f
	}
	return nil
}

// FastInputGrad plans ConvFast for what ConvInputGrad computes, or gives nil likewise.
func (c *Conv) FastInputGrad() *FastConv {
	if f := c.fastInputGrad(); f != nil && f.pays() {
		return f
	}
	return nil
}

func (c *Conv) fast() *FastConv {
	bottom, right := c.OH+2-c.H-c.PadTop, c.OW+2-c.W-c.PadLeft
	if c.KH != 3 || c.KW != 3 || c.StrideH != 1 || c.StrideW != 1 || c.DilationH != 1 || c.DilationW != 1 || c.Groups != 1 ||
		max(c.PadTop, c.PadLeft, bottom, right) > 2 { // then a tile may lie outside of the map
		return nil
	}
	f := &FastConv{c: *c, writes: c.forward.whole()}
	f.fours, f.rows = span{0, ceilDiv(c.Out, 4)}, span{0, ceilDiv(c.OH, tileSide)}
	f.chunk, f.outs = f.blocking()
	return f
}

// fastInputGrad is the plan of the convolution of the outputs' gradient with the kernels turned
// by half a turn.
func (c *Conv) fastInputGrad() *FastConv {
	back := *c
	back.In, back.H, back.W = c.Out, c.OH, c.OW
	back.Out, back.OH, back.OW = c.In, c.H, c.W
	back.PadTop, back.PadLeft = 2-c.PadTop, 2-c.PadLeft
	if min(back.PadTop, back.PadLeft) < 0 {
		return nil
	}
	f := back.fast()
	if f != nil {
		f.flipped, f.writes = true, c.backward.whole()
	}
	return f
}

// whole is the grid without the cut of Conv.Part.
func (g grid) whole() grid {
	g.outs, g.height, g.width = span{0, g.groups * g.to}, span{0, g.toH}, span{0, g.toW}
	return g
}

// pays reports whether the algorithm is faster than the sum of taps, by a fifth at least.
func (f *FastConv) pays() bool {
	c := &f.c
	tiles := ceilDiv(c.OH, tileSide) * ceilDiv(c.OW, tileSide)
	fast := tiles * (positions*c.In*c.Out + transformCost*(c.In+c.Out))
	return c.OH*c.OW*9*c.In*c.Out > fast*6/5
}

// Weights is the number of transformed weights.
func (f *FastConv) Weights() int { return positions * f.c.In * ceilDiv(f.c.Out, 4) * 4 }

// Part gives share i of n, as Conv.Part does.
func (f *FastConv) Part(i, n int) *FastConv {
	p := *f
	if tiles := f.rows.hi; tiles >= n {
		p.rows = spanOf(i, n, tiles, 1)
		p.writes.height = span{p.rows.lo * tileSide, min(p.rows.hi*tileSide, f.c.OH)}
	} else {
		p.fours = spanOf(i, n, f.fours.hi, 1)
		p.writes.outs = span{p.fours.lo * 4, min(p.fours.hi*4, f.c.Out)}
	}
	return &p
}

// ConvFast computes what ConvForward does, or with a plan of FastInputGrad what ConvInputGrad
// does, up to rounding, plus add, which has the layout of y and may be y or nil. u are the
// weights transformed by FastWeights; x, b and y are as there. A NaN or an infinity in x reaches
// all outputs of the tiles that read it.
func ConvFast(y, x, u, b, add []float32, f *FastConv) {
	reads(x, u, b)
	if add != nil {
		f.writes.readsPixels(add)
	}
	f.writes.writesPixels(y)
	active.convFast(y, x, u, b, add, f)
}
