package kernel

import "unsafe"

// fakeTiles has tiles of one channel with up to conv1 vectors, and so on, and tall ones of up to
// so many channels with up to pixels vectors.
func fakeTiles(width, conv1, conv4, channels, pixels int) (k tileKernels) {
	for n := 1; n <= conv1; n++ {
		k.conv1 = append(k.conv1, fakeConv(1, n, width))
		k.grad1 = append(k.grad1, fakeGrad(1, n, width))
	}
	for n := 1; n <= conv4; n++ {
		k.conv4 = append(k.conv4, fakeConv(4, n, width))
		k.grad4 = append(k.grad4, fakeGrad(4, n, width))
	}
	for o := 5; o <= channels; o++ {
		var tiles []func(*convArgs)
		for n := 1; n <= pixels; n++ {
			tiles = append(tiles, fakeConv(o, n, width))
		}
		k.tall = append(k.tall, tiles)
	}
	k.grad3x3, k.grad4x3x2 = fakeGrad3x3(width), []func(*gradArgs){fakeGrad4x3x2(width)}
	return k
}

// nonsense is left in what belongs to a kernel.
const nonsense = ^uintptr(41)

func fakeConv(channels, vectors, width int) func(*convArgs) {
	return func(a *convArgs) {
		taps := a.kw * a.kh * a.in
		fmas := int(taps*a.groups*a.tiles) * channels * vectors
		expect(min(a.kw, a.kh, a.in, a.groups, a.tiles) >= 1 && a.add <= 1, a)
		expect(a.tiles == 1 || fmas <= callFMAs, a)
		for n := range a.tiles * uintptr(vectors) {
			for g := range a.groups {
				for o := range uintptr(channels) {
					y := floatsAt(a.y, n*a.yV+g*a.yGS+o*a.yOC, width)
					if a.add == 0 {
						bias := floatsAt(a.bias, g*a.biasGS+o*floatBytes, 1)[0]
						for l := range y {
							y[l] = bias
						}
					}
					a.addTaps(y, n*a.xV, g*a.wGS+o*a.wOC)
				}
			}
		}
		a.tiles, a.xT, a.yT, a.yG, a.wG, a.biasG, a.left = 0, nonsense, nonsense, nonsense, nonsense, nonsense, nonsense
	}
}

// addTaps adds all taps to a vector, whose first pixel and weight are x and w bytes away.
func (a *convArgs) addTaps(y []float32, x, w uintptr) {
	for range a.in {
		for range a.kh {
			for range a.kw {
				addScaled(y, floatsAt(a.x, x, len(y)), floatsAt(a.w, w, 1)[0])
				x, w = x+a.xK, w+a.wK
			}
			x, w = x+a.xR, w+a.wR
		}
		x, w = x+a.xC, w+a.wC
	}
}

func fakeGrad(channels, weights, width int) func(*gradArgs) {
	return func(a *gradArgs) {
		expect(min(a.vectors, a.rows, a.tiles) >= 1, a)
		expect(channels > 1 || a.dwB == floatBytes, a)
		for t := range a.tiles {
			for o := range uintptr(channels) {
				for b := range uintptr(weights) {
					dw := floatsAt(a.dw, t*a.dwA+o*a.dwOC+b*a.dwB, 1)
					dw[0] += a.products(t*a.dyA+o*a.dyOC, t*a.xA+b*a.xB, width)
				}
			}
		}
		a.tiles, a.xT, a.dyT, a.dwT = 0, nonsense, nonsense, nonsense
	}
}

func fakeGrad4x3x2(width int) func(*gradArgs) {
	one := fakeGrad(4, 3, width)
	return func(a *gradArgs) {
		for c := range 2 {
			b := *a
			b.x, b.dw = unsafe.Add(a.x, c*int(a.xC)), unsafe.Add(a.dw, c*int(a.dwC))
			one(&b)
		}
		a.tiles, a.xT, a.dyT, a.dwT = 0, nonsense, nonsense, nonsense
	}
}

func fakeGrad3x3(width int) func(*gradArgs) {
	return func(a *gradArgs) {
		expect(min(a.vectors, a.rows, a.tiles) >= 1, a)
		expect(a.rows == 1 || 9*a.vectors*a.rows <= callFMAs, a)
		for i := range uintptr(9) {
			floatsAt(a.dw, i*floatBytes, 1)[0] += a.products(0, i/3*a.xA+i%3*a.xB, width)
		}
		a.xT, a.dyT, a.dwT = nonsense, nonsense, nonsense
	}
}

// products is the sum for one weight, of the vectors dy and x bytes away. It adds up lane by
// lane first, as vectors do.
func (a *gradArgs) products(dy, x uintptr, width int) float32 {
	var lanes [Lanes]float32
	for range a.rows {
		for range a.vectors {
			u, v := floatsAt(a.dy, dy, width), floatsAt(a.x, x, width)
			for l := range u {
				lanes[l] += float32(u[l] * v[l])
			}
			dy, x = dy+a.dyV, x+a.xV
		}
		dy, x = dy+a.dyR, x+a.xR
	}
	return sum(lanes[:width])
}

func fakeProbes(width, vectors int) *probeKernels {
	sums := func(a *probeArgs, products func(sum, l int) float32) {
		expect(a.rounds >= 1, a)
		y := floatsAt(a.y, 0, 4*vectors*width)
		for i := range y {
			y[i] = 0
			for range a.rounds {
				y[i] += products(i/width, i%width)
			}
		}
	}
	return &probeKernels{
		vectors: vectors,
		peak: func(a *probeArgs) {
			x, w := floatsAt(a.x, 0, width), floatsAt(a.w, 0, 2)
			sums(a, func(_, l int) float32 { return float32(x[l]*w[0]) + float32(x[l]*w[1]) })
		},
		tile: func(a *probeArgs) {
			x, w := floatsAt(a.x, 0, (vectors+1)*width), floatsAt(a.w, 0, probeWeights)
			sums(a, func(sum, l int) float32 {
				o, v := sum/vectors, sum%vectors
				return float32(w[o]*x[v*width+l]) + float32(w[4+o]*x[(v+1)*width+l])
			})
		},
	}
}
