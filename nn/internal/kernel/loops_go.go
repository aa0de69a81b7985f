package kernel

// addScaled: y[i] += w·x[i]
func addScaled(y, x []float32, w float32) {
	x = x[:len(y)]
	for i := range y {
		y[i] += float32(w * x[i])
	}
}

// addScaled4: y[i] += w0·x0[i] + w1·x1[i] + w2·x2[i] + w3·x3[i]
func addScaled4(y, x0, x1, x2, x3 []float32, w0, w1, w2, w3 float32) {
	n := len(y)
	x0, x1, x2, x3 = x0[:n], x1[:n], x2[:n], x3[:n]
	for i := range y {
		a := float32(w0*x0[i]) + float32(w1*x1[i])
		b := float32(w2*x2[i]) + float32(w3*x3[i])
		y[i] += a + b
	}
}

// dot: Σ a[i]·b[i], in four partial sums.
func dot(a, b []float32) float32 {
	b = b[:len(a)]
	var s0, s1, s2, s3 float32
	for len(a) >= 4 && len(b) >= 4 {
		s0 += float32(a[0] * b[0])
		s1 += float32(a[1] * b[1])
		s2 += float32(a[2] * b[2])
		s3 += float32(a[3] * b[3])
		a, b = a[4:], b[4:]
	}
	for i := range a {
		s0 += float32(a[i] * b[i])
	}
	return (s0 + s1) + (s2 + s3)
}

// dot4 gives Σ a·b0, Σ a·b1, Σ a·b2 and Σ a·b3 in one walk over a.
func dot4(a, b0, b1, b2, b3 []float32) (s0, s1, s2, s3 float32) {
	n := len(a)
	b0, b1, b2, b3 = b0[:n], b1[:n], b2[:n], b3[:n]
	for i, v := range a {
		s0 += float32(v * b0[i])
		s1 += float32(v * b1[i])
		s2 += float32(v * b2[i])
		s3 += float32(v * b3[i])
	}
	return
}
