package kernel

// The loops of normalisations, over the values of one channel.

// Affine writes y = (x − mean)·scale + shift; y may be x.
func Affine(y, x []float32, mean, scale, shift float32) {
	y = y[:len(x)]
	for i, v := range x {
		y[i] = float32((v-mean)*scale) + shift
	}
}

// NormRates are the numbers of a step back through a normalisation.
type NormRates struct{ Mean, Scale, Slope, Shift float32 }

// NormGrad writes dx = Scale·dy + Slope·(x − Mean) + Shift; dx may be dy.
func NormGrad(dx, dy, x []float32, r NormRates) {
	dx, x = dx[:len(dy)], x[:len(dy)]
	for i, g := range dy {
		dx[i] = float32(r.Scale*g) + float32(r.Slope*(x[i]-r.Mean)) + r.Shift
	}
}

// normStretch is how many values are summed up in float32 before the sum goes to a
// float64: few enough for float32 to lose next to nothing.
const normStretch = 16 * Lanes

// SumLanes is the sum of the first n lanes of pixels.
func SumLanes(x []float32, n int) (total float64) {
	return stretches(x, n, func(v []float32) float64 { return float64(sum(v)) })
}

// SquaresLanes is the sum of (x − mean)² over the first n lanes of pixels.
func SquaresLanes(x []float32, mean float32, n int) float64 {
	return stretches(x, n, func(v []float32) float64 {
		var s [4]float32
		for ; len(v) >= 4; v = v[4:] {
			a, b, c, d := v[0]-mean, v[1]-mean, v[2]-mean, v[3]-mean
			s[0] += float32(a * a)
			s[1] += float32(b * b)
			s[2] += float32(c * c)
			s[3] += float32(d * d)
		}
		for _, a := range v {
			s[0] += float32((a - mean) * (a - mean))
		}
		return float64((s[0] + s[1]) + (s[2] + s[3]))
	})
}

// stretches adds up what f gives for stretches of pixels whose first n lanes count.
func stretches(x []float32, n int, f func(v []float32) float64) (total float64) {
	length := normStretch
	if n < Lanes {
		length = Lanes
	}
	for lo := 0; lo < len(x); lo += length {
		v := x[lo:min(lo+length, len(x))]
		total += f(v[:min(len(v), len(v)-Lanes+n)])
	}
	return total
}

// SumProduct gives Σ dy and Σ dy·(x − mean).
func SumProduct(dy, x []float32, mean float32) (total, product float64) {
	for lo := 0; lo < len(dy); lo += normStretch {
		g := dy[lo:min(lo+normStretch, len(dy))]
		v := x[lo:][:len(g)]
		var s, p [4]float32
		for len(g) >= 4 && len(v) >= 4 {
			s[0], p[0] = s[0]+g[0], p[0]+float32(g[0]*(v[0]-mean))
			s[1], p[1] = s[1]+g[1], p[1]+float32(g[1]*(v[1]-mean))
			s[2], p[2] = s[2]+g[2], p[2]+float32(g[2]*(v[2]-mean))
			s[3], p[3] = s[3]+g[3], p[3]+float32(g[3]*(v[3]-mean))
			g, v = g[4:], v[4:]
		}
		total += float64((s[0] + s[1]) + (s[2] + s[3]))
		product += float64((p[0] + p[1]) + (p[2] + p[3]))
	}
	return total, product
}
