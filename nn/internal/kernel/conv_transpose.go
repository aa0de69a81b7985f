package kernel

// ConvTransposeForward overwrites y with the transposed convolution of x, which is the
// gradient of the input of the convolution c when x is that of its output:
//
//	y[oc][iy·s+ky·d−pad][ix·s+kx·d−pad] = b[oc] + Σ w[ic][oc][ky][kx] · x[ic][iy][ix]
//
// So c reads the map of y and gives that of x: x is [c.Out][c.OH][c.OW][16], w
// [c.Out][c.In/Groups][KH][KW], b [c.In] or nil, y [c.In][c.H][c.W][16].
func ConvTransposeForward(y, x, w, b []float32, c *Conv) {
	ConvInputGrad(y, x, w, c)
	if b != nil {
		c.backward.addBias(y, b)
	}
}

// addBias adds a number to each channel, in the share of a map that a grid computes.
func (g *grid) addBias(to, bias []float32) {
	for o := g.outs.lo; o < g.outs.hi; o++ {
		for y := g.height.lo; y < g.height.hi; y++ {
			row := to[(o*g.toH+y)*g.toW*Lanes:]
			row = row[g.width.lo*Lanes : g.width.hi*Lanes]
			for i := range row {
				row[i] += bias[o]
			}
		}
	}
}

// ConvTransposeInputGrad overwrites dx with the gradient of the input, the convolution c
// of dy.
func ConvTransposeInputGrad(dx, dy, w []float32, c *Conv) { ConvForward(dx, dy, w, nil, c) }

// ConvTransposeWeightGrad adds the gradient of the weights to dw.
func ConvTransposeWeightGrad(dw, dy, x []float32, c *Conv) { ConvWeightGrad(dw, nil, x, dy, c) }

// ChannelSums adds to s the sums of channels lo to hi−1 of a map with so many pixels each,
// over pixels and lanes: s[c] += Σ x[c][…].
func ChannelSums(s, x []float32, pixels, lo, hi int) {
	for c := lo; c < hi; c++ {
		s[c] += sum(x[c*pixels*Lanes:][:pixels*Lanes])
	}
}
