package kernel

// DepthwiseWeights is the number of floats of packed weights of a depthwise convolution.
func (c *PackedConv) DepthwiseWeights() int { return c.Blocks() * c.KH * c.KW * Lanes }

// PackDepthwise packs weights w[Out][KH][KW], each channel times scale[c] if scale is not
// nil: to is [Out/16][KH][KW][16]. Zeros fill the last block.
func (c *PackedConv) PackDepthwise(to, w, scale []float32) {
	to = to[:c.DepthwiseWeights()]
	writes(to)
	clear(to)
	area := c.KH * c.KW
	for oc := range c.Out {
		by := float32(1)
		if scale != nil {
			by = scale[oc]
		}
		at := to[oc/Lanes*area*Lanes+oc%Lanes:]
		for k, v := range w[oc*area:][:area] {
			at[k*Lanes] = v * by
		}
	}
}

// DepthwiseReads is Reads for a depthwise convolution.
func (c *PackedConv) DepthwiseReads() int { return (c.Blocks()-1)*c.XBlock + c.window() + Lanes }

// DepthwisePacked computes some rows of some blocks of channels:
//
//	y[c][p] = b[c] + Σ w[c][ky][kx] · x[c][p·stride + k·dilation]
//
// Input and output are packed and In is Out; the rest is as for ConvPacked. w is what
// PackDepthwise writes.
func DepthwisePacked(y, x, w, b []float32, c *PackedConv, rows, blocks Range) {
	if rows.Lo >= rows.Hi || blocks.Lo >= blocks.Hi {
		return
	}
	y, x, w = y[:c.Writes()], x[:c.DepthwiseReads()], w[:c.DepthwiseWeights()]
	if b != nil {
		b = b[:c.Blocks()*Lanes]
	}
	reads(w, b)
	c.readsBlocks(x, blocks, rows)
	writesPacked(y, c.OW, c.YRow, c.YBlock, rows, blocks)
	active.depthwisePacked(y, x, w, b, c, rows, blocks)
}
