package kernel

import "unsafe"

// fakeWinograd has tiles of products with up to so many vectors.
func fakeWinograd(width, vectors int) *winogradKernels {
	k := &winogradKernels{input: fakeWinogradInput, output: fakeWinogradOutput}
	for n := 1; n <= vectors; n++ {
		k.products = append(k.products, fakeWinogradProduct(n, width))
	}
	return k
}

func fakeWinogradInput(a *winogradInputArgs) {
	expect(min(a.width, a.tiles, a.in) >= 1 && a.width%pixelBytes == 0 && a.in*a.tiles <= max(a.tiles, stageTiles), a)
	rows := [6]unsafe.Pointer{a.x0, a.x1, a.x2, a.x3, a.x4, a.x5}
	steps := [6]uintptr{a.x0C, a.x1C, a.x2C, a.x3C, a.x4C, a.x5C}
	n := int(a.width / floatBytes)
	bufRow := a.bufD + a.tiles*tileSide*pixelBytes
	expect(bufRow == a.bufR && a.vD+a.tiles*pixelBytes == 6*a.vP, a)
	var from, to [6][]float32
	for c := range a.in {
		for k := range from {
			from[k], to[k] = floatsAt(rows[k], c*steps[k], n), floatsAt(a.first, uintptr(k)*a.bufR, n)
		}
		transformInput(&to, &from, n)
		for i := range uintptr(6) {
			for t := range a.tiles {
				for k := range uintptr(6) {
					from[k] = floatsAt(a.buf, i*a.bufR+(t*tileSide+k)*pixelBytes, Lanes)
					to[k] = floatsAt(a.v, (i*6+k)*a.vP+c*a.vC+t*pixelBytes, Lanes)
				}
				transformInput(&to, &from, Lanes)
			}
		}
	}
	a.vT, a.left = nonsense, nonsense
}

func fakeWinogradProduct(vectors, width int) func(*winogradProductArgs) {
	floats := vectors * width
	return func(a *winogradProductArgs) {
		expect(min(a.in, a.groups, a.blocks, a.positions) >= 1, a)
		fmas := int(a.positions*a.groups*a.in*a.blocks) * 4 * vectors
		expect(a.positions*a.groups == 1 || fmas <= callFMAs, a)
		size := uintptr(floats * floatBytes)
		for p := range a.positions {
			vP, mP := a.vD+a.blocks*size, a.mD+a.blocks*size
			for b := range a.blocks {
				for o := range 4 * a.groups {
					m := floatsAt(a.m, p*mP+o*a.mC+b*size, floats)
					clear(m)
					for c := range a.in {
						u := floatsAt(a.u, p*a.uP+((o/4*a.in+c)*4+o%4)*floatBytes, 1)[0]
						addScaled(m, floatsAt(a.v, p*vP+c*a.vC+b*size, floats), u)
					}
				}
			}
		}
	}
}

func fakeWinogradOutput(a *winogradOutputArgs) {
	tiles := a.bytes / pixelBytes
	expect(min(tiles, a.rows, a.out) >= 1 && a.rows <= tileSide && a.bytes%pixelBytes == 0 && a.bufR == 6*a.bytes, a)
	expect(a.out*tiles <= max(tiles, stageTiles), a)
	floor := floatsAt(a.floor, 0, 1)[0]
	var from [6][]float32
	var to [4][]float32
	for c := range a.out {
		bias := floatsAt(a.bias, c*a.biasC, 1)[0]
		for l := range uintptr(6) {
			for k := range from {
				from[k] = floatsAt(a.m, uintptr(k)*a.mR+l*(a.mD+a.bytes)+c*a.mC, int(tiles)*Lanes)
			}
			for i := range to {
				to[i] = floatsAt(a.buf, uintptr(i)*a.bufR+l*a.bytes, int(tiles)*Lanes)
			}
			transformOutput(&to, &from, 0, int(tiles)*Lanes)
		}
		for i := range a.rows {
			for t := range tiles {
				var tile [tileSide * Lanes]float32
				for k := range from {
					from[k] = floatsAt(a.buf, i*a.bufR+uintptr(k)*a.bytes+t*pixelBytes, Lanes)
				}
				for k := range to {
					to[k] = tile[k*Lanes:][:Lanes]
				}
				transformOutput(&to, &from, bias, Lanes)
				at := c*a.yC + i*a.yR + t*tileSide*pixelBytes
				if a.add != nil {
					addScaled(tile[:], floatsAt(a.add, at, len(tile)), 1)
				}
				for l, v := range tile {
					if v < floor {
						tile[l] = floor
					}
				}
				copy(floatsAt(a.y, at, len(tile)), tile[:])
			}
		}
	}
	a.left, a.rowsLeft = nonsense, nonsense
}
