package kernel

import "math"

func fakePools() *poolKernels {
	return &poolKernels{
		maxBackward: func(a *poolArgs) {
			all := floatsAt(a.all, 0, Lanes)
			clear(all)
			a.eachWindow(func(out uintptr, pixels []uintptr) {
				top, dy := floatsAt(a.y, out, Lanes), floatsAt(a.dy, out, Lanes)
				for l, y := range top {
					all[l] += y - y
					g := dy[l]
					for _, at := range pixels {
						x, dx := floatsAt(a.x, at, Lanes), floatsAt(a.dx, at, Lanes)
						if dx[l] = 0; x[l] == y {
							dx[l], g = g, 0
						}
					}
				}
			})
		},
		averageBackward: func(a *poolArgs) {
			a.eachWindow(func(out uintptr, pixels []uintptr) {
				for l, g := range floatsAt(a.dy, out, Lanes) {
					for _, at := range pixels {
						floatsAt(a.dx, at, Lanes)[l] = g / math.Float32frombits(uint32(a.count))
					}
				}
			})
			clear(floatsAt(a.all, 0, Lanes))
		},
	}
}

// eachWindow calls f with the places of a window's output and of its pixels, in bytes.
func (a *poolArgs) eachWindow(f func(out uintptr, pixels []uintptr)) {
	expect(min(a.kw, a.kh, a.windows, a.rows) >= 1, a)
	expect(a.rows == 1 || a.rows*a.windows*a.kw*a.kh <= poolPixels, a)
	out := uintptr(0)
	for r := range a.rows {
		for w := range a.windows {
			var pixels []uintptr
			at := r*a.xW + w*a.xV
			for range a.kh {
				for range a.kw {
					pixels = append(pixels, at)
					at += a.xK
				}
				at += a.xR
			}
			f(out, pixels)
			out += pixelBytes
		}
	}
	a.rows, a.xT, a.dxT = 0, nonsense, nonsense
}
