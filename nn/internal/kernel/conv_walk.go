package kernel

// l1 is about how much of the first-level cache the pixels of a tile may fill.
const l1 = 14 << 10

// source is where a walk reads: some channels of a group.
type source struct {
	x          []float32
	rows, cols []seg
	width      int // of the map
	plane      int // floats from one channel to the next
	channels   int
}

// A kernelOrder says where the weights of a walk lie, in floats from one to the next.
type kernelOrder struct {
	w                  []float32
	to, from, row, tap int
	four               int // to the weights of the next four output channels
	outs               int // output channels
}

func (t *tiles) convForward(y, x, w, b []float32, c *Conv, in *NormInput) {
	if c.depthwise() && t.depthwise != nil {
		t.depthwiseForward(y, x, w, b, c, in)
		return
	}
	t.walk(y, x, w, b, &c.forward, in, false)
}

func (t *tiles) convInputGrad(dx, dy, w []float32, c *Conv, add bool) {
	if c.depthwise() && t.depthwise != nil && !add {
		t.depthwiseInputGrad(dx, dy, w, c)
		return
	}
	t.walk(dx, dy, w, nil, &c.backward, nil, add)
}

// walk goes through a grid, whose input may be normalised: blocks of input channels that fit the cache, rows, runs
// of columns with the same taps. It overwrites to, or adds to it.
func (t *tiles) walk(to, from, w, bias []float32, g *grid, in *NormInput, add bool) {
	a := tilePool.Get().(*tileCall)
	defer tilePool.Put(a)
	plane := g.fromH * g.fromW
	aliased := plane%64 == 0 // channels 4 KB apart fall into the same sets of the cache
	pad := in != nil || g.to >= 16 && aliased || g.to >= 32 && len(g.cols) > 1
	block := t.channelBlock(g, aliased && !pad)
	for group := range g.groups {
		outs := g.outs.within(group*g.to, g.to)
		if outs.lo >= outs.hi {
			continue
		}
		first := group*g.to + outs.lo
		wg, bg := w[group*g.wGroup+outs.lo*g.wTo:], bias
		if bias != nil {
			bg = bias[first:]
		}
		out := to[first*g.toH*g.toW*Lanes:]
		x := from[group*g.from*plane*Lanes:]
		k := kernelOrder{wg, g.wTo, g.wFrom, g.wRow, 1, 4 * g.wTo, outs.hi - outs.lo}
		if pad && g.pointwise() {
			t.walkStrips(a, out, x, bg, g, k, in.from(group*g.from), add)
			continue
		}
		for c := 0; c < g.from; c += block {
			n := min(block, g.from-c)
			s := source{x[c*plane*Lanes:], g.rows, g.cols, g.fromW, plane * Lanes, n}
			if pad {
				s = g.padded.source(a, s.x, n, g, in.from(group*g.from+c))
			}
			k := k.channel(c)
			if pad && g.to >= 16 && g.toH*g.toW >= packPixels {
				k = t.pack(a, k, g, n)
			}
			a.conv.setAdd(add || c > 0)
			t.block(&a.conv, out, bg, g, s, k)
		}
	}
	a.conv = convArgs{} // keep nothing alive
}

// pointwise reports whether each pixel reads the one at the same place of a map that is one row.
func (g *grid) pointwise() bool {
	if g.fromH != 1 || g.toH != 1 || g.fromW != g.toW || len(g.rows) != 1 || len(g.cols) != 1 {
		return false
	}
	return g.rows[0].kn == 1 && g.cols[0].kn == 1 && g.cols[0].in == g.cols[0].out && g.cols[0].inStep == 1
}

// walkStrips goes through a pointwise grid in strips of pixels, whose channels are copied side by
// side into the second-level cache.
func (t *tiles) walkStrips(a *tileCall, out, x, bias []float32, g *grid, k kernelOrder, in NormInput, add bool) {
	tile := max(1, len(t.conv4)*t.width/Lanes)
	block := min(g.from, max(8, stripBytes/(tile*pixelBytes)))
	size := max(1, stripBytes/(block*pixelBytes*tile)) * tile
	plane := g.fromW * Lanes
	k = t.pack(a, k, g, g.from)
	for strip := range strips(g.cols, size) {
		p := padded{left: -strip.in, height: 1, width: strip.n}
		strip.in = 0
		cols := []seg{strip}
		for c := 0; c < g.from; c += block {
			channels := min(block, g.from-c)
			s := source{p.fill(&a.padded, x[c*plane:], channels, 1, g.fromW, in.from(c)), g.rows, cols, p.width, p.plane(), channels}
			a.conv.setAdd(add || c > 0)
			t.block(&a.conv, out, bias, g, s, k.channel(c))
		}
	}
}

// stripBytes is about how much of the second-level cache a strip may fill.
const stripBytes = 96 << 10

// channel is the order from input channel c on.
func (k kernelOrder) channel(c int) kernelOrder {
	k.w = k.w[c*k.from:]
	return k
}

// packPixels is the number of pixels from which it pays to pack the weights.
const packPixels = 16

// pack brings the weights of n input channels into the order in which tiles read them:
// [to/4][from][KH][KW][4].
func (t *tiles) pack(a *tileCall, k kernelOrder, g *grid, n int) kernelOrder {
	area := min(g.wTo, g.wFrom) // of a kernel
	fours := (k.outs + 3) / 4
	if size := fours * n * area * 4; len(a.weights) < size {
		a.weights = make([]float32, size)
	}
	for o := 0; o < k.outs; o += 4 {
		dst := a.weights[o*n*area:][:4*n*area]
		if k.outs-o >= 4 {
			t.interleave(dst, k.w[o*k.to:], n, area, k.from, k.to)
			continue
		}
		for c := range n {
			src := k.w[o*k.to+c*k.from:]
			for i := range k.outs - o {
				spread4(dst[i:], src[i*k.to:][:area])
			}
			dst = dst[4*area:]
		}
	}
	return kernelOrder{a.weights, 1, area * 4, g.wRow * 4, 4, n * area * 4, k.outs}
}

// spread4 writes a0 to dst[0], a1 to dst[4], ….
func spread4(dst, a []float32) {
	for i, v := range a {
		dst[4*i] = v
	}
}

// channelBlock is the number of input channels whose pixels, as far as a tile reads
// them, stay in the first-level cache while the output channels go by.
func (t *tiles) channelBlock(g *grid, aliased bool) int {
	rows, cols := 0, 0
	for _, s := range g.rows {
		rows = max(rows, s.kn)
	}
	for _, s := range g.cols {
		cols = max(cols, s.kn)
	}
	perChannel := rows * (cols + len(t.conv4)*t.width/Lanes) * pixelBytes
	if g.dense() && g.wFrom == 1 { // long runs of weights are fetched ahead of time
		perChannel = pixelBytes
	}
	block := max(8, l1/max(perChannel, 1))
	if aliased {
		block = 8
	}
	if g.to < 16 || block*3/2 >= g.from {
		return g.from
	}
	return block
}
