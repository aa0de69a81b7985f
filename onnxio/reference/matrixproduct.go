package reference

// matrixProduct adds a [m, k] times b [k, n] to y [m, n], in the order of k. It is a convolution of
// the columns of b with the rows of a.
func (c *call) matrixProduct(y, a, b []float64, m, k, n int) error {
	if m < 4 {
		rowsProduct(y, a, b, m, k, n)
		return c.did(m * k * n)
	}
	s := columns(n, k, steps{0, 1}, steps{0, 1}, n)
	s.rows = m
	by := &kernels{x: b, w: a, y: y, each: m, size: n, row: k}
	s.did = c.did
	return s.each(by.add)
}

// matrixProductT is matrixProduct of b [n, k], transposed: a convolution of the rows of a with those
// of b.
func (c *call) matrixProductT(y, a, b []float64, m, k, n int) error {
	s := columns(m, k, steps{0, k}, steps{0, n}, 1)
	s.rows = n
	by := &kernels{x: a, w: b, y: y, each: n, size: 1, row: k}
	s.did = c.did
	return s.each(by.add)
}

// columns are n positions that meet k inputs, which lie next apart.
func columns(n, k int, in, out steps, next int) *blocking {
	sizes := []int{n}
	return over(sizes, sizes, sizes, func(int) []segment {
		if k == 0 {
			return nil
		}
		return []segment{{positions: n, in: in, out: out, taps: k, tap: steps{0, 1}, behind: steps{0, next}}}
	})
}

// rowsProduct is matrixProduct for few rows: it goes through b once for each, eight rows of b
// at a time.
func rowsProduct(y, a, b []float64, m, k, n int) {
	parallelRuns(n, 128, m*k, func(low, high int) {
		for i := range m {
			yi, ai, b := y[i*n+low:i*n+high], a[i*k:][:k], b[min(low, len(b)):]
			p := 0
			for ; p+8 <= k; p += 8 {
				at := func(i int) []float64 { return b[(p+i)*n:] }
				addEight(yi, (*[8]float64)(ai[p:]), 1, at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7))
			}
			for ; p < k; p++ {
				addScaled(yi, ai[p], b[p*n:], 1)
			}
		}
	})
}
