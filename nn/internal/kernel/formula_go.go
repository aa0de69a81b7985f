package kernel

// Forward64 gives the loop y = f(x; a) of a function that is computed in float64, so that
// it is right to the last bit of float32. a is the fixed parameter, 0 if there is none.
func Forward64(f func(x, a float64) float64) func(y, x, a []float32) {
	return func(y, x, a []float32) {
		y = y[:len(x)]
		p := fixed64(a)
		for i, v := range x {
			y[i] = float32(f(float64(v), p))
		}
	}
}

// Backward64 gives the loop dx = dy·d(x; a) for the derivative d of such a function.
func Backward64(d func(x, a float64) float64) func(dx, dy, x, a []float32) {
	return func(dx, dy, x, a []float32) {
		dx, dy = dx[:len(x)], dy[:len(x)]
		p := fixed64(a)
		for i, v := range x {
			dx[i] = float32(float64(dy[i]) * d(float64(v), p))
		}
	}
}

func fixed64(a []float32) float64 {
	if len(a) == 0 {
		return 0
	}
	return float64(a[0])
}
