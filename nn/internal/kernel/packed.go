package kernel

// The maps of one sample may be packed: sixteen channels lie in the lanes,
// x[C/16][H][W][16], as in oneDNN's nChw16c and ONNX Runtime's NCHWc. The lanes behind the
// last channel hold zeros. Maps have a border of zeros as wide as the padding of what reads
// them, so that every pixel has all taps.

// Range is the numbers Lo…Hi−1.
type Range struct{ Lo, Hi int }

// PackedConv is the geometry of a convolution of one sample with sixteen output channels in
// the lanes. The input is packed, or, where the channels are few, plain planes. Plan makes calls
// cheaper.
type PackedConv struct {
	In, Out              int // channels
	OH, OW               int
	KH, KW               int
	StrideH, StrideW     int
	DilationH, DilationW int

	// Floats from one to the next: input channel of a block, pixel, row, block. Packed maps
	// have XLane 1 and XPixel 16. If XLane is not 1, all channels are one block: for planes
	// XPixel is 1 and XLane the size of a plane.
	XLane, XPixel, XRow, XBlock int

	YRow, YBlock int // likewise; pixels of the output are 16 apart

	Relu bool // the output is max(0, y)

	shapes [3]packedShape // from Plan, for one block of output channels, two, four
}

// packedShape is how an output is cut into tiles: of so many blocks, and at most so many rows.
type packedShape struct{ blocks, rows int }

// Plan returns the convolution with its tiles chosen, for the backend in use.
func (c PackedConv) Plan() *PackedConv {
	active.planPacked(&c)
	return &c
}

// Blocks is the number of blocks of output channels.
func (c *PackedConv) Blocks() int { return packedBlocks(c.Out) }

func packedBlocks(channels int) int { return (channels + Lanes - 1) / Lanes }

// lanes is the number of channels in an input block, and in the last.
func (c *PackedConv) lanes() (blocks, lanes, last int) {
	if c.XLane != 1 {
		return 1, c.In, c.In
	}
	blocks = packedBlocks(c.In)
	last = c.In - (blocks-1)*Lanes
	if blocks == 1 {
		return 1, last, last
	}
	return blocks, Lanes, last
}

// Weights is the number of floats of packed weights.
func (c *PackedConv) Weights() int { return c.Blocks() * c.blockWeights() }

// blockWeights are those of a block of output channels.
func (c *PackedConv) blockWeights() int { return c.In * c.KH * c.KW * Lanes }

// Pack packs weights w[Out][In][KH][KW], each output channel times scale[oc] if scale is not
// nil: to is [Out/16][blocks of In][KH][KW][channels of the block][16]. Zeros fill the last block.
func (c *PackedConv) Pack(to, w, scale []float32) {
	to = to[:c.Weights()]
	writes(to) // clear does not tell the race detector
	clear(to)
	area := c.KH * c.KW
	blocks, lanes, last := c.lanes()
	for oc := range c.Out {
		by := float32(1)
		if scale != nil {
			by = scale[oc]
		}
		at := to[oc/Lanes*c.blockWeights()+oc%Lanes:]
		for b := range blocks {
			n := lanes
			if b == blocks-1 {
				n = last
			}
			for k := range area {
				for ic := range n {
					at[((b*lanes*area)+k*n+ic)*Lanes] = w[(oc*c.In+b*lanes+ic)*area+k] * by
				}
			}
		}
	}
}

// Reads is the number of floats of x that a convolution reads, from the first tap of output
// pixel (0, 0) on.
func (c *PackedConv) Reads() int {
	blocks, lanes, last := c.lanes()
	if blocks > 1 && last < lanes {
		return max(c.readsOf(blocks-1, lanes), c.readsOf(blocks, last))
	}
	return c.readsOf(blocks, lanes)
}

func (c *PackedConv) readsOf(blocks, lanes int) int {
	return (blocks-1)*c.XBlock + (lanes-1)*c.XLane + c.window() + 1
}

// window is how far the last tap of the last pixel lies behind the first of the first.
func (c *PackedConv) window() int {
	return ((c.OH-1)*c.StrideH+(c.KH-1)*c.DilationH)*c.XRow + ((c.OW-1)*c.StrideW+(c.KW-1)*c.DilationW)*c.XPixel
}

// Writes is the number of floats from the first to the last of y.
func (c *PackedConv) Writes() int {
	return (c.Blocks()-1)*c.YBlock + (c.OH-1)*c.YRow + c.OW*Lanes
}

// ConvPacked computes some rows of some blocks of output channels:
//
//	y[oc][p] = Σ w[oc][ic][ky][kx] · x[ic][p·stride + k·dilation] + b[oc] + add[oc][p]
//
// x begins at the first tap of output pixel (0, 0) and has Reads floats; y begins at that pixel
// and has Writes floats. w is what Pack writes. b has 16 values for each block, with zeros
// behind the last channel, or is nil. add, which may be nil or y, has the layout of y. The bits
// of an output do not depend on the ranges.
func ConvPacked(y, x, w, b, add []float32, c *PackedConv, rows, blocks Range) {
	if rows.Lo >= rows.Hi || blocks.Lo >= blocks.Hi {
		return
	}
	y, x, w = y[:c.Writes()], x[:c.Reads()], w[:c.Weights()]
	if b != nil {
		b = b[:c.Blocks()*Lanes]
	}
	if add != nil {
		add = add[:c.Writes()]
		readsPacked(add, c.OW, c.YRow, c.YBlock, rows, blocks)
	}
	c.readsInput(x, rows)
	reads(w, b)
	writesPacked(y, c.OW, c.YRow, c.YBlock, rows, blocks)
	active.convPacked(y, x, w, b, add, c, rows, blocks)
}
