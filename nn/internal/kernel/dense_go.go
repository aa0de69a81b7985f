package kernel

// denseForwardGo is DenseForward.
func denseForwardGo(y, x, w, b []float32, d *Dense) {
	in := d.In
	outs := d.conv.forward.outs
	for o := outs.lo; o < outs.hi; o++ {
		var bias float32
		if b != nil {
			bias = b[o]
		}
		row := y[o*Lanes : (o+1)*Lanes]
		for l := range row {
			row[l] = bias
		}
	}
	// Four inputs at a time serve all outputs, while they are in the L1 cache.
	i := 0
	for ; i+4 <= in; i += 4 {
		v := x[i*Lanes : (i+4)*Lanes]
		for o := outs.lo; o < outs.hi; o++ {
			u := w[o*in+i:][:4]
			addScaled4(y[o*Lanes:(o+1)*Lanes], v, v[Lanes:], v[2*Lanes:], v[3*Lanes:], u[0], u[1], u[2], u[3])
		}
	}
	for ; i < in; i++ {
		for o := outs.lo; o < outs.hi; o++ {
			addScaled(y[o*Lanes:(o+1)*Lanes], x[i*Lanes:], w[o*in+i])
		}
	}
}

// denseInputGradGo is DenseInputGrad.
func denseInputGradGo(dx, dy, w []float32, d *Dense) {
	in, out := d.In, d.Out
	ins := d.conv.backward.outs
	for i := ins.lo; i < ins.hi; i++ {
		row := dx[i*Lanes : (i+1)*Lanes]
		clear(row)
		o := 0
		for ; o+4 <= out; o += 4 {
			g := dy[o*Lanes : (o+4)*Lanes]
			addScaled4(row, g, g[Lanes:], g[2*Lanes:], g[3*Lanes:], w[o*in+i], w[(o+1)*in+i], w[(o+2)*in+i], w[(o+3)*in+i])
		}
		for ; o < out; o++ {
			addScaled(row, dy[o*Lanes:], w[o*in+i])
		}
	}
}

// denseWeightGradGo is DenseWeightGrad.
func denseWeightGradGo(dw, db, dy, x []float32, d *Dense) {
	in, out := d.In, d.Out
	s := &d.conv.weights.share
	for i := s.ins.lo; i < s.ins.hi && dw != nil; i++ {
		v := x[i*Lanes : (i+1)*Lanes]
		o := 0
		for ; o+4 <= out; o += 4 {
			g := dy[o*Lanes : (o+4)*Lanes]
			s0, s1, s2, s3 := dot4(v, g, g[Lanes:], g[2*Lanes:], g[3*Lanes:])
			dw[o*in+i] += s0
			dw[(o+1)*in+i] += s1
			dw[(o+2)*in+i] += s2
			dw[(o+3)*in+i] += s3
		}
		for ; o < out; o++ {
			dw[o*in+i] += dot(v, dy[o*Lanes:])
		}
	}
	for o := 0; db != nil && !s.noBias && o < out; o++ {
		db[o] += sum(dy[o*Lanes : (o+1)*Lanes])
	}
}

// sum adds up in four partial sums.
func sum(a []float32) float32 {
	var s [4]float32
	for len(a) >= 4 {
		s[0] += a[0]
		s[1] += a[1]
		s[2] += a[2]
		s[3] += a[3]
		a = a[4:]
	}
	for _, v := range a {
		s[0] += v
	}
	return (s[0] + s[1]) + (s[2] + s[3])
}
