package kernel

// Dense is an affine map from In to Out numbers. To the kernels in assembly it is a
// convolution of 1×1 maps.
type Dense struct {
	In, Out int
	conv    *Conv
}

// NewDense prepares a map for the kernels.
func NewDense(in, out int) *Dense {
	return &Dense{in, out, Conv{
		In: in, Out: out, H: 1, W: 1, OH: 1, OW: 1, KH: 1, KW: 1,
		StrideH: 1, StrideW: 1, DilationH: 1, DilationW: 1, Groups: 1,
	}.Plan()}
}

// DenseForward overwrites y with
//
//	y[o] = b[o] + Σ w[o][i] · x[i]
//
// x is [In][16], w [Out][In], b [Out] or nil, y [Out][16].
func DenseForward(y, x, w, b []float32, d *Dense) {
	reads(x, w, b)
	d.conv.forward.writesPixels(y)
	active.denseForward(y, x, w, b, d)
}

// DenseInputGrad overwrites dx: dx[i] = Σ w[o][i] · dy[o].
func DenseInputGrad(dx, dy, w []float32, d *Dense) {
	reads(dy, w)
	d.conv.backward.writesPixels(dx)
	active.denseInputGrad(dx, dy, w, d)
}

// DenseWeightGrad adds dw[o][i] += Σ dy[o]·x[i] and db[o] += Σ dy[o] over the
// lanes; one that is nil is not wanted.
func DenseWeightGrad(dw, db, dy, x []float32, d *Dense) {
	reads(dy, x)
	d.conv.weights.writesWeights(dw, db)
	active.denseWeightGrad(dw, db, dy, x, d)
}
