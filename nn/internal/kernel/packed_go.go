package kernel

func convPackedGo(y, x, w, b, add []float32, c *PackedConv, rows, blocks Range) {
	inBlocks, lanes, last := c.lanes()
	size := c.blockWeights()
	c.eachPixel(y, x, b, rows, blocks, func(sum *[Lanes]float32, block int, first []float32, at int) {
		taps := w[block*size:][:size]
		for ib := range inBlocks {
			n := lanes
			if ib == inBlocks-1 {
				n = last
			}
			for ky := range c.KH {
				for kx := range c.KW {
					from := first[ib*c.XBlock+ky*c.DilationH*c.XRow+kx*c.DilationW*c.XPixel:]
					for i := range n {
						addScaled(sum[:], taps[:Lanes], from[i*c.XLane])
						taps = taps[Lanes:]
					}
				}
			}
		}
		if add != nil {
			for l, v := range add[at:][:Lanes] {
				sum[l] += v
			}
		}
	})
}

func depthwisePackedGo(y, x, w, b []float32, c *PackedConv, rows, blocks Range) {
	area := c.KH * c.KW * Lanes
	c.eachPixel(y, x, b, rows, blocks, func(sum *[Lanes]float32, block int, first []float32, _ int) {
		taps := w[block*area:][:area]
		from := first[block*c.XBlock:]
		for ky := range c.KH {
			for kx := range c.KW {
				mulAddLanes(sum, from[ky*c.DilationH*c.XRow+kx*c.DilationW*c.XPixel:], taps)
				taps = taps[Lanes:]
			}
		}
	})
}

// mulAddLanes: sum[l] += x[l]·w[l]
func mulAddLanes(sum *[Lanes]float32, x, w []float32) {
	x, w = x[:Lanes], w[:Lanes]
	for l := range sum {
		sum[l] += float32(x[l] * w[l])
	}
}

// eachPixel writes the output pixels of some rows and blocks, for each of which f adds to the
// bias. first are the floats of x from the pixel's first tap on, at is where y has the pixel.
func (c *PackedConv) eachPixel(y, x, b []float32, rows, blocks Range, f func(sum *[Lanes]float32, block int, first []float32, at int)) {
	for block := blocks.Lo; block < blocks.Hi; block++ {
		for oy := rows.Lo; oy < rows.Hi; oy++ {
			for ox := range c.OW {
				var sum [Lanes]float32
				if b != nil {
					copy(sum[:], b[block*Lanes:])
				}
				at := block*c.YBlock + oy*c.YRow + ox*Lanes
				f(&sum, block, x[oy*c.StrideH*c.XRow+ox*c.StrideW*c.XPixel:], at)
				if c.Relu {
					reluForwardGo(sum[:], sum[:], nil)
				}
				copy(y[at:], sum[:])
			}
		}
	}
}
