package kernel

func convPackedGo(y, x, w, b, add []float32, c *PackedConv, rows, blocks Range) {
	size := c.blockWeights()
	for block := blocks.Lo; block < blocks.Hi; block++ {
		for oy := rows.Lo; oy < rows.Hi; oy++ {
			for ox := range c.OW {
				var sum [Lanes]float32
				c.addTaps(&sum, w[block*size:][:size], x[oy*c.StrideH*c.XRow+ox*c.StrideW*c.XPixel:])
				if b != nil {
					addGo(sum[:], b[block*Lanes:][:Lanes])
				}
				at := block*c.YBlock + oy*c.YRow + ox*Lanes
				if add != nil {
					addGo(sum[:], add[at:][:Lanes])
				}
				c.store(y[at:], &sum)
			}
		}
	}
}

// addTaps adds all products of a pixel, whose first tap is x[0].
func (c *PackedConv) addTaps(sum *[Lanes]float32, w, x []float32) {
	blocks, lanes, last := c.lanes()
	for b := range blocks {
		n := lanes
		if b == blocks-1 {
			n = last
		}
		for ky := range c.KH {
			for kx := range c.KW {
				from := x[b*c.XBlock+ky*c.DilationH*c.XRow+kx*c.DilationW*c.XPixel:]
				for i := range n {
					addScaled(sum[:], w[:Lanes], from[i*c.XLane])
					w = w[Lanes:]
				}
			}
		}
	}
}

func depthwisePackedGo(y, x, w, b []float32, c *PackedConv, rows, blocks Range) {
	size := c.KH * c.KW * Lanes
	for block := blocks.Lo; block < blocks.Hi; block++ {
		for oy := rows.Lo; oy < rows.Hi; oy++ {
			for ox := range c.OW {
				var sum [Lanes]float32
				if b != nil {
					copy(sum[:], b[block*Lanes:])
				}
				taps, from := w[block*size:][:size], x[block*c.XBlock+oy*c.StrideH*c.XRow+ox*c.StrideW*c.XPixel:]
				for ky := range c.KH {
					for kx := range c.KW {
						mulAddLanes(&sum, from[ky*c.DilationH*c.XRow+kx*c.DilationW*c.XPixel:], taps)
						taps = taps[Lanes:]
					}
				}
				c.store(y[block*c.YBlock+oy*c.YRow+ox*Lanes:], &sum)
			}
		}
	}
}

// mulAddLanes: sum[l] += x[l]·w[l]
func mulAddLanes(sum *[Lanes]float32, x, w []float32) {
	x, w = x[:Lanes], w[:Lanes]
	for l := range sum {
		sum[l] += float32(x[l] * w[l])
	}
}

// store writes a pixel of the output.
func (c *PackedConv) store(y []float32, sum *[Lanes]float32) {
	if c.Relu {
		reluForwardGo(sum[:], sum[:], nil)
	}
	copy(y, sum[:])
}
