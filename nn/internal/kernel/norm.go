package kernel

// norms are the loops of normalisations, over whole pixels of a channel.
type norms struct {
	affine   func(y, x []float32, mean, scale, shift float32)
	normGrad func(dx, dy, x []float32, r NormRates)
	// Of each lane, for at most normChunk values: Σ x; Σ (x − shift) and Σ (x − shift)²; Σ dy
	// and Σ dy·(x − mean).
	sums     func(x []float32) [Lanes]float32
	moments  func(x []float32, shift float32) (sum, squares [Lanes]float32)
	products func(dy, x []float32, mean float32) (sum, product [Lanes]float32)
	// d = dy·d, and products of that for dy.
	chainProducts func(d, dy, x []float32, mean float32) (sum, product [Lanes]float32)

	normRelu, normSlope, normFlat normAct
}

// Affine writes y = (x − mean)·scale + shift; y may be x.
func Affine(y, x []float32, mean, scale, shift float32) {
	y = y[:len(x)]
	reads(x)
	writes(y)
	active.affine(y, x, mean, scale, shift)
}

// NormRates are the numbers of a step back through a normalisation.
type NormRates struct{ Mean, Scale, Slope, Shift float32 }

// NormGrad writes dx = Scale·dy + Slope·(x − Mean) + Shift; dx may be dy.
func NormGrad(dx, dy, x []float32, r NormRates) {
	dx, x = dx[:len(dy)], x[:len(dy)]
	reads(dy, x)
	writes(dx)
	active.normGrad(dx, dy, x, r)
}

// normChunk is how many values are summed up in float32 before the sums go to a
// float64: few enough for float32 to lose next to nothing.
const normChunk = NormPixels * Lanes

// NormPixels is that number in pixels. Sums over chunks of so many pixels are those over all of
// them, to the bit.
const NormPixels = 128

// Moments gives the mean of the first n lanes of pixels, and Σ (x − mean)², in one pass: it sums
// up the deviations from the mean of the first values, of which little is lost when the
// difference to the mean of all is taken into account.
func Moments(x []float32, n int) (mean, squares float64) {
	reads(x)
	first := x[:min(normChunk, len(x))]
	shift := float32(addLanes(active.sums(first), n) / float64(len(first)/Lanes*n))
	count, sum := float64(len(x)/Lanes*n), 0.0
	for ; len(x) > 0; x = x[min(normChunk, len(x)):] {
		s, q := active.moments(x[:min(normChunk, len(x))], shift)
		sum += addLanes(s, n)
		squares += addLanes(q, n)
	}
	return float64(shift) + sum/count, max(0, squares-sum*sum/count)
}

// SumProduct gives Σ dy and Σ dy·(x − mean).
func SumProduct(dy, x []float32, mean float32) (total, product float64) {
	x = x[:len(dy)]
	reads(dy, x)
	for len(dy) > 0 {
		n := min(normChunk, len(dy))
		s, p := active.products(dy[:n], x[:n], mean)
		total += addLanes(s, Lanes)
		product += addLanes(p, Lanes)
		dy, x = dy[n:], x[n:]
	}
	return total, product
}

// ChainProduct writes dz = dy·d over d, and gives SumProduct of it.
func ChainProduct(d, dy, x []float32, mean float32) (total, product float64) {
	d, x = d[:len(dy)], x[:len(dy)]
	reads(dy, x)
	writes(d)
	for len(dy) > 0 {
		n := min(normChunk, len(dy))
		s, p := active.chainProducts(d[:n], dy[:n], x[:n], mean)
		total += addLanes(s, Lanes)
		product += addLanes(p, Lanes)
		d, dy, x = d[n:], dy[n:], x[n:]
	}
	return total, product
}

func addLanes(v [Lanes]float32, n int) (total float64) {
	for _, x := range v[:n] {
		total += float64(x)
	}
	return total
}
