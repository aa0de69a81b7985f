package kernel

// The kernels here join a map with one that may have a single pixel for each channel. b
// has one pixel for every area pixels of the map, in order: area is 1 where both have the
// same shape.

// AddMaps overwrites y: y[p] = a[p] + b[p/area]. y may be a.
func AddMaps(y, a, b []float32, area int) {
	if area == 1 && len(y) > 0 && &y[0] == &a[0] {
		Add(y, b)
		return
	}
	for p := range len(y) / Lanes {
		out, u, v := pixel(y, p), pixel(a, p), pixel(b, p/area)
		for l := range out {
			out[l] = u[l] + v[l]
		}
	}
}

// MulMaps overwrites y: y[p] = a[p]·b[p/area].
func MulMaps(y, a, b []float32, area int) {
	for p := range len(y) / Lanes {
		out, u, v := pixel(y, p), pixel(a, p), pixel(b, p/area)
		for l := range out {
			out[l] = u[l] * v[l]
		}
	}
}

// SumMaps overwrites s with the sums of area pixels: s[i] = Σ a[p], p/area = i.
func SumMaps(s, a []float32, area int) {
	for i := range len(s) / Lanes {
		var sum [Lanes]float32
		for p := range area {
			u := pixel(a, i*area+p)
			for l := range sum {
				sum[l] += u[l]
			}
		}
		*pixel(s, i) = sum
	}
}

// SumProducts overwrites s with the sums of area products: s[i] = Σ a[p]·b[p], p/area = i.
func SumProducts(s, a, b []float32, area int) {
	for i := range len(s) / Lanes {
		var sum [Lanes]float32
		for p := range area {
			u, v := pixel(a, i*area+p), pixel(b, i*area+p)
			for l := range sum {
				sum[l] += float32(u[l] * v[l])
			}
		}
		*pixel(s, i) = sum
	}
}
