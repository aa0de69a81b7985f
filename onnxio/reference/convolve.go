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
func (k *kernels) add(b *block, at []position) {
	for low := b.low; low < b.high; {
		g := low / k.each
		high := min(b.high, (g+1)*k.each)
		x, fours := k.x[g*k.ins:], low+(high-low)&^3
		if fours > low {
			k.addFours(b, at, x, low, fours)
		}
		for m := fours; m < high; m++ {
			addRow(b, at, x, k.weights(m), k.y[m*k.size:])
		}
		low = high
	}
}

// weights are those of a row, and what follows them.
func (k *kernels) weights(m int) []float64 { return k.w[m/k.each*k.group+m%k.each*k.row:] }

// So many pairs of positions, and taps of each, are put side by side.
const (
	nearPairs = 4
	nearTaps  = 256
)

// addFours adds what rows low to high give, four at a time, at pairs of positions. It puts the
// inputs of a few positions and taps side by side, which caches hold while the rows pass.
func (k *kernels) addFours(b *block, at []position, x []float64, low, high int) {
	var pairs [nearPairs * nearTaps]pair
	for from := 0; from < len(b.offsets); from += nearTaps {
		offsets := b.offsets[from:min(len(b.offsets), from+nearTaps)]
		for first := 0; first < len(at); first += 2 * nearPairs {
			near := at[first:min(len(at), first+2*nearPairs)]
			for i := 0; i < len(near); i += 2 {
				p, q := two(near, i)
				sideBySide(pairs[i/2*nearTaps:], offsets, x[p.in:][:b.reach.x], x[q.in:][:b.reach.x])
			}
			for m := low; m < high; m += 4 {
				w := k.weights(m)
				w0, w1, w2, w3 := w[:b.reach.w], w[k.row:][:b.reach.w], w[2*k.row:][:b.reach.w], w[3*k.row:][:b.reach.w]
				y0, y1, y2, y3 := k.y[m*k.size:], k.y[(m+1)*k.size:], k.y[(m+2)*k.size:], k.y[(m+3)*k.size:]
				for i := 0; i < len(near); i += 2 {
					p, q := two(near, i)
					s := [8]float64{y0[p.out], y0[q.out], y1[p.out], y1[q.out], y2[p.out], y2[q.out], y3[p.out], y3[q.out]}
					dot4x2(&s, w0, w1, w2, w3, pairs[i/2*nearTaps:][:len(offsets)])
					y0[p.out], y0[q.out], y1[p.out], y1[q.out] = s[0], s[1], s[2], s[3]
					y2[p.out], y2[q.out], y3[p.out], y3[q.out] = s[4], s[5], s[6], s[7]
				}
			}
		}
	}
}

// two are position i and the next; the last of an odd number counts as both.
func two(at []position, i int) (p, q position) { return at[i], at[min(i+1, len(at)-1)] }

func sideBySide(pairs []pair, offsets []offset, p, q []float64) {
	pairs, q = pairs[:len(offsets)], q[:len(p)]
	for j, t := range offsets {
		pairs[j] = pair{int(t.w), p[t.x], q[t.x]}
	}
}

// addRow adds what one row gives: to runs of positions whose results follow each other, to
// fours, and to a single one.
func addRow(b *block, at []position, x, w, y []float64) {
	offsets, reach, step := b.offsets, b.reach.x, b.along[len(b.along)-1].in.by
	w = w[:b.reach.w]
	for len(at) > 0 {
		n, p := min(4, len(at)), at[0]
		switch {
		case p.run >= 8:
			n = p.run
			addRun(y[p.out:][:n], offsets, w, x[p.in:], step)
		case n > 1: // the last of two or three counts for those that are not there
			q, r, t := at[1], at[min(2, n-1)], at[n-1]
			s := [4]float64{y[p.out], y[q.out], y[r.out], y[t.out]}
			dot1x4(&s, offsets, w, x[p.in:][:reach], x[q.in:][:reach], x[r.in:][:reach], x[t.in:][:reach])
			y[p.out], y[q.out], y[r.out], y[t.out] = s[0], s[1], s[2], s[3]
		default:
			s := y[p.out]
			for _, t := range offsets {
				s += w[t.w] * x[p.in+int(t.x)]
			}
			y[p.out] = s
		}
		at = at[n:]
	}
}

// addRun adds to y, at positions whose inputs lie step apart, eight taps at a time.
func addRun(y []float64, offsets []offset, w, x []float64, step int) {
	for ; len(offsets) >= 8; offsets = offsets[8:] {
		var a [8]float64
		for i := range a {
			a[i] = w[offsets[i].w]
		}
		t := offsets
		addEight(y, &a, step, x[t[0].x:], x[t[1].x:], x[t[2].x:], x[t[3].x:], x[t[4].x:], x[t[5].x:], x[t[6].x:], x[t[7].x:])
	}
	for _, t := range offsets {
		addScaled(y, w[t.w], x[t.x:], step)
	}
}
