package reference

// kernels is how the weights of convolutions lie in memory, and what they work on.
type kernels struct {
	x, w, y []float64
	each    int // rows, which are channels of the result, of a group
	ins     int // input channels of a group, times their size
	size    int // of a channel of the result
	group   int // weights from a group to the next
	row     int // from a row of a group to the next
}

// add adds to the results of a block what the kernels make of the input, for each of them in
// the order of the taps.
func (k *kernels) add(b *block, places []place) {
	for low := b.low; low < b.high; {
		g := low / k.each
		high := min(b.high, (g+1)*k.each)
		x, four := k.x[g*k.ins:], low+(high-low)&^3
		if four > low {
			k.addFours(b.taps, places, x, low, four)
		}
		for m := four; m < high; m++ {
			addRow(b.taps, places, x, k.weights(m), k.y[m*k.size:])
		}
		low = high
	}
}

// weights are those of a row, and what follows them.
func (k *kernels) weights(m int) []float64 { return k.w[m/k.each*k.group+m%k.each*k.row:] }

// addFours adds what rows low to high give, four at a time, at pairs of places. It puts
// the inputs of a few places and taps side by side, which caches hold while the rows pass.
func (k *kernels) addFours(taps []offset, places []place, x []float64, low, high int) {
	var pairs [pairPlaces * pairTaps]pair
	reach, last := extent(taps)
	for ; len(taps) > 0; taps = taps[min(len(taps), pairTaps):] {
		some := taps[:min(len(taps), pairTaps)]
		for at := 0; at < len(places); at += 2 * pairPlaces {
			near := places[at:min(len(places), at+2*pairPlaces)]
			for i := 0; i < len(near); i += 2 {
				p, q := twoOf(near, i)
				sideBySide(pairs[i/2*pairTaps:][:len(some)], some, x[p.in:][:reach], x[q.in:][:reach])
			}
			for m := low; m < high; m += 4 {
				w := k.weights(m)
				w0, w1, w2, w3 := w[:last], w[k.row:][:last], w[2*k.row:][:last], w[3*k.row:][:last]
				y0, y1, y2, y3 := k.y[m*k.size:], k.y[(m+1)*k.size:], k.y[(m+2)*k.size:], k.y[(m+3)*k.size:]
				for i := 0; i < len(near); i += 2 {
					p, q := twoOf(near, i)
					s := [8]float64{y0[p.out], y0[q.out], y1[p.out], y1[q.out], y2[p.out], y2[q.out], y3[p.out], y3[q.out]}
					dot4x2(&s, w0, w1, w2, w3, pairs[i/2*pairTaps:][:len(some)])
					y0[p.out], y0[q.out], y1[p.out], y1[q.out] = s[0], s[1], s[2], s[3]
					y2[p.out], y2[q.out], y3[p.out], y3[q.out] = s[4], s[5], s[6], s[7]
				}
			}
		}
	}
}

// So many pairs, and taps of each, are put side by side.
const (
	pairPlaces = 4
	pairTaps   = 256
)

// twoOf is place i and the next; the last of an odd number counts as both.
func twoOf(places []place, i int) (p, q place) {
	return places[i], places[min(i+1, len(places)-1)]
}

func sideBySide(pairs []pair, taps []offset, p, q []float64) {
	q = q[:len(p)]
	for j, t := range taps {
		pairs[j] = pair{int(t.w), p[t.x], q[t.x]}
	}
}

// extent is how far taps reach in the input, and in the weights.
func extent(taps []offset) (in, at int) {
	for _, t := range taps {
		in, at = max(in, int(t.x)+1), max(at, int(t.w)+1)
	}
	return in, at
}

// pair is what two places have under a tap, and the index of its weight.
type pair struct {
	w    int
	p, q float64
}

// dot4x2 adds to s what four rows of weights give with pairs of inputs. Each sum stands right
// behind its product, so that few registers are taken.
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

// addRow adds what one row gives: to runs of eight places whose inputs follow each other, to
// fours, and to a single one.
func addRow(taps []offset, places []place, x, w, y []float64) {
	reach, last := extent(taps)
	w = w[:last]
	for len(places) > 0 {
		n, p := min(4, len(places)), places[0]
		switch {
		case len(places) >= 8 && places[7] == place{p.in + 7, p.out + 7}:
			n = 8
			dot1x8((*[8]float64)(y[p.out:]), taps, w, x[p.in:][:reach+7])
		case n > 1: // the last of two or three counts for those that are not there
			q, r, t := places[1], places[min(2, n-1)], places[n-1]
			s := [4]float64{y[p.out], y[q.out], y[r.out], y[t.out]}
			dot1x4(&s, taps, w, x[p.in:][:reach], x[q.in:][:reach], x[r.in:][:reach], x[t.in:][:reach])
			y[p.out], y[q.out], y[r.out], y[t.out] = s[0], s[1], s[2], s[3]
		default:
			s := y[p.out]
			for _, t := range taps {
				s += w[t.w] * x[p.in+int(t.x)]
			}
			y[p.out] = s
		}
		places = places[n:]
	}
}

// dot1x8 adds to s what a row of weights gives with the inputs of eight places that follow
// each other.
func dot1x8(s *[8]float64, taps []offset, w, x []float64) {
	s0, s1, s2, s3, s4, s5, s6, s7 := s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7]
	for _, t := range taps {
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

// dot1x4 is dot1x8 of four places that stand anywhere.
func dot1x4(s *[4]float64, taps []offset, w, x0, x1, x2, x3 []float64) {
	x1, x2, x3 = x1[:len(x0)], x2[:len(x0)], x3[:len(x0)]
	s0, s1, s2, s3 := s[0], s[1], s[2], s[3]
	for _, t := range taps {
		a := w[t.w]
		s0 += a * x0[t.x]
		s1 += a * x1[t.x]
		s2 += a * x2[t.x]
		s3 += a * x3[t.x]
	}
	*s = [4]float64{s0, s1, s2, s3}
}
