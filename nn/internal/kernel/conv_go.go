package kernel

// ConvForward overwrites y with the convolution (cross-correlation, as in every
// framework):
//
//	y[oc][oy][ox] = b[oc] + Σ w[oc][ic][ky][kx] · x[ic][oy·s+ky·d−pad][ox·s+kx·d−pad]
//
// x is [In][H][W][16], w [Out][In/Groups][KH][KW], b [Out] or nil, y
// [Out][OH][OW][16]. Pixels outside the map count as zero.
func convForwardGo(y, x, w, b []float32, c *Conv) {
	var room tapRoom
	taps := room.taps(c.KW)
	s := &c.forward.share
	for oc := s.outs.lo; oc < s.outs.hi; oc++ {
		var bias float32
		if b != nil {
			bias = b[oc]
		}
		for oy := s.height.lo; oy < s.height.hi; oy++ {
			out := c.outRow(y, oc, oy)
			for i := s.width.lo * Lanes; i < s.width.hi*Lanes; i++ {
				out[i] = bias
			}
			c.eachRow(oc, oy, func(ic, iy, wi int) {
				in := c.inRow(x, ic, iy)
				if c.StrideW == 1 {
					for kx := range taps {
						taps[kx] = c.tap(w[wi+kx], kx).within(s.width)
					}
					addTaps(out, in, taps)
					return
				}
				for kx := range c.KW {
					t := c.tap(w[wi+kx], kx).within(s.width)
					for o := t.lo; o < t.hi; o++ {
						i := (o*c.StrideW + t.off) * Lanes
						addScaled(out[o*Lanes:(o+1)*Lanes], in[i:], t.w)
					}
				}
			})
		}
	}
}

// ConvInputGrad overwrites dx with the gradient of the input:
//
//	dx[ic][iy][ix] = Σ w[oc][ic][ky][kx] · dy[oc][oy][ox]
//
// over all outputs that read the pixel.
func convInputGradGo(dx, dy, w []float32, c *Conv) {
	s := &c.backward.share
	for ic := s.outs.lo; ic < s.outs.hi; ic++ {
		for iy := s.height.lo; iy < s.height.hi; iy++ {
			clear(c.inRow(dx, ic, iy)[s.width.lo*Lanes : s.width.hi*Lanes])
		}
	}
	var room tapRoom
	taps := room.taps(c.KW)
	for oc := range c.Out {
		for oy := range c.OH {
			in := c.outRow(dy, oc, oy)
			c.eachRow(oc, oy, func(ic, iy, wi int) {
				if !s.outs.has(ic) || !s.height.has(iy) {
					return
				}
				out := c.inRow(dx, ic, iy)
				if c.StrideW == 1 {
					// The forward tap y[o] += w·x[o+off] seen from x: dx[i] += w·dy[i−off].
					for kx := range taps {
						t := c.tap(w[wi+kx], kx)
						taps[kx] = tap{t.w, -t.off, t.lo + t.off, t.hi + t.off}.within(s.width)
					}
					addTaps(out, in, taps)
					return
				}
				for kx := range c.KW {
					t := c.tap(w[wi+kx], kx)
					for o := t.lo; o < t.hi; o++ {
						if i := o*c.StrideW + t.off; s.width.has(i) {
							addScaled(out[i*Lanes:(i+1)*Lanes], in[o*Lanes:], t.w)
						}
					}
				}
			})
		}
	}
}

// ConvWeightGrad adds the gradient of the weights to dw and that of the bias to db
// (nil if there is none):
//
//	dw[oc][ic][ky][kx] += Σ dy[oc][oy][ox] · x[ic][oy·s+ky·d−pad][ox·s+kx·d−pad]
//	db[oc]             += Σ dy[oc][oy][ox]
//
// over pixels and lanes.
func convWeightGradGo(dw, db, dy, x []float32, c *Conv) {
	s := &c.weights.share
	for oc := s.outs.lo; oc < s.outs.hi; oc++ {
		if db != nil && !s.noBias {
			var total float32
			for oy := range c.OH {
				total += sum(c.outRow(dy, oc, oy))
			}
			db[oc] += total
		}
		for oy := range c.OH {
			g := c.outRow(dy, oc, oy)
			c.eachRow(oc, oy, func(ic, iy, wi int) {
				if s.taps.has(wi/c.KW%c.KH) && s.ins.has(ic%(c.In/c.Groups)) {
					c.weightGradRow(dw[wi:wi+c.KW], g, c.inRow(x, ic, iy))
				}
			})
		}
	}
}

// weightGradRow adds to the KW weights of one kernel row what one row of dy and
// one row of x give.
func (c *Conv) weightGradRow(dw, g, in []float32) {
	kx := 0
	for ; c.StrideW == 1 && kx+4 <= c.KW; kx += 4 {
		t0, t1, t2, t3 := c.tap(0, kx), c.tap(0, kx+1), c.tap(0, kx+2), c.tap(0, kx+3)
		if t0.lo != t3.lo || t0.hi != t3.hi {
			break // the padding cuts the taps differently
		}
		n := (t0.hi - t0.lo) * Lanes
		if n <= 0 {
			continue
		}
		s0, s1, s2, s3 := dot4(g[t0.lo*Lanes:][:n],
			in[(t0.lo+t0.off)*Lanes:], in[(t1.lo+t1.off)*Lanes:], in[(t2.lo+t2.off)*Lanes:], in[(t3.lo+t3.off)*Lanes:])
		dw[kx] += s0
		dw[kx+1] += s1
		dw[kx+2] += s2
		dw[kx+3] += s3
	}
	for ; kx < c.KW; kx++ {
		t := c.tap(0, kx)
		var s float32
		if c.StrideW == 1 && t.lo < t.hi {
			s = dot(g[t.lo*Lanes:t.hi*Lanes], in[(t.lo+t.off)*Lanes:])
		} else {
			for o := t.lo; o < t.hi; o++ {
				s += dot(g[o*Lanes:(o+1)*Lanes], in[(o*c.StrideW+t.off)*Lanes:])
			}
		}
		dw[kx] += s
	}
}

// eachRow calls f for every input row that output row (oc, oy) reads, with the
// index of the first weight of that kernel row.
func (c *Conv) eachRow(oc, oy int, f func(ic, iy, wi int)) {
	perGroup := c.In / c.Groups
	first := oc / (c.Out / c.Groups) * perGroup
	for k := range perGroup {
		for ky := range c.KH {
			iy := oy*c.StrideH + ky*c.DilationH - c.PadTop
			if iy >= 0 && iy < c.H {
				f(first+k, iy, ((oc*perGroup+k)*c.KH+ky)*c.KW)
			}
		}
	}
}

// tap gives weight column kx as a tap: the outputs whose input pixel
// o·stride + off lies inside the map.
func (c *Conv) tap(w float32, kx int) tap {
	off := kx*c.DilationW - c.PadLeft
	lo, hi := 0, c.OW
	if off < 0 {
		lo = (-off + c.StrideW - 1) / c.StrideW
	}
	if last := c.W - 1 - off; last < 0 {
		hi = 0
	} else {
		hi = min(hi, last/c.StrideW+1)
	}
	return tap{w, off, lo, max(lo, hi)}
}

func (c *Conv) outRow(y []float32, oc, oy int) []float32 {
	n := c.OW * Lanes
	i := (oc*c.OH + oy) * n
	return y[i : i+n]
}

func (c *Conv) inRow(x []float32, ic, iy int) []float32 {
	n := c.W * Lanes
	i := (ic*c.H + iy) * n
	return x[i : i+n]
}
