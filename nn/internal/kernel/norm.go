package kernel

// norms are the loops of normalisations, over whole pixels of a channel.
type norms struct {
	affine   func(y, x []float32, mean, scale, shift float32)
	normGrad func(dx, dy, x []float32, r NormRates)
	// Of each lane, for at most normChunk values: Σ x; Σ (x − mean)²; Σ dy and
	// Σ dy·(x − mean).
	sums     func(x []float32) [Lanes]float32
	squares  func(x []float32, mean float32) [Lanes]float32
	products func(dy, x []float32, mean float32) (sum, product [Lanes]float32)
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
const normChunk = 64 * Lanes

// SumLanes is the sum of the first n lanes of pixels.
func SumLanes(x []float32, n int) (total float64) {
	reads(x)
	for ; len(x) > 0; x = x[min(normChunk, len(x)):] {
		total += addLanes(active.sums(x[:min(normChunk, len(x))]), n)
	}
	return total
}

// SquaresLanes is the sum of (x − mean)² over the first n lanes of pixels.
func SquaresLanes(x []float32, mean float32, n int) (total float64) {
	reads(x)
	for ; len(x) > 0; x = x[min(normChunk, len(x)):] {
		total += addLanes(active.squares(x[:min(normChunk, len(x))], mean), n)
	}
	return total
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

func addLanes(v [Lanes]float32, n int) (total float64) {
	for _, x := range v[:n] {
		total += float64(x)
	}
	return total
}
