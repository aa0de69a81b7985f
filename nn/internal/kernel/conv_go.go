package kernel

import "sync"

// convForwardGo is ConvForward, convInputGradGo ConvInputGrad.
func convForwardGo(y, x, w, b []float32, c *Conv, in *NormInput) {
	maps := goMapsPool.Get().(*[]float32)
	defer goMapsPool.Put(maps)
	c.forward.walkGo(y, in.maps(x, &c.forward, maps), w, b, false)
}

// goMapsPool has memory for normalised maps.
var goMapsPool = sync.Pool{New: func() any { return new([]float32) }}

func convInputGradGo(dx, dy, w []float32, c *Conv, add bool) {
	c.backward.walkGo(dx, dy, w, nil, add)
}

// walkGo computes the output channels of a grid, a run of pixels at a time, or adds to them.
func (g *grid) walkGo(to, from, w, bias []float32, add bool) {
	for o := g.outs.lo; o < g.outs.hi; o++ {
		group := o / g.to
		own := w[group*g.wGroup+o%g.to*g.wTo:]
		in := from[group*g.from*g.fromH*g.fromW*Lanes:]
		var b float32
		if bias != nil {
			b = bias[o]
		}
		for _, row := range g.rows {
			for _, col := range g.cols {
				for i := range row.n {
					out := to[((o*g.toH+row.out+i*row.outStep)*g.toW+col.out)*Lanes:]
					g.runGo(out, in, own, b, add, row, i, col)
				}
			}
		}
	}
}

// runGo computes a run of columns of row i of a run of rows.
func (g *grid) runGo(out, in, w []float32, bias float32, add bool, row seg, i int, col seg) {
	r := goRun{out: out, line: line{col.n, col.outStep, col.inStep}}
	if !add {
		r.fill(bias)
	}
	for c := range g.from {
		at := (c*g.fromH+row.in+i*row.inStep)*g.fromW + col.in
		first := c*g.wFrom + row.k*g.wRow + col.k
		for j := range row.kn {
			for k := range col.kn {
				pixel := at + j*row.tapStep*g.fromW + k*col.tapStep
				r.tap(in[pixel*Lanes:], w[first+j*row.kStep*g.wRow+k*col.kStep])
			}
		}
	}
	r.rest()
}

// goRun is a run of pixels and the taps that are to be added to it, four at a time: so
// each pixel is loaded and stored once for four multiply-adds.
type goRun struct {
	out []float32
	line
	taps int
	w    [4]float32
	x    [4][]float32
}

func (r *goRun) fill(v float32) {
	for p := range r.n {
		pixel := r.out[p*r.outStep*Lanes:][:Lanes]
		for l := range pixel {
			pixel[l] = v
		}
	}
}

// tap adds w·x, with the pixels of x that the run reads through it.
func (r *goRun) tap(x []float32, w float32) {
	r.x[r.taps], r.w[r.taps] = x, w
	if r.taps++; r.taps < 4 {
		return
	}
	r.taps = 0
	if r.together() {
		addScaled4(r.out[:r.n*Lanes], r.x[0], r.x[1], r.x[2], r.x[3], r.w[0], r.w[1], r.w[2], r.w[3])
		return
	}
	for p := range r.n {
		i := p * r.inStep * Lanes
		addScaled4(r.out[p*r.outStep*Lanes:][:Lanes],
			r.x[0][i:], r.x[1][i:], r.x[2][i:], r.x[3][i:], r.w[0], r.w[1], r.w[2], r.w[3])
	}
}

// rest adds the taps that are left over.
func (r *goRun) rest() {
	for t, x := range r.x[:r.taps] {
		if r.together() {
			addScaled(r.out[:r.n*Lanes], x, r.w[t])
			continue
		}
		for p := range r.n {
			addScaled(r.out[p*r.outStep*Lanes:][:Lanes], x[p*r.inStep*Lanes:], r.w[t])
		}
	}
}

// convWeightGradGo is ConvWeightGrad.
func convWeightGradGo(dw, db, dy, x []float32, c *Conv, in *NormInput) {
	maps := goMapsPool.Get().(*[]float32)
	defer goMapsPool.Put(maps)
	g := &c.weights
	x = in.maps(x, g, maps)
	for group := range g.groups {
		outs := g.outs.within(group*g.to, g.to)
		for o := outs.lo; o < outs.hi && dw != nil; {
			n := 1
			if outs.hi-o >= 4 { // four in one pass over the inputs
				n = 4
			}
			first := group*g.to + o
			for i := g.ins.lo; i < g.ins.hi; i++ {
				weights := dw[first*g.wTo+i*g.wFrom:]
				plane := x[(group*g.from+i)*g.fromH*g.fromW*Lanes:]
				g.gradGo(weights, dy[first*g.toH*g.toW*Lanes:], plane, n)
			}
			o += n
		}
	}
	if db == nil || g.noBias {
		return
	}
	plane := g.toH * g.toW * Lanes
	for o := g.outs.lo; o < g.outs.hi; o++ {
		db[o] += sum(dy[o*plane:][:plane])
	}
}

// gradGo adds to the weights between one input channel and n output channels, 1 or 4.
func (g *grid) gradGo(dw, dy, x []float32, n int) {
	for _, row := range g.rows {
		for _, col := range g.cols {
			for j := range row.kn {
				for k := range col.kn {
					s := g.products(dy, x, n, row, j, col, k)
					at := (row.k+j*row.kStep)*g.wRow + col.k + k*col.kStep
					for o, v := range s[:n] {
						dw[o*g.wTo+at] += v
					}
				}
			}
		}
	}
}

// products are the sums of a tap over runs of rows and columns, for n output channels. One
// alone is summed four times, to the bits that it has among four.
func (g *grid) products(dy, x []float32, n int, row seg, j int, col seg, k int) (s [4]float32) {
	next := g.toH * g.toW * Lanes // output channel
	if n == 1 {
		next = 0
	}
	runs, length := 1, col.n*Lanes
	if col.inStep > 1 { // pixel by pixel
		runs, length = col.n, Lanes
	}
	for i := range row.n {
		out := ((row.out+i*row.outStep)*g.toW + col.out) * Lanes
		in := ((row.in+i*row.inStep+j*row.tapStep)*g.fromW + col.in + k*col.tapStep) * Lanes
		for r := range runs {
			y, v := dy[out+r*Lanes:], x[in+r*col.inStep*Lanes:][:length]
			s0, s1, s2, s3 := dot4(v, y, y[next:], y[2*next:], y[3*next:])
			s[0], s[1], s[2], s[3] = s[0]+s0, s[1]+s1, s[2]+s2, s[3]+s3
		}
	}
	return s
}
