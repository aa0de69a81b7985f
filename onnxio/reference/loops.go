package reference

import "math"

// Loops over the elements of slices of one length, for the operators that networks use most.

func addLoop(y, a, b []float64) {
	a, b = a[:len(y)], b[:len(y)]
	for i := range y {
		y[i] = a[i] + b[i]
	}
}

func subLoop(y, a, b []float64) {
	a, b = a[:len(y)], b[:len(y)]
	for i := range y {
		y[i] = a[i] - b[i]
	}
}

func mulLoop(y, a, b []float64) {
	a, b = a[:len(y)], b[:len(y)]
	for i := range y {
		y[i] = a[i] * b[i]
	}
}

func divLoop(y, a, b []float64) {
	a, b = a[:len(y)], b[:len(y)]
	for i := range y {
		y[i] = a[i] / b[i]
	}
}

func maxLoop(y, a, b []float64) {
	a, b = a[:len(y)], b[:len(y)]
	for i := range y {
		y[i] = max(a[i], b[i])
	}
}

func minLoop(y, a, b []float64) {
	a, b = a[:len(y)], b[:len(y)]
	for i := range y {
		y[i] = min(a[i], b[i])
	}
}

// slopeLoop is a where that is not negative, and a·b where it is.
func slopeLoop(y, a, b []float64) {
	a, b = a[:len(y)], b[:len(y)]
	for i := range y {
		y[i] = ifNegative(a[i], a[i]*b[i])
	}
}

// reluLoop is a where that is not negative, and 0 where it is.
func reluLoop(y, a []float64) {
	a = a[:len(y)]
	for i := range y {
		y[i] = ifNegative(a[i], 0)
	}
}

// ifNegative is y if x is negative, else x. It chooses bits, since a conditional move does
// that, where a branch on signs that nobody can foresee would be slow.
func ifNegative(x, y float64) float64 {
	bits, other := math.Float64bits(x), math.Float64bits(y)
	if x < 0 {
		bits = other
	}
	return math.Float64frombits(bits)
}
