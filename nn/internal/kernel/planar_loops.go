package kernel

// Loops for one sample alone.

// The pools of one sample alone read one channel, its rows one after the other. Windows are
// reduced along the height first, and then along the width.

// MaxPoolPlane overwrites y, one channel [OH][OW], with the largest pixel of each window of
// x [H][W], NaN if it holds one. Each window must have a pixel in the map.
func MaxPoolPlane(y, x []float32, p *Pool) {
	reads(x[:p.H*p.W])
	var small [planeRow]float32
	column := rowOf(small[:], p.W)
	for oy, r := range p.rows {
		copy(column, x[r.first*p.W:])
		for i := 1; i < r.n; i++ {
			row := x[(r.first+i*p.DilationH)*p.W:][:len(column)]
			for k, v := range row {
				column[k] = max(column[k], v)
			}
		}
		out := y[oy*p.OW:][:len(p.cols)]
		for ox, c := range p.cols {
			best := column[c.first]
			for j := 1; j < c.n; j++ {
				best = max(best, column[c.first+j*p.DilationW])
			}
			out[ox] = best
		}
	}
}

// AveragePoolPlane overwrites y, one channel [OH][OW], with the sum of each window of
// x [H][W] divided by its number of pixels, as AveragePoolForward counts them.
func AveragePoolPlane(y, x []float32, p *Pool, pads *Padding) {
	reads(x[:p.H*p.W])
	down := p.DilationH * p.W // from one row of a window to the next
	for oy, r := range p.rows {
		top, out := x[r.first*p.W:], y[oy*p.OW:][:len(p.cols)]
		height := r.n
		if pads != nil {
			height = p.paddedRows(oy, pads)
		}
		for ox, c := range p.cols {
			width := c.n
			if pads != nil {
				width = p.paddedCols(ox, pads)
			}
			window := top[c.first:]
			var sum float32
			if r.n == 2 && c.n == 2 { // the usual window, without a call
				right := p.DilationW
				sum = window[0] + window[down] + (window[right] + window[down+right])
			} else {
				sum = sumWindow(window, r.n, c.n, down, p.DilationW)
			}
			out[ox] = sum / float32(height*width)
		}
	}
}

// sumWindow adds up columns, and then the columns' sums.
func sumWindow(x []float32, rows, cols, down, right int) (sum float32) {
	for j := range cols {
		column := x[j*right]
		for i := 1; i < rows; i++ {
			column += x[i*down+j*right]
		}
		sum += column
	}
	return sum
}

// planeRow is how wide a map may be that is pooled without memory from the heap.
const planeRow = 512

func rowOf(small []float32, width int) []float32 {
	if width > len(small) {
		return make([]float32, width)
	}
	return small[:width]
}

// DenseTransposedSingle overwrites y with y[j] = Σ x[i]·w[i][j], where the rows of w lie so
// many floats apart.
func DenseTransposedSingle(y, x, w []float32, pitch int) {
	clear(y)
	for ; len(x) >= 4; x, w = x[4:], w[min(4*pitch, len(w)):] {
		addScaled4(y, w, w[pitch:], w[2*pitch:], w[3*pitch:], x[0], x[1], x[2], x[3])
	}
	for i, v := range x {
		addScaled(y, w[i*pitch:], v)
	}
}
