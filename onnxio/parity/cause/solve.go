package cause

import "math"

// dense are the derivatives of residuals, one column an unknown.
type dense struct {
	rows    int
	columns [][]float64
}

func (j *dense) solve(r []float64, damping float64) []float64 {
	n := len(j.columns)
	a, b := make([]float64, n*n), make([]float64, n)
	for i, c := range j.columns {
		for k := range i + 1 {
			a[i*n+k] = dot(c, j.columns[k])
		}
		b[i] = dot(c, r)
	}
	for i := range n {
		a[i*n+i] = a[i*n+i]*(1+damping) + 1e-18
	}
	if !cholesky(a, n) {
		return nil
	}
	substitute(a, n, b)
	return b
}

// diagonal are derivatives where each unknown acts on its own elements, in runs.
type diagonal struct {
	unknowns, run int
	of            []float64
}

func (d *diagonal) solve(r []float64, damping float64) []float64 {
	a, b := make([]float64, d.unknowns), make([]float64, d.unknowns)
	for k, v := range d.of {
		i := k / d.run % d.unknowns
		a[i] += v * v
		b[i] += v * r[k]
	}
	for i := range b {
		b[i] /= a[i]*(1+damping) + 1e-18
	}
	return b
}

func dot(a, b []float64) float64 {
	s := 0.0
	for i, v := range a {
		s += v * b[i]
	}
	return s
}

// cholesky factors the lower half of a symmetric matrix of n rows in place, a = L·Lᵀ. It returns
// false if the matrix is not positive definite.
func cholesky(a []float64, n int) bool {
	for i := range n {
		row := a[i*n : i*n+i+1]
		for k := range i + 1 {
			other := a[k*n : k*n+k+1]
			s := row[k] - dot(row[:k], other[:k])
			if k < i {
				row[k] = s / other[k]
				continue
			}
			if !(s > 0) || math.IsInf(s, 0) {
				return false
			}
			row[i] = math.Sqrt(s)
		}
	}
	return true
}

// substitute solves L·Lᵀ·x = b in place.
func substitute(l []float64, n int, b []float64) {
	for i := range n {
		b[i] = (b[i] - dot(l[i*n:i*n+i], b[:i])) / l[i*n+i]
	}
	for i := n - 1; i >= 0; i-- {
		s := b[i]
		for k := i + 1; k < n; k++ {
			s -= l[k*n+i] * b[k]
		}
		b[i] = s / l[i*n+i]
	}
}
