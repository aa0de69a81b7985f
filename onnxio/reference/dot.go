package reference

// The inner loops of convolutions. Each sum stands right behind its product, and each index is
// checked by itself: so the compiler takes few registers, and none has to be put aside.

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

// dot1x8 adds to s what a row of weights gives with the inputs of eight positions that
// follow each other.
func dot1x8(s *[8]float64, offsets []offset, w, x []float64) {
	s0, s1, s2, s3, s4, s5, s6, s7 := s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7]
	for _, t := range offsets {
		a, i := w[t.w], int(t.x)
		s0 += a * x[i]
		s1 += a * x[i+1]
		s2 += a * x[i+2]
		s3 += a * x[i+3]
		s4 += a * x[i+4]
		s5 += a * x[i+5]
		s6 += a * x[i+6]
		s7 += a * x[i+7]
	}
	*s = [8]float64{s0, s1, s2, s3, s4, s5, s6, s7}
}

// dot1x4 is dot1x8 of four positions that stand anywhere.
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
