package kernel

func convSingleGo(y, x, w, b []float32, s *Single) {
	in, out := s.In/s.Groups, s.Out/s.Groups
	for o := range s.Out {
		row := y[o*s.YPlane:][:s.N]
		var bias float32
		if b != nil {
			bias = b[o]
		}
		for i := range row {
			row[i] = bias
		}
		for i := range in {
			plane := x[(o/out*in+i)*s.XPlane:]
			for ky := range s.KH {
				for kx := range s.KW {
					v := w[((o*in+i)*s.KH+ky)*s.KW+kx]
					addScaled(row, plane[ky*s.DilationH*s.Pitch+kx*s.DilationW:], v)
				}
			}
		}
	}
}

func denseSingleGo(y, x, w, b []float32) {
	for o := range y {
		y[o] = dot(x, w[o*len(x):])
		if b != nil {
			y[o] += b[o]
		}
	}
}
