package kernel

// FastWeights transforms the weights of a convolution, w[Out][In][3][3] in both directions,
// for ConvFast: u[position][out/4][in][4], with zeros in place of output channels that do
// not exist. The weights of each output channel are multiplied by its scale, if scale is not nil.
func FastWeights(u, w, scale []float32, f *FastConv) {
	reads(w, scale)
	writes(u[:f.Weights()])
	in, out := f.c.In, f.c.Out
	position := ceilDiv(out, 4) * 4 * in
	var t [positions][16]float32 // four input × four output channels, whole lines of the cache
	for o := 0; o < out; o += 4 {
		for c := 0; c < in; c += 4 {
			n := min(4, in-c)
			for i := range n * 4 {
				f.transform(&t, i, w, scale, o+i%4, c+i/4)
			}
			for p := range t {
				copy(u[p*position+o*in+c*4:], t[p][:n*4])
			}
		}
	}
}

// transform puts G·g·Gᵀ of the kernel g between an input and an output channel into a column of t.
func (f *FastConv) transform(t *[positions][16]float32, column int, w, scale []float32, o, c int) {
	if o >= f.c.Out {
		for p := range t {
			t[p][column] = 0
		}
		return
	}
	by := 1.
	if scale != nil {
		by = float64(scale[o])
	}
	var g [9]float64
	if f.flipped {
		for i, v := range w[(c*f.c.Out+o)*9:][:9] {
			g[8-i] = by * float64(v)
		}
	} else {
		for i, v := range w[(o*f.c.In+c)*9:][:9] {
			g[i] = by * float64(v)
		}
	}
	var cols [3][6]float64
	for j := range cols {
		cols[j] = transformWeights(g[j], g[3+j], g[6+j])
	}
	for i := range 6 {
		for j, v := range transformWeights(cols[0][i], cols[1][i], cols[2][i]) {
			t[i*6+j][column] = float32(v)
		}
	}
}

// transformWeights is G·g: the values of g0 + g1·x + g2·x² at the points, divided by those
// of x(x²−a²)(x²−b²) without the factor that is 0 there.
func transformWeights(g0, g1, g2 float64) [6]float64 {
	const a, b = winogradA, winogradB
	const atA, atB = 1 / (2 * a * a * (a*a - b*b)), 1 / (2 * b * b * (b*b - a*a))
	evenA, oddA := atA*(g0+a*a*g2), atA*(a*g1)
	evenB, oddB := atB*(g0+b*b*g2), atB*(b*g1)
	return [6]float64{g0 / (a * a * b * b), evenA + oddA, evenA - oddA, evenB + oddB, evenB - oddB, g2}
}
