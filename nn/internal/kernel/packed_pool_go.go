package kernel

func maxPoolPackedGo(y, x []float32, p *PackedPool, rows, blocks Range) {
	p.eachWindow(y, x, rows, blocks, func(to *[Lanes]float32, from []float32, w window) {
		*to = *pixel(from, 0)
		for i := range w.rows {
			for j := range w.cols {
				v := pixel(from[i*p.DilationH*p.XRow:], j*p.DilationW)
				for l := range to {
					to[l] = max(to[l], v[l])
				}
			}
		}
	})
}

func averagePoolPackedGo(y, x []float32, p *PackedPool, pads *Padding, rows, blocks Range) {
	p.eachWindow(y, x, rows, blocks, func(to *[Lanes]float32, from []float32, w window) {
		*to = [Lanes]float32{}
		for i := range w.rows { // each row by itself: long sums would round more
			var row [Lanes]float32
			for j := range w.cols {
				v := pixel(from[i*p.DilationH*p.XRow:], j*p.DilationW)
				for l := range row {
					row[l] += v[l]
				}
			}
			for l := range to {
				to[l] += row[l]
			}
		}
		n := p.pixels(w, pads)
		for l := range to {
			to[l] /= n
		}
	})
}

// eachWindow calls f for the windows of some rows and blocks; w.out is the output pixel. from
// starts at the first pixel of the window, and is nil if all of it is padding.
func (p *PackedPool) eachWindow(y, x []float32, rows, blocks Range, f func(to *[Lanes]float32, from []float32, w window)) {
	for b := blocks.Lo; b < blocks.Hi; b++ {
		for oy := rows.Lo; oy < rows.Hi; oy++ {
			for ox, col := range p.cols {
				row := p.rows[oy]
				var from []float32
				if row.n*col.n > 0 {
					from = x[b*p.XBlock+row.first*p.XRow+col.first*Lanes:]
				}
				f(pixel(y[b*p.YBlock+oy*p.YRow:], ox), from, window{out: oy*p.OW + ox, rows: row.n, cols: col.n})
			}
		}
	}
}
