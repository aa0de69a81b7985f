package kernel

// FastConv is a convolution with kernels of 3×3 by the fast algorithm F(4×4, 3×3) of Winograd
// (Lavin & Gray 2015): a tile of 4×4 outputs takes 36 products for each pair of channels,
// where the sum of its taps takes 144. Kernels take it from Fast or FastInputGrad.
//
// Tiles of 6×6 inputs and kernels become 36 numbers each, the values at 0, ±a, ±b and ∞ of the
// polynomials whose coefficients they are, along both axes. The points are a = 5/8 and
// b = 3/2, whose powers are exact in float32; the errors are about twice those of plain sums,
// where the usual 1 and 2 give five times and more.
type FastConv struct {
	c       Conv // whose input and output are those of the direction
	flipped bool // the kernels turned by half a turn, from outputs to inputs
	writes  grid // share of the output
	fours   span // groups of four output channels
	rows    span // of tiles
	chunk   [2]int
	outs    int // output channels at a time, a multiple of 4
}

const (
	// tileSide is the side of a tile of outputs, a tile of inputs has tileSide+2.
	tileSide = 4
	// positions is the number of products for a tile and a pair of channels.
	positions = (tileSide + 2) * (tileSide + 2)
	// fastChannels is the number of channels from which the algorithm pays.
	fastChannels = 8
)

// Fast plans ConvFast for what ConvForward computes. It gives nil if the algorithm does not
// apply or does not pay: with other kernels than 3×3, strides, dilation, groups, few channels.
func (c *Conv) Fast() *FastConv {
	if c.KH != 3 || c.KW != 3 || c.StrideH != 1 || c.StrideW != 1 || c.DilationH != 1 || c.DilationW != 1 || c.Groups != 1 {
		return nil
	}
	if min(c.In, c.Out) < fastChannels || min(c.OH, c.OW) < tileSide-1 {
		return nil
	}
	return newFast(c, c.forward)
}

// FastInputGrad plans ConvFast for what ConvInputGrad computes, or gives nil.
func (c *Conv) FastInputGrad() *FastConv {
	if c.Fast() == nil || max(c.PadTop, c.PadLeft) > 2 {
		return nil
	}
	back := *c
	back.In, back.H, back.W = c.Out, c.OH, c.OW
	back.Out, back.OH, back.OW = c.In, c.H, c.W
	back.PadTop, back.PadLeft = 2-c.PadTop, 2-c.PadLeft
	if min(back.OH, back.OW) < tileSide-1 {
		return nil
	}
	f := newFast(&back, c.backward)
	if f != nil {
		f.flipped = true
	}
	return f
}

// newFast gives nil if tiles may lie outside of the map.
func newFast(c *Conv, g grid) *FastConv {
	bottom, right := c.OH+2-c.H-c.PadTop, c.OW+2-c.W-c.PadLeft
	if max(c.PadTop, c.PadLeft, bottom, right) > 2 {
		return nil
	}
	f := &FastConv{c: *c, writes: g}
	f.fours, f.rows = span{0, ceilDiv(c.Out, 4)}, span{0, ceilDiv(c.OH, tileSide)}
	f.chunk, f.outs = f.blocking()
	return f
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
// does, up to rounding. u are the weights transformed by FastWeights, x, b and y as there.
func ConvFast(y, x, u, b []float32, f *FastConv) {
	reads(x, u, b)
	f.writes.writesPixels(y)
	active.convFast(y, x, u, b, f)
}
