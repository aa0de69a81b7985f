package reference

// The inner loops of convolutions and products. Where each sum stands right behind its product
// few registers are taken; in dot4x2 the checks of the four indices keep the compiler from
// taking all products first, which would put sums aside.

// pair is what two positions have under a tap, and the index of its weight.
type pair struct {
	w    int
	p, q float64
}

// dot4x2 adds to s what four rows of weights give with pairs of inputs.
func dot4x2(s *[8]float64, w0, w1, w2, w3 []float64, pairs []pair) {
	s0, s1, s2, s3, s4, s5, s6, s7 := s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7]
	for i := range pairs {
		x := &pairs[i]
		w := w0[x.w]
		s0 += w * x.p
		s1 += w * x.q
		w = w1[x.w]
		s2 += w * x.p
		s3 += w * x.q
		w = w2[x.w]
		s4 += w * x.p
		s5 += w * x.q
		w = w3[x.w]
		s6 += w * x.p
		s7 += w * x.q
	}
	*s = [8]float64{s0, s1, s2, s3, s4, s5, s6, s7}
}

// addEight adds eight vectors, each times a number, to y in their order. Their elements lie
// step apart.
func addEight(y []float64, a *[8]float64, step int, x0, x1, x2, x3, x4, x5, x6, x7 []float64) {
	n := max(0, (len(y)-1)*step+1)
	x0, x1, x2, x3, x4, x5, x6, x7 = x0[:n], x1[:n], x2[:n], x3[:n], x4[:n], x5[:n], x6[:n], x7[:n]
	a0, a1, a2, a3, a4, a5, a6, a7 := a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7]
	j := 0
	for i, s := range y {
		s += a0 * x0[j]
		s += a1 * x1[j]
		s += a2 * x2[j]
		s += a3 * x3[j]
		s += a4 * x4[j]
		s += a5 * x5[j]
		s += a6 * x6[j]
		s += a7 * x7[j]
		y[i] = s
		j += step
	}
}

// dot1x4 adds to s what a row of weights gives with the inputs of four positions.
func dot1x4(s *[4]float64, offsets []offset, w, x0, x1, x2, x3 []float64) {
	x1, x2, x3 = x1[:len(x0)], x2[:len(x0)], x3[:len(x0)]
	s0, s1, s2, s3 := s[0], s[1], s[2], s[3]
	for _, t := range offsets {
		a := w[t.w]
		s0 += a * x0[t.x]
		s1 += a * x1[t.x]
		s2 += a * x2[t.x]
		s3 += a * x3[t.x]
	}
	*s = [4]float64{s0, s1, s2, s3}
}
