package kernel

// MaxPoolForward overwrites y with the largest pixel of each window, NaN if it holds one.
// Each window must have a pixel in the map. x is [C][H][W][16], y [C][OH][OW][16].
func MaxPoolForward(y, x []float32, p *Pool) {
	rows, channels := p.all()
	MaxPoolPacked(y, x, p.inBlocks, rows, channels)
}

// MaxPoolBackward overwrites dx: each window's dy goes to the first of its pixels that
// equals y, in the order of rows. If that is NaN it goes to the last NaN, as in PyTorch.
func MaxPoolBackward(dx, dy, x, y []float32, p *Pool) {
	p.reads(x, y, dy)
	p.writes(dx)
	active.maxPoolBackward(dx, dy, x, y, p)
}

func maxPoolBackwardGo(dx, dy, x, y []float32, p *Pool) {
	p.clear(dx)
	p.windows(func(w window) {
		var at [Lanes]int
		top := pixel(y, w.out)
		for i := w.rows - 1; i >= 0; i-- { // backwards: the first is the last to be noted
			for j := w.cols - 1; j >= 0; j-- {
				k := w.in + i*p.DilationH*p.W + j*p.DilationW
				v := pixel(x, k)
				for l := range at { // compiled without a branch, which would be unpredictable
					was := at[l]
					if v[l] == top[l] {
						was = k
					}
					at[l] = was
				}
			}
		}
		g := pixel(dy, w.out)
		for l, k := range at {
			if top[l] != top[l] {
				k = p.lastNaN(x, w, l)
			}
			dx[k*Lanes+l] += g[l]
		}
	})
}

// MaxPoolBackwardShared overwrites dx: each window's dy is divided between all its pixels
// that equal y. A NaN equals none.
func MaxPoolBackwardShared(dx, dy, x, y []float32, p *Pool) {
	p.reads(x, y, dy)
	p.writes(dx)
	p.clear(dx)
	p.windows(func(w window) {
		top, g := pixel(y, w.out), *pixel(dy, w.out)
		var n [Lanes]float32
		p.inWindow(w, func(k int) {
			for l, v := range pixel(x, k) {
				if v == top[l] {
					n[l]++
				}
			}
		})
		for l := range g {
			g[l] /= max(n[l], 1)
		}
		p.inWindow(w, func(k int) {
			d := pixel(dx, k)
			for l, v := range pixel(x, k) {
				if v == top[l] {
					d[l] += g[l]
				}
			}
		})
	})
}

// inWindow calls f for each pixel of a window, in the order of rows.
func (p *Pool) inWindow(w window, f func(pixel int)) {
	for i := range w.rows {
		for j := range w.cols {
			f(w.in + i*p.DilationH*p.W + j*p.DilationW)
		}
	}
}

func (p *Pool) lastNaN(x []float32, w window, lane int) int {
	at := w.in
	p.inWindow(w, func(k int) {
		if v := x[k*Lanes+lane]; v != v {
			at = k
		}
	})
	return at
}
