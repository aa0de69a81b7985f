package reference

import (
	"fmt"
	"math"
)

// globalPoolOps sum up each channel of a map in one number.
var globalPoolOps = map[string]op{
	"GlobalMaxPool":     globalPool(ofRows(largest)),
	"GlobalAveragePool": globalPool(averages),
	"GlobalLpPool":      globalLpPool,
}

// globalPool makes an operator [N, C, D1, …] → [N, C, 1, …] of a function that makes a number
// of each row of n.
func globalPool(f func(y, rows []float64, n int)) op {
	return func(c *call) ([]*Tensor, error) {
		x, err := c.maps(0, 0)
		if err != nil {
			return nil, err
		}
		n := product(x.Shape[2:])
		if n == 0 {
			return nil, fmt.Errorf("the input has shape %v: its maps are empty", x.Shape)
		}
		shape := []int{x.Shape[0], x.Shape[1]}
		for range x.Shape[2:] {
			shape = append(shape, 1)
		}
		y := make([]float64, len(x.Floats)/n)
		parallelRuns(len(y), 4, n, func(low, high int) { f(y[low:high], x.Floats[low*n:high*n], n) })
		return []*Tensor{FromFloat64s(x.Type, shape, y)}, nil
	}
}

// ofRows makes a function of many rows of one of a row.
func ofRows(f func(row []float64) float64) func(y, rows []float64, n int) {
	return func(y, rows []float64, n int) {
		for i := range y {
			y[i] = f(rows[i*n:][:n])
		}
	}
}

// averages is average of rows, of which four are summed up side by side.
func averages(y, rows []float64, n int) {
	for len(y) >= 4 {
		r0, r1, r2, r3 := rows[:n], rows[n:][:n], rows[2*n:][:n], rows[3*n:][:n]
		var s0, s1, s2, s3 float64
		for i, x := range r0 {
			s0 += x
			s1 += r1[i]
			s2 += r2[i]
			s3 += r3[i]
		}
		count := float64(n)
		y[0], y[1], y[2], y[3] = s0/count, s1/count, s2/count, s3/count
		y, rows = y[4:], rows[4*n:]
	}
	ofRows(average)(y, rows, n)
}

// largest is the largest number. NaN is larger than all but +∞.
func largest(v []float64) float64 {
	top, nan := math.Inf(-1), false
	for _, x := range v {
		if x > top {
			top = x
		}
		if x != x {
			nan = true
		}
	}
	switch {
	case nan && !math.IsInf(top, 1):
		return math.NaN()
	case top == 0: // 0 is larger than −0
		for _, x := range v {
			top = math.Max(top, x)
		}
	}
	return top
}
