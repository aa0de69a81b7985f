package kernel

var goNorms = norms{
	affine: affineGo, normGrad: normGradGo, sums: laneSumsGo, moments: laneMomentsGo, products: laneProductsGo,
	chainProducts: chainProductsGo,
	normRelu:      normReluGo, normSlope: normSlopeGo, normFlat: normFlatGo,
}

func affineGo(y, x []float32, mean, scale, shift float32) {
	y = y[:len(x)]
	for i, v := range x {
		y[i] = float32((v-mean)*scale) + shift
	}
}

func normGradGo(dx, dy, x []float32, r NormRates) {
	dx, x = dx[:len(dy)], x[:len(dy)]
	for i, g := range dy {
		dx[i] = float32(r.Scale*g) + float32(r.Slope*(x[i]-r.Mean)) + r.Shift
	}
}

func laneSumsGo(x []float32) (sum [Lanes]float32) {
	for ; len(x) >= Lanes; x = x[Lanes:] {
		for l, v := range x[:Lanes] {
			sum[l] += v
		}
	}
	return sum
}

func laneMomentsGo(x []float32, shift float32) (sum, squares [Lanes]float32) {
	for ; len(x) >= Lanes; x = x[Lanes:] {
		for l, v := range x[:Lanes] {
			v -= shift
			sum[l] += v
			squares[l] += float32(v * v)
		}
	}
	return sum, squares
}

func laneProductsGo(dy, x []float32, mean float32) (sum, product [Lanes]float32) {
	for ; len(dy) >= Lanes && len(x) >= Lanes; dy, x = dy[Lanes:], x[Lanes:] {
		pixel := x[:Lanes]
		for l, g := range dy[:Lanes] {
			sum[l] += g
			product[l] += float32(g * (pixel[l] - mean))
		}
	}
	return sum, product
}

func chainProductsGo(d, dy, x []float32, mean float32) (sum, product [Lanes]float32) {
	for i, g := range dy {
		d[i] *= g
	}
	return laneProductsGo(d, x, mean)
}
