package kernel

// AveragePoolForward overwrites y with the sum of each window divided by its number of
// pixels: of those in the map if pads is nil, else of those in the map and its padding. x is
// [C][H][W][16], y [C][OH][OW][16].
func AveragePoolForward(y, x []float32, p *Pool, pads *Padding) {
	rows, channels := p.all()
	AveragePoolPacked(y, x, p.inBlocks, pads, rows, channels)
}

// AveragePoolBackward overwrites dx: each pixel gets dy/n of every window that it lies in.
func AveragePoolBackward(dx, dy []float32, p *Pool, pads *Padding) {
	p.reads(nil, dy)
	p.writes(dx)
	active.averagePoolBackward(dx, dy, p, pads)
}

func averagePoolBackwardGo(dx, dy []float32, p *Pool, pads *Padding) {
	p.clear(dx)
	p.windows(func(w window) {
		n := p.pixels(w, pads)
		g := *pixel(dy, w.out)
		for l := range g {
			g[l] /= n
		}
		for i := range w.rows {
			for j := range w.cols {
				d := pixel(dx, w.in+i*p.DilationH*p.W+j*p.DilationW)
				for l := range d {
					d[l] += g[l]
				}
			}
		}
	})
}

// Padding is how far a map is padded at the end, where windows of a pool that rounds
// its size up may reach further.
type Padding struct{ Bottom, Right int }

// pixels is what a window's sum is divided by.
func (p *Pool) pixels(w window, pads *Padding) float32 {
	if pads == nil {
		return float32(w.rows * w.cols)
	}
	return float32(p.paddedRows(w.out/p.OW%p.OH, pads) * p.paddedCols(w.out%p.OW, pads))
}

// paddedRows and paddedCols are how many rows and columns of a window are pixels or padding.
func (p *Pool) paddedRows(oy int, pads *Padding) int {
	return min(p.KH, p.H+pads.Bottom-(oy*p.StrideH-p.PadTop))
}
func (p *Pool) paddedCols(ox int, pads *Padding) int {
	return min(p.KW, p.W+pads.Right-(ox*p.StrideW-p.PadLeft))
}
