package kernel

// The points.
const (
	winogradA = 5. / 8
	winogradB = 3. / 2
)

// transformInput writes Bᵀ·d to t, number by number:
//
//	t₀ = a²b²·d₀ − (a²+b²)·d₂ + d₄
//	t₁, t₂ = (d₄ − b²·d₂) ± a·(d₃ − b²·d₁)
//	t₃, t₄ = (d₄ − a²·d₂) ± b·(d₃ − a²·d₁)
//	t₅ = a²b²·d₁ − (a²+b²)·d₃ + d₅
func transformInput(t, d *[6][]float32, n int) {
	const a, b = winogradA, winogradB
	t0, t1, t2, t3, t4, t5 := t[0][:n], t[1][:n], t[2][:n], t[3][:n], t[4][:n], t[5][:n]
	d0, d1, d2, d3, d4, d5 := d[0][:n], d[1][:n], d[2][:n], d[3][:n], d[4][:n], d[5][:n]
	for i := range n {
		even, odd := d4[i]-float32(b*b*d2[i]), float32(a*(d3[i]-float32(b*b*d1[i])))
		t1[i], t2[i] = even+odd, even-odd
		even, odd = d4[i]-float32(a*a*d2[i]), float32(b*(d3[i]-float32(a*a*d1[i])))
		t3[i], t4[i] = even+odd, even-odd
		t0[i] = float32(a*a*b*b*d0[i]) + (d4[i] - float32((a*a+b*b)*d2[i]))
		t5[i] = float32(a*a*b*b*d1[i]) + (d5[i] - float32((a*a+b*b)*d3[i]))
	}
}

// transformOutput writes Aᵀ·m plus a bias to y, number by number:
//
//	y₀ = m₀ + (m₁+m₂) + (m₃+m₄) + bias
//	y₁ = a·(m₁−m₂) + bias + b·(m₃−m₄)
//	y₂ = a²·(m₁+m₂) + bias + b²·(m₃+m₄)
//	y₃ = m₅ + bias + a³·(m₁−m₂) + b³·(m₃−m₄)
func transformOutput(y *[4][]float32, m *[6][]float32, bias float32, n int) {
	const a, b = winogradA, winogradB
	y0, y1, y2, y3 := y[0][:n], y[1][:n], y[2][:n], y[3][:n]
	m0, m1, m2, m3, m4, m5 := m[0][:n], m[1][:n], m[2][:n], m[3][:n], m[4][:n], m[5][:n]
	for i := range n {
		s1, d1, s2, d2 := m1[i]+m2[i], m1[i]-m2[i], m3[i]+m4[i], m3[i]-m4[i]
		y0[i] = m0[i] + s1 + s2 + bias
		y1[i] = float32(a*d1) + bias + float32(b*d2)
		y2[i] = float32(a*a*s1) + bias + float32(b*b*s2)
		y3[i] = m5[i] + bias + float32(a*a*a*d1) + float32(b*b*b*d2)
	}
}

// goFast is what a row of tiles needs.
type goFast struct {
	*FastConv
	x, u, b, add []float32
	v            [positions][]float32 // [in][tiles][16]
	m            [positions][]float32 // [tiles][16]
	cols         [6][]float32         // [6 + 4·(tiles−1)][16]
	rows         [4][6][]float32      // [tiles][16]
	zeros        []float32
}

// convFastGo is ConvFast.
func convFastGo(y, x, u, b, add []float32, f *FastConv) {
	if f.fours.lo >= f.fours.hi {
		return
	}
	r := goFast{FastConv: f, x: x, u: u, b: b, add: add}
	tiles := ceilDiv(f.c.OW, tileSide)
	for p := range positions {
		r.v[p], r.m[p] = make([]float32, f.c.In*tiles*Lanes), make([]float32, tiles*Lanes)
	}
	for i := range r.cols {
		r.cols[i] = make([]float32, (tiles*tileSide+2)*Lanes)
	}
	for i := range r.rows {
		for j := range r.rows[i] {
			r.rows[i][j] = make([]float32, tiles*Lanes)
		}
	}
	r.zeros = make([]float32, f.c.W*Lanes)
	for row := f.rows.lo; row < f.rows.hi; row++ {
		for c := range f.c.In {
			r.input(row, c)
		}
		for o := f.fours.lo * 4; o < min(f.fours.hi*4, f.c.Out); o++ {
			r.multiply(o)
			r.output(y, row, o)
		}
	}
}

// input transforms the tiles of a row and an input channel.
func (r *goFast) input(row, channel int) {
	c := &r.c
	var from, to [6][]float32
	lo := c.PadLeft * Lanes
	n := min(c.W*Lanes, len(r.cols[0])-lo)
	for i := range from {
		from[i] = r.zeros
		if at := row*tileSide + i - c.PadTop; at >= 0 && at < c.H {
			from[i] = r.x[((channel*c.H+at)*c.W)*Lanes:]
		}
		to[i] = r.cols[i][lo:]
	}
	transformInput(&to, &from, n)
	tiles := len(r.m[0]) / Lanes
	for i := range 6 {
		for t := range tiles {
			for k := range 6 {
				from[k] = r.cols[i][(t*tileSide+k)*Lanes:]
				to[k] = r.v[i*6+k][(channel*tiles+t)*Lanes:]
			}
			transformInput(&to, &from, Lanes)
		}
	}
}

// multiply adds up the input channels at each position of an output channel.
func (r *goFast) multiply(o int) {
	in, n := r.c.In, len(r.m[0])
	for p := range positions {
		m, v := r.m[p], r.v[p]
		clear(m)
		u := r.u[(p*ceilDiv(r.c.Out, 4)+o/4)*in*4+o%4:]
		c := 0
		for ; c+4 <= in; c += 4 {
			addScaled4(m, v[c*n:], v[(c+1)*n:], v[(c+2)*n:], v[(c+3)*n:], u[c*4], u[c*4+4], u[c*4+8], u[c*4+12])
		}
		for ; c < in; c++ {
			addScaled(m, v[c*n:], u[c*4])
		}
	}
}

// output transforms the tiles of a row and an output channel back.
func (r *goFast) output(y []float32, row, o int) {
	c := &r.c
	n := len(r.m[0])
	for l := range 6 {
		var from [6][]float32
		var to [4][]float32
		for i := range to {
			to[i] = r.rows[i][l]
		}
		for k := range from {
			from[k] = r.m[k*6+l]
		}
		transformOutput(&to, &from, 0, n)
	}
	bias := float32(0)
	if r.b != nil {
		bias = r.b[o]
	}
	for i := range min(tileSide, c.OH-row*tileSide) {
		at := (o*c.OH + row*tileSide + i) * c.OW * Lanes
		for t := range n / Lanes {
			var from [6][]float32
			var tile [tileSide * Lanes]float32
			var to [4][]float32
			for k := range from {
				from[k] = r.rows[i][k][t*Lanes:]
			}
			for k := range to {
				to[k] = tile[k*Lanes:]
			}
			transformOutput(&to, &from, bias, Lanes)
			first, end := at+t*tileSide*Lanes, at+min((t+1)*tileSide, c.OW)*Lanes
			if r.add != nil {
				for l, v := range r.add[first:end] {
					tile[l] += v
				}
			}
			for l := range y[first:end] {
				y[first+l] = r.floored(tile[l])
			}
		}
	}
}

// floored is v, or the least that the output may be.
func (f *FastConv) floored(v float32) float32 {
	if f.Relu && v < 0 {
		return 0
	}
	return v
}
