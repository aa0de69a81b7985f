package kernel

// A tap is one weight of a convolution as it acts on a row of pixels:
//
//	out[o] += w · in[o+off]   for lo ≤ o < hi
//
// with all 16 lanes of a pixel side by side. A convolution of stride 1 and its
// input gradient are both nothing but taps on rows.
type tap struct {
	w      float32
	off    int
	lo, hi int
}

// tapRoom holds the taps of a row without garbage, unless they are very many.
type tapRoom [16]tap

func (r *tapRoom) taps(n int) []tap {
	if n <= len(r) {
		return r[:n]
	}
	return make([]tap, n)
}

// within is the tap on some of the pixels.
func (t tap) within(s span) tap {
	t.lo = max(t.lo, s.lo)
	t.hi = max(t.lo, min(t.hi, s.hi))
	return t
}

// addTaps applies taps to a row. Four taps at a time share one walk over the
// pixels that all four reach.
func addTaps(out, in []float32, taps []tap) {
	for len(taps) >= 4 {
		t := taps[:4]
		lo, hi := t[0].lo, t[0].hi
		for _, u := range t[1:] {
			lo, hi = max(lo, u.lo), min(hi, u.hi)
		}
		if lo < hi {
			addScaled4(out[lo*Lanes:hi*Lanes],
				in[(lo+t[0].off)*Lanes:], in[(lo+t[1].off)*Lanes:], in[(lo+t[2].off)*Lanes:], in[(lo+t[3].off)*Lanes:],
				t[0].w, t[1].w, t[2].w, t[3].w)
		} else {
			hi = lo
		}
		for _, u := range t {
			addTap(out, in, tap{u.w, u.off, u.lo, min(lo, u.hi)})
			addTap(out, in, tap{u.w, u.off, max(hi, u.lo), u.hi})
		}
		taps = taps[4:]
	}
	for _, t := range taps {
		addTap(out, in, t)
	}
}

func addTap(out, in []float32, t tap) {
	if t.lo < t.hi {
		addScaled(out[t.lo*Lanes:t.hi*Lanes], in[(t.lo+t.off)*Lanes:], t.w)
	}
}

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
