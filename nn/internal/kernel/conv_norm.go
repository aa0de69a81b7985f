package kernel

// NormInput is what a convolution makes of its input while it reads it: each channel is normalised
// and goes through an activation, as by NormFunc.Forward. The results are not stored.
type NormInput struct {
	Func     NormFunc
	Channels []NormAct // of each input channel

	forward func(y, x []float32, n NormAct, to rows) // of the backend in use
}

// ConvForwardNorm is ConvForward of a normalised input. in belongs to the call.
func ConvForwardNorm(y, x, w, b []float32, c *Conv, in *NormInput) {
	in.forward = in.Func.loops().forward
	reads(x, w, b)
	c.forward.writesPixels(y)
	active.convForward(y, x, w, b, c, in)
}

// ConvWeightGradNorm is ConvWeightGrad of a normalised input. in belongs to the call.
func ConvWeightGradNorm(dw, db, dy, x []float32, c *Conv, in *NormInput) {
	in.forward = in.Func.loops().forward
	reads(dy, x)
	c.weights.writesWeights(dw, db)
	active.convWeightGrad(dw, db, dy, x, c, in)
}

// from is that of the channels from number c on. in may be nil, or of no channels.
func (in *NormInput) from(c int) NormInput {
	if in == nil || in.Channels == nil {
		return NormInput{}
	}
	return NormInput{in.Func, in.Channels[c:], in.forward}
}

// copy copies height rows of a channel, of width floats, normalised if in is of any channels.
func (in NormInput) copy(to, from []float32, channel, height, width, toRow, fromRow int) {
	if in.Channels == nil {
		for r := range height {
			copy(to[r*toRow:][:width], from[r*fromRow:])
		}
		return
	}
	n := in.Channels[channel]
	if width == fromRow {
		in.forward(to, from[:height*width], n, rows{width, toRow})
		return
	}
	for r := range height {
		in.forward(to[r*toRow:], from[r*fromRow:][:width], n, rows{})
	}
}

// maps are whole maps of a grid's input, normalised.
func (in *NormInput) maps(x []float32, g *grid, buf *[]float32) []float32 {
	if in == nil {
		return x
	}
	plane := g.fromH * g.fromW * Lanes
	if len(*buf) < len(x) {
		*buf = make([]float32, len(x))
	}
	y := (*buf)[:len(x)]
	for c := range len(x) / plane {
		in.from(c).copy(y[c*plane:], x[c*plane:], 0, 1, plane, plane, plane)
	}
	return y
}
