package reference

// matrixProduct adds a [m, k] times b [k, n] to y [m, n], in the order of k. It is a convolution of
// the columns of b with the rows of a.
func matrixProduct(y, a, b []float64, m, k, n int) {
	if m < 4 {
		rowsProduct(y, a, b, m, k, n)
		return
	}
	s := columns(n, k, steps{0, 1}, steps{0, 1}, n)
	s.rows = m
	c := &kernels{x: b, w: a, y: y, each: m, size: n, row: k}
	s.each(c.add)
}

// matrixProductT is matrixProduct of b [n, k], transposed: a convolution of the rows of a with those
// of b.
func matrixProductT(y, a, b []float64, m, k, n int) {
	s := columns(m, k, steps{0, k}, steps{0, n}, 1)
	s.rows = n
	c := &kernels{x: a, w: b, y: y, each: n, size: 1, row: k}
	s.each(c.add)
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

// rowsProduct is matrixProduct for few rows: it goes through b once for each, four rows of b at a
// time.
func rowsProduct(y, a, b []float64, m, k, n int) {
	parallelRuns(n, 128, m*k, func(low, high int) {
		for i := range m {
			yi, ai := y[i*n+low:i*n+high], a[i*k:][:k]
			p := 0
			for ; p+4 <= k; p += 4 {
				addFour(yi, ai[p:], b[p*n+low:], b[(p+1)*n+low:], b[(p+2)*n+low:], b[(p+3)*n+low:])
			}
			for ; p < k; p++ {
				addScaled(yi, ai[p], b[p*n+low:], 1)
			}
		}
	})
}

// addFour adds four vectors, each times a number, to y in their order.
func addFour(y, a, b0, b1, b2, b3 []float64) {
	n := len(y)
	b0, b1, b2, b3 = b0[:n], b1[:n], b2[:n], b3[:n]
	a0, a1, a2, a3 := a[0], a[1], a[2], a[3]
	for j, s := range y {
		s += a0 * b0[j]
		s += a1 * b1[j]
		s += a2 * b2[j]
		s += a3 * b3[j]
		y[j] = s
	}
}
