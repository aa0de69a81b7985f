package kernel

// A padded map has zeros around it, as far as taps reach, so that all pixels of a run
// have all taps. It is a copy of a few channels, which pays where many channels read it, or
// where they are normalised; its channels are also an odd number of pixels apart, so that they
// spread over the cache.
type padded struct {
	rows, cols    []seg
	top, left     int // rows and columns of zeros in front; negative: that many are cut off
	height, width int
}

// source is n channels of a grid's map, from x on, where in begins.
func (p *padded) source(a *tileCall, x []float32, n int, g *grid, in NormInput) source {
	return source{p.fill(&a.padded, x, n, g.fromH, g.fromW, in), p.rows, p.cols, p.width, p.plane(), n}
}

// plane is the number of floats from one channel to the next.
func (p *padded) plane() int { return (p.height*p.width | 1) * Lanes }

// fill copies n channels of height×width pixels from x.
func (p *padded) fill(buf *[]float32, x []float32, n, height, width int, in NormInput) []float32 {
	size := n * p.plane()
	if len(*buf) < size {
		*buf = make([]float32, size)
	}
	dst := (*buf)[:size]
	inside := span{max(p.left, 0), min(p.left+width, p.width)} // columns that are copied
	rows := span{max(p.top, 0), min(p.top+height, p.height)}
	for c := range n {
		p.copy(dst[c*p.plane():][:p.height*p.width*Lanes], x[c*height*width*Lanes:], c, width, rows, inside, in)
	}
	return dst
}

// copy copies some rows and columns of a map, and puts zeros around them.
func (p *padded) copy(to, x []float32, c, width int, rows, cols span, in NormInput) {
	if rows.lo >= rows.hi || cols.lo >= cols.hi {
		clear(to)
		return
	}
	pitch := p.width * Lanes
	end := 0 // of what has been written
	for y := rows.lo; y < rows.hi; y++ {
		clear(to[end : y*pitch+cols.lo*Lanes])
		end = y*pitch + cols.hi*Lanes
	}
	clear(to[end:])
	first := to[rows.lo*pitch+cols.lo*Lanes:]
	in.copy(first, x[((rows.lo-p.top)*width+cols.lo-p.left)*Lanes:], c, rows.hi-rows.lo, (cols.hi-cols.lo)*Lanes, pitch, width*Lanes)
}
