package kernel

// Pool is the geometry of a window that walks over each channel of a map by itself.
// Kernels take it from Plan.
type Pool struct {
	C, H, W              int // channels and input map
	OH, OW               int // output map
	KH, KW               int
	StrideH, StrideW     int
	DilationH, DilationW int
	PadTop, PadLeft      int // the bottom and right pads follow from OH and OW

	rows, cols []reach
	channels   span
	inBlocks   *PackedPool // the pool of a block, whose channels are like packs of sixteen
}

// reach is where a window lies along one axis: its pixels in the map, first, first +
// dilation, … n of them. Those in the padding are left out.
type reach struct{ first, n int }

// Plan returns the pool with what its kernels need to know worked out.
func (p Pool) Plan() *Pool {
	p.rows = reaches(p.OH, p.H, p.KH, p.StrideH, p.DilationH, p.PadTop)
	p.cols = reaches(p.OW, p.W, p.KW, p.StrideW, p.DilationW, p.PadLeft)
	return p.share(span{0, p.C})
}

// Part gives share i of n: some of the channels.
func (p *Pool) Part(i, n int) *Pool { return p.share(spanOf(i, n, p.C, 1)) }

// share is the pool of some channels.
func (p Pool) share(channels span) *Pool {
	p.channels = channels
	p.inBlocks = &PackedPool{Pool: &p, XRow: p.W * Lanes, XBlock: p.H * p.W * Lanes, YRow: p.OW * Lanes, YBlock: p.OH * p.OW * Lanes}
	return &p
}

// all are the rows and channels of the share.
func (p *Pool) all() (rows, channels Range) {
	return Range{Hi: p.OH}, Range{p.channels.lo, p.channels.hi}
}

func reaches(out, in, kernel, stride, dilation, pad int) []reach {
	all := make([]reach, out)
	for o := range all {
		start := o*stride - pad
		lo := max(0, ceilDiv(-start, dilation))
		hi := min(kernel, ceilDiv(in-start, dilation))
		all[o] = reach{start + lo*dilation, max(0, hi-lo)}
	}
	return all
}

// pixel is all lanes of pixel i.
func pixel(x []float32, i int) *[Lanes]float32 { return (*[Lanes]float32)(x[i*Lanes:]) }

// window is one position of a pool: the pixel of the output, and the first of those of
// the input, both counted within the block.
type window struct {
	out, in    int
	rows, cols int
}

// windows calls f for each position of the share's channels.
func (p *Pool) windows(f func(w window)) {
	for c := p.channels.lo; c < p.channels.hi; c++ {
		for oy, row := range p.rows {
			for ox, col := range p.cols {
				f(window{
					out: (c*p.OH+oy)*p.OW + ox, in: (c*p.H+row.first)*p.W + col.first,
					rows: row.n, cols: col.n,
				})
			}
		}
	}
}

// reads tells the race detector of the share's channels of x, if not nil, and of outputs.
func (p *Pool) reads(x []float32, outputs ...[]float32) {
	c := p.channels
	if in := p.H * p.W * Lanes; x != nil {
		reads(x[c.lo*in : c.hi*in])
	}
	for _, y := range outputs {
		out := p.OH * p.OW * Lanes
		reads(y[c.lo*out : c.hi*out])
	}
}

// writes likewise, of dx.
func (p *Pool) writes(dx []float32) {
	in := p.H * p.W * Lanes
	writes(dx[p.channels.lo*in : p.channels.hi*in])
}

// clear sets the share's channels of dx to zero.
func (p *Pool) clear(dx []float32) {
	plane := p.H * p.W * Lanes
	clear(dx[p.channels.lo*plane : p.channels.hi*plane])
}
