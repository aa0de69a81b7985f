package kernel

// A padded map has zeros around it, as far as taps reach, so that all pixels of a run
// have all taps. It is a copy of a few channels, which pays where many channels read it;
// its channels are also an odd number of pixels apart, so that they spread
// over the cache.
type padded struct {
	rows, cols    []seg
	top, left     int // rows and columns of zeros in front; negative: that many are cut off
	height, width int
}

// plane is the number of floats from one channel to the next.
func (p *padded) plane() int { return (p.height*p.width | 1) * Lanes }

// fill copies n channels of height×width pixels from x.
func (p *padded) fill(buf *[]float32, x []float32, n, height, width int) []float32 {
	size := n * p.plane()
	if len(*buf) < size {
		*buf = make([]float32, size)
	}
	dst := (*buf)[:size]
	lo, hi := max(p.left, 0), min(p.left+width, p.width) // columns that are copied
	from := (lo - p.left) * Lanes
	for c := range n {
		for y := range p.height {
			row := dst[c*p.plane()+y*p.width*Lanes:][:p.width*Lanes]
			src := y - p.top
			if src < 0 || src >= height || lo >= hi {
				clear(row)
				continue
			}
			clear(row[:lo*Lanes])
			copy(row[lo*Lanes:hi*Lanes], x[((c*height+src)*width)*Lanes+from:])
			clear(row[hi*Lanes:])
		}
	}
	return dst
}
