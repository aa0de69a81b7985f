package reference

import (
	"fmt"
	"math"
	"slices"
)

// det is the determinant of each matrix of [..., m, m], by Gaussian elimination.
func det(c *call) ([]*Tensor, error) {
	x, err := c.floats(0)
	if err != nil {
		return nil, err
	}
	rank := len(x.Shape)
	if rank < 2 || x.Shape[rank-1] != x.Shape[rank-2] {
		return nil, fmt.Errorf("input 0 has shape %v, it must be square matrices", x.Shape)
	}
	m := x.Shape[rank-1]
	y, err := newTensor(x.Type, x.Shape[:rank-2]...)
	if err != nil {
		return nil, err
	}
	meter := paced{call: c}
	for i := range y.Floats {
		if y.Floats[i], err = determinant(slices.Clone(x.Floats[i*m*m:][:m*m]), m, meter.did); err != nil {
			return nil, err
		}
	}
	return []*Tensor{y}, nil
}

// determinant makes the matrix a [m, m] upper triangular and multiplies its diagonal. did ends
// it if it gives an error.
func determinant(a []float64, m int, did func(operations int) error) (float64, error) {
	d := 1.0
	for k := range m {
		top := k // the row with the largest number in column k
		for i := k + 1; i < m; i++ {
			if math.Abs(a[i*m+k]) > math.Abs(a[top*m+k]) {
				top = i
			}
		}
		if a[top*m+k] == 0 {
			return 0, nil
		}
		if err := did((m - k) * m); err != nil {
			return 0, err
		}
		if top != k {
			d = -d
			for j := range m {
				a[top*m+j], a[k*m+j] = a[k*m+j], a[top*m+j]
			}
		}
		d *= a[k*m+k]
		for i := k + 1; i < m; i++ {
			addScaled(a[i*m:][:m], -a[i*m+k]/a[k*m+k], a[k*m:], 1)
		}
	}
	return d, nil
}
