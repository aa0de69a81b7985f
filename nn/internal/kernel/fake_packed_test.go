package kernel

import "unsafe"

// fakePacked has tiles of so many vectors of sums.
func fakePacked(width, sums int) *packedKernels {
	conv := func(blocks int) (list [][]func(*packedArgs)) {
		for rows := 1; rows <= 3; rows++ {
			var kernels []func(*packedArgs)
			for pixels := 1; pixels <= min(8, sums*width/Lanes/(blocks*rows)); pixels++ {
				kernels = append(kernels, fakePackedConv(blocks, rows, pixels, width))
			}
			if len(kernels) > 0 {
				list = append(list, kernels)
			}
		}
		return list
	}
	k := &packedKernels{conv1: conv(1), conv2: conv(2), conv4: conv(4)}
	for pixels := 1; pixels <= width/2; pixels++ {
		k.depthwise = append(k.depthwise, fakeWindow(pixels, fakeDepthwise))
		k.max = append(k.max, fakeWindow(pixels, fakeMax))
		k.sum = append(k.sum, fakeWindow(pixels, fakeSum))
		if width == Lanes {
			for i := range k.depthwise3 {
				k.depthwise3[i] = append(k.depthwise3[i], fakeWindow(pixels, fakeDepthwise3(uintptr(i+1))))
			}
		}
	}
	return k
}

func fakePackedConv(blocks, rows, pixels, width int) func(*packedArgs) {
	return func(a *packedArgs) {
		taps := a.kw * a.kh * ((a.in-1)*a.lanes + a.last)
		fmas := int(taps*a.tiles*a.groups) * blocks * rows * pixels * Lanes / width
		expect(min(a.kw, a.kh, a.in, a.lanes, a.last, a.tiles, a.groups) >= 1 && a.relu <= 1, a)
		expect(a.in > 1 || a.last == a.lanes, a)
		expect(a.tiles*a.groups == 1 || fmas <= callFMAs, a)
		for g := range a.groups {
			for t := range a.tiles {
				for b := range uintptr(blocks) {
					for r := range uintptr(rows) {
						for p := range uintptr(pixels) {
							at := g*a.yS + t*a.yT + b*a.yB + r*a.yR + p*pixelBytes
							a.pixel(at, b, g*a.xS+t*a.xT+r*a.xR+p*a.xP)
						}
					}
				}
			}
		}
		a.xG, a.yG, a.xA, a.yA, a.addY = nonsense, nonsense, nonsense, nonsense, nonsense
		a.kLeft, a.rLeft, a.cLeft, a.lanesNow, a.tLeft, a.gLeft = nonsense, nonsense, nonsense, nonsense, nonsense, nonsense
	}
}

// pixel computes one output pixel of a block, y bytes behind the first, whose first tap is x bytes
// behind that of the first.
func (a *packedArgs) pixel(y, block, x uintptr) {
	var sum [Lanes]float32
	w := block * a.wB
	for c := range a.in {
		lanes := a.lanes
		if c == a.in-1 {
			lanes = a.last
		}
		for range a.kh {
			for range a.kw {
				for k := range lanes {
					addScaled(sum[:], floatsAt(a.w, w, Lanes), floatsAt(a.x, x+k*a.xL, 1)[0])
					w += pixelBytes
				}
				x += a.xK
			}
			x += a.xKR
		}
		x += a.xC
	}
	addGo(sum[:], floatsAt(a.bias, block*pixelBytes, Lanes))
	if a.add != nil {
		addGo(sum[:], floatsAt(a.add, y, Lanes))
	}
	if a.relu == 1 {
		reluForwardGo(sum[:], sum[:], nil)
	}
	copy(floatsAt(a.y, y, Lanes), sum[:])
}

// fakeWindow is a kernel of windows; f computes one of them, whose first tap is x bytes behind the
// first.
func fakeWindow(pixels int, f func(a *windowArgs, x uintptr) [Lanes]float32) func(*windowArgs) {
	return func(a *windowArgs) {
		expect(min(a.kw, a.kh, a.tiles, a.rows) >= 1 && a.relu <= 1, a)
		expectCount(a.kw*a.kh*a.tiles*a.rows*uintptr(pixels), max(callFMAs, int(a.kw*a.kh*a.tiles)*pixels), a)
		for r := range a.rows {
			for p := range a.tiles * uintptr(pixels) {
				sum := f(a, r*a.xS+p*a.xP)
				copy(floatsAt(a.y, r*a.yS+p*pixelBytes, Lanes), sum[:])
			}
		}
		a.rows, a.xG, a.yG, a.xA, a.yA, a.rLeft, a.tLeft = 0, nonsense, nonsense, nonsense, nonsense, nonsense, nonsense
	}
}

// eachTap calls f for each pixel of a window, and row at the end of each row.
func (a *windowArgs) eachTap(x uintptr, f func(pixel []float32), row func()) {
	for range a.kh {
		for range a.kw {
			f(floatsAt(a.x, x, Lanes))
			x += a.xK
		}
		x += a.xKR
		row()
	}
}

func fakeDepthwise(a *windowArgs, x uintptr) (sum [Lanes]float32) {
	copy(sum[:], floatsAt(a.bias, 0, Lanes))
	w := uintptr(0)
	a.eachTap(x, func(pixel []float32) {
		mulAddLanes(&sum, pixel, floatsAt(a.w, w, Lanes))
		w += pixelBytes
	}, func() {})
	if a.relu == 1 {
		reluForwardGo(sum[:], sum[:], nil)
	}
	return sum
}

func fakeDepthwise3(stride uintptr) func(a *windowArgs, x uintptr) [Lanes]float32 {
	return func(a *windowArgs, x uintptr) [Lanes]float32 {
		expect(a.kw == 3 && a.kh == 3 && a.xK == pixelBytes && a.xP == stride*pixelBytes, a)
		return fakeDepthwise(a, x)
	}
}

func fakeMax(a *windowArgs, x uintptr) (best [Lanes]float32) {
	copy(best[:], floatsAt(a.x, x, Lanes))
	a.eachTap(x, func(pixel []float32) {
		for l := range best {
			best[l] = max(best[l], pixel[l])
		}
	}, func() {})
	return best
}

func fakeSum(a *windowArgs, x uintptr) (sum [Lanes]float32) {
	var row [Lanes]float32
	a.eachTap(x, func(pixel []float32) { addGo(row[:], pixel) }, func() {
		addGo(sum[:], row[:])
		row = [Lanes]float32{}
	})
	for l, n := range unsafe.Slice((*float32)(a.bias), Lanes) {
		sum[l] /= n
	}
	return sum
}
