package kernel

import "unsafe"

func (t *tiles) convSingle(y, x, w, b []float32, s *Single) {
	all := tilePool.Get().(*tileCall)
	defer tilePool.Put(all)
	a := &all.conv
	in, out, area := s.In/s.Groups, s.Out/s.Groups, s.KH*s.KW
	a.yOC = uintptr(s.YPlane * floatBytes)
	a.xV, a.yV = uintptr(t.width*floatBytes), uintptr(t.width*floatBytes)
	a.wOC = uintptr(in * area * floatBytes)
	a.wK, a.wR, a.wC = floatBytes, 0, 0
	a.kw, a.kh, a.in = uintptr(s.KW), uintptr(s.KH), uintptr(in)
	a.xK = uintptr(s.DilationW * floatBytes)
	a.xR = uintptr((s.DilationH*s.Pitch - s.KW*s.DilationW) * floatBytes)
	a.xC = uintptr((s.XPlane - s.KH*s.DilationH*s.Pitch) * floatBytes)
	if area == 1 { // channels are the taps
		a.kw, a.in = uintptr(in), 1
		a.xK = uintptr(s.XPlane * floatBytes)
	}
	a.add = 0
	for g := range s.Groups {
		a.y = unsafe.Pointer(&y[g*out*s.YPlane])
		a.x = unsafe.Pointer(&x[g*in*s.XPlane])
		a.w = unsafe.Pointer(&w[g*out*in*area])
		if b != nil {
			a.bias = unsafe.Pointer(&b[g*out])
		}
		t.channels(a, s.N/t.width, out, 4*in*area, b != nil)
	}
	*a = convArgs{} // keep nothing alive
}

// denseSingle is the weight gradient of a map of len(x) pixels: the products of two
// vectors, added up over the lanes at the end.
func (t *tiles) denseSingle(y, x, w, b []float32) {
	if b != nil {
		copy(y, b)
	} else {
		clear(y)
	}
	in := len(x)
	vectors := in / t.width
	for o := range y {
		for i := vectors * t.width; i < in; i++ {
			y[o] += float32(w[o*in+i] * x[i])
		}
	}
	if vectors == 0 {
		return
	}
	all := tilePool.Get().(*tileCall)
	defer tilePool.Put(all)
	a := &all.grad
	a.dyOC, a.dyV = uintptr(in*floatBytes), uintptr(t.width*floatBytes)
	a.xV = a.dyV
	a.dwOC, a.dwB = floatBytes, floatBytes
	a.vectors, a.rows = uintptr(vectors), 1
	for o := 0; o < len(y); {
		kernel, n := t.grad1[0], 1
		if len(y)-o >= 4 {
			kernel, n = t.grad4[0], 4
		}
		a.dw, a.dy, a.x = unsafe.Pointer(&y[o]), unsafe.Pointer(&w[o*in]), unsafe.Pointer(&x[0])
		a.tiles = 1
		kernel(a)
		o += n
	}
	*a = gradArgs{} // keep nothing alive
}
