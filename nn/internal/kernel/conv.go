package kernel

// Conv is the geometry of a 2-D convolution. Kernels take it from Plan.
type Conv struct {
	In, Out          int // channels
	H, W             int // input map
	OH, OW           int // output map
	KH, KW           int
	StrideH, StrideW int
	DilationH        int
	DilationW        int
	PadTop, PadLeft  int // the bottom and right pads follow from OH and OW
	Groups           int

	forward, backward, weights grid
}

// Plan returns the convolution with what its kernels need to know worked out.
func (c Conv) Plan() *Conv {
	if c.pointwise() { // the map is one long row
		c.H, c.W = 1, c.H*c.W
		c.OH, c.OW = 1, c.OH*c.OW
	}
	c.plan()
	return &c
}

// pointwise reports whether output pixel i depends on input pixel i alone.
func (c *Conv) pointwise() bool {
	return c.KH == 1 && c.KW == 1 && c.StrideH == 1 && c.StrideW == 1 && c.PadTop == 0 && c.PadLeft == 0 &&
		c.OH == c.H && c.OW == c.W
}

// ConvForward overwrites y with the convolution (cross-correlation, as in every
// framework):
//
//	y[oc][oy][ox] = b[oc] + Σ w[oc][ic][ky][kx] · x[ic][oy·s+ky·d−pad][ox·s+kx·d−pad]
//
// x is [In][H][W][16], w [Out][In/Groups][KH][KW], b [Out] or nil, y
// [Out][OH][OW][16]. Pixels outside the map count as zero.
func ConvForward(y, x, w, b []float32, c *Conv) {
	reads(x, w, b)
	c.forward.writesPixels(y)
	active.convForward(y, x, w, b, c, nil)
}

// ConvInputGrad overwrites dx with the gradient of the input:
//
//	dx[ic][iy][ix] = Σ w[oc][ic][ky][kx] · dy[oc][oy][ox]
//
// over all outputs that read the pixel.
func ConvInputGrad(dx, dy, w []float32, c *Conv) {
	reads(dy, w)
	c.backward.writesPixels(dx)
	active.convInputGrad(dx, dy, w, c, false)
}

// ConvAddInputGrad adds the gradient of the input to dx.
func ConvAddInputGrad(dx, dy, w []float32, c *Conv) {
	reads(dy, w)
	c.backward.writesPixels(dx)
	active.convInputGrad(dx, dy, w, c, true)
}

// ConvWeightGrad adds the gradient of the weights to dw and that of the bias to db; one that
// is nil is not wanted:
//
//	dw[oc][ic][ky][kx] += Σ dy[oc][oy][ox] · x[ic][oy·s+ky·d−pad][ox·s+kx·d−pad]
//	db[oc]             += Σ dy[oc][oy][ox]
//
// over pixels and lanes.
func ConvWeightGrad(dw, db, dy, x []float32, c *Conv) {
	reads(dy, x)
	c.weights.writesWeights(dw, db)
	active.convWeightGrad(dw, db, dy, x, c, nil)
}
