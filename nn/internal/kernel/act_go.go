package kernel

// These loops are what the vector kernels must equal: bit for bit, except for the order
// of the sums in da.

// sharing is the number of values out of n that share one of params parameters.
func sharing(n, params int) int {
	switch {
	case params <= 1:
		return max(n, 1)
	case params == n: // each has its own
		return 1
	}
	return Lanes
}

func reluForwardGo(y, x, _ []float32) {
	y = y[:len(x)]
	for i, v := range x {
		if v < 0 {
			v = 0
		}
		y[i] = v
	}
}

func reluBackwardGo(dx, dy, x, _ []float32) {
	dx, dy = dx[:len(x)], dy[:len(x)]
	for i, v := range x {
		if v > 0 {
			dx[i] = dy[i]
		} else {
			dx[i] = 0
		}
	}
}

func slopeForwardGo(y, x, a []float32) {
	y = y[:len(x)]
	n := sharing(len(x), len(a))
	for lo := 0; lo < len(x); lo += n {
		slope := a[lo/n]
		for i := lo; i < min(lo+n, len(x)); i++ {
			v := x[i]
			if !(v > 0) { // not v <= 0: a NaN goes through too
				v *= slope
			}
			y[i] = v
		}
	}
}

func slopeBackwardGo(dx, dy, x, a, da []float32) { slopeGrad(dx, dy, x, a, da, false) }

func slopeFlatBackwardGo(dx, dy, x, a, da []float32) { slopeGrad(dx, dy, x, a, da, true) }

// slopeGrad takes a derivative of 0 at x = 0 if flat, else the slope.
func slopeGrad(dx, dy, x, a, da []float32, flat bool) {
	dy = dy[:len(x)]
	n := sharing(len(x), len(a))
	for lo := 0; lo < len(x); lo += n {
		slope := a[lo/n]
		atZero := slope
		if flat {
			atZero = 0
		}
		var sum float32
		for i := lo; i < min(lo+n, len(x)); i++ {
			g, d := dy[i], slope
			switch v := x[i]; {
			case v > 0:
				d = 1
			case v == 0:
				d = atZero
			default:
				sum += float32(g * v)
			}
			if dx != nil {
				dx[i] = d * g
			}
		}
		if da != nil {
			da[lo/n] += sum
		}
	}
}
