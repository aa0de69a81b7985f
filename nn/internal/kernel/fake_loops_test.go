package kernel

import (
	"math"
	"unsafe"
)

func fakeActs() *actKernels {
	slope, flat, swish := fakeBackward(slopeBackwardGo), fakeBackward(slopeFlatBackwardGo), fakeBackward(swishBackwardGo)
	return &actKernels{
		slopeForward:         fakeForward(slopeForwardGo, 1),
		slopeForwardEach:     fakeForward(slopeForwardGo, Lanes),
		slopeBackward:        slope(false, 1),
		slopeBackwardSum:     slope(true, 1),
		slopeFlatBackward:    flat(false, 1),
		slopeFlatBackwardSum: flat(true, 1),
		swishForward:         fakeForward(swishForwardGo, 1),
		swishForwardEach:     fakeForward(swishForwardGo, Lanes),
		swishForwardOne:      fakeForward(func(y, x, _ []float32) { swishForwardGo(y, x, ones[:1]) }, 0),
		swishBackward:        swish(false, 1),
		swishBackwardSum:     swish(true, 1),
		swishBackwardOne:     fakeBackward(func(dx, dy, x, _, _ []float32) { swishBackwardGo(dx, dy, x, ones[:1], nil) })(false, 0),
		exp:                  fakeForward(func(y, x, _ []float32) { expGo(y, x) }, 0),
	}
}

func fakeFormulas() map[string]formulaKernels {
	list := map[string]formulaKernels{}
	for _, row := range formulas {
		params := 0
		if row.param {
			params = 1
		}
		k := formulaKernels{forward: fakeForward(row.forward, params), backward: fakeDerivative(row.backward, params)}
		if row.backwardKeras != nil {
			k.backwardKeras = fakeDerivative(row.backwardKeras, params)
		}
		list[row.name] = k
	}
	return list
}

// fakeDerivative is the kernel of a derivative without a gradient of the parameter.
func fakeDerivative(f func(dx, dy, x, a []float32), params int) func(*actArgs) {
	return fakeBackward(func(dx, dy, x, a, _ []float32) { f(dx, dy, x, a) })(false, params)
}

// fakeForward is a kernel with so many parameters for a pixel: 0, 1 or Lanes.
func fakeForward(f func(y, x, a []float32), params int) func(*actArgs) {
	return func(a *actArgs) {
		a.eachPixel(params, func(p uintptr, y, x, param []float32) { f(y, x, param) })
	}
}

// fakeBackward gives the kernel of a derivative, with or without that by the parameter.
func fakeBackward(f func(dx, dy, x, a, da []float32)) func(sum bool, params int) func(*actArgs) {
	return func(sum bool, params int) func(*actArgs) {
		return func(a *actArgs) {
			a.eachPixel(params, func(p uintptr, y, x, param []float32) {
				var da []float32
				if sum {
					da = floatsAt(a.da, p*a.aS, 1)
				}
				f(y, floatsAt(a.dy, p*pixelBytes, Lanes), x, param, da)
			})
		}
	}
}

func (a *actArgs) eachPixel(params int, f func(p uintptr, y, x, param []float32)) {
	expect(a.yS == 0 || a.yS == pixelBytes, a)
	expectCount(a.pixels, actPixels, a)
	switch params {
	case 1:
		expect(a.aS == 0 || a.aS == floatBytes, a)
	case Lanes:
		expect(a.aS == pixelBytes, a)
	}
	for p := range a.pixels {
		var param []float32
		if params > 0 {
			param = floatsAt(a.a, p*a.aS, params)
		}
		f(p, floatsAt(a.y, p*a.yS, Lanes), floatsAt(a.x, p*pixelBytes, Lanes), param)
	}
}

// eachRow calls f for each lane of each row.
func (a *softmaxArgs) eachRow(limit int, f func(row uintptr, l int)) {
	expect(a.yS == 0 || a.yS == pixelBytes, a)
	expectCount(a.rows, limit, a)
	for r := range a.rows {
		for l := range Lanes {
			f(r, l)
		}
	}
}

func fakeTop(a *softmaxArgs) {
	top := floatsAt(a.top, 0, Lanes)
	a.eachRow(softmaxRows, func(row uintptr, l int) {
		if v := floatsAt(a.x, row*pixelBytes, Lanes)[l]; v > top[l] {
			top[l] = v
		}
	})
}

func fakeExp(a *softmaxArgs) {
	top, below, ones := floatsAt(a.top, 0, Lanes), floatsAt(a.below, 0, Lanes), floatsAt(a.ones, 0, Lanes)
	clear(below)
	clear(ones)
	a.eachRow(sumRows, func(row uintptr, l int) {
		e := float32(math.Exp(float64(floatsAt(a.x, row*pixelBytes, Lanes)[l]) - float64(top[l])))
		floatsAt(a.y, row*a.yS, Lanes)[l] = e
		if !(e >= 1) { // or a NaN, which goes to both sums
			below[l] += e
		}
		if !(e < 1) {
			ones[l] += e
		}
	})
}

func fakeScale(a *softmaxArgs) {
	by := floatsAt(a.by, 0, Lanes)
	a.eachRow(softmaxRows, func(row uintptr, l int) { floatsAt(a.y, row*a.yS, Lanes)[l] *= by[l] })
}

func fakeUpdates(width int) *updateKernels {
	sgd := func(f func(w, g, m []float32, c SGDRates), nesterov bool) func(*updateArgs) {
		return func(a *updateArgs) {
			c := floatsAt(a.c, 0, 2)
			f(a.all(a.y, width), a.all(a.x, width), a.all(a.m, width), SGDRates{c[0], c[1], nesterov})
		}
	}
	return &updateKernels{
		add: func(a *updateArgs) { addGo(a.all(a.y, width), a.all(a.x, width)) },
		adam: func(a *updateArgs) {
			c := floatsAt(a.c, 0, 5)
			rates := AdamRates{c[0], c[1], c[2], c[3], c[4]}
			adamGo(a.all(a.y, width), a.all(a.x, width), a.all(a.m, width), a.all(a.v, width), rates)
		},
		sgd:                func(a *updateArgs) { sgdGo(a.all(a.y, width), a.all(a.x, width), floatsAt(a.c, 0, 1)[0]) },
		sgdPyTorch:         sgd(sgdPyTorchGo, false),
		sgdPyTorchNesterov: sgd(sgdPyTorchGo, true),
		sgdKeras:           sgd(sgdKerasGo, false),
		sgdKerasNesterov:   sgd(sgdKerasGo, true),
	}
}

// all are the floats of all vectors from p on.
func (a *updateArgs) all(p unsafe.Pointer, width int) []float32 {
	expectCount(a.n, updateFloats/width, a)
	return floatsAt(p, 0, int(a.n)*width)
}

func fakeFromBytes(a *bytesArgs) {
	expectCount(a.n, bytesPixels/16, a)
	for l, x := range []unsafe.Pointer{a.x0, a.x1, a.x2, a.x3, a.x4, a.x5, a.x6, a.x7} {
		for i, v := range unsafe.Slice((*byte)(x), 16*a.n) {
			floatsAt(a.y, uintptr(i*pixelBytes+l*floatBytes), 1)[0] = float32(v^byte(a.flip>>(8*l))) / 255
		}
	}
}

func fakeTranspose(a *transposeArgs) {
	expectCount(a.tiles, transposeTiles, a)
	for t := range a.tiles {
		for r := range uintptr(8) {
			for c, v := range floatsAt(a.from, t*a.fromT+r*a.fromRow, 8) {
				floatsAt(a.to, t*a.toT+uintptr(c)*a.toRow+r*floatBytes, 1)[0] = v
			}
		}
	}
}

func fakeInterleave(a *transposeArgs) {
	expectCount(a.tiles, transposeTiles, a)
	for t := range a.tiles {
		for r := range uintptr(4) {
			for c, v := range floatsAt(a.from, t*a.fromT+r*a.fromRow, 8) {
				floatsAt(a.to, t*a.toT+uintptr(4*c)*floatBytes+r*floatBytes, 1)[0] = v
			}
		}
	}
}

func fakeCopyRows(a *rowsArgs) {
	for r := range a.rows {
		copy(floatsAt(a.to, r*a.toRow, int(8*a.vectors)), floatsAt(a.from, r*a.fromRow, int(8*a.vectors)))
	}
}
