package landscape

import (
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// Eigenvalue is an approximation to an eigenvalue of a symmetric matrix H.
type Eigenvalue struct {
	Value float64 `json:"value"`
	// Residual is ‖H·v − Value·v‖ of the approximate eigenvector v, of norm 1: an eigenvalue
	// is not further away than that, if products with H are exact.
	Residual float64 `json:"residual"`
}

// Extremes finds the largest and the smallest eigenvalue of a symmetric matrix that product
// multiplies by (dst = H·v), by Lanczos' method with full reorthogonalisation (Golub, Van Loan:
// Matrix Computations, §10). It needs fewer products than power iteration, of which it is a
// refinement: its answers are the extremes over all that as many products by power
// iteration span. start must not be 0. It ends when both are good enough, or after so many
// products, one at least. It keeps as many vectors in memory.
func Extremes(start Direction, product func(dst, v Direction) error, products int, enough func(largest, smallest Eigenvalue) bool) (largest, smallest Eigenvalue, err error) {
	v := scaled(start, 1/norm(start))
	var basis []Direction
	var diagonal, beside []float64
	for {
		w := make(Direction, len(v))
		if err := product(w, v); err != nil {
			return largest, smallest, err
		}
		basis = append(basis, v)
		diagonal = append(diagonal, floats.Dot(w, v))
		for range 2 { // once leaves rounding errors that grow
			for _, u := range basis {
				floats.AddScaled(w, -floats.Dot(w, u), u)
			}
		}
		beta := norm(w)
		largest, smallest = ritz(diagonal, beside, beta)
		size := max(math.Abs(largest.Value), math.Abs(smallest.Value))
		if len(basis) >= products || enough(largest, smallest) || beta <= exhausted*size || math.IsNaN(size) {
			return largest, smallest, nil
		}
		beside = append(beside, beta)
		v = scaled(w, 1/beta)
	}
}

// exhausted is the relative length below which a further vector would be rounding errors: the
// products so far span all that further ones would.
const exhausted = 1e-12

// ritz are the extreme eigenvalues of a symmetric tridiagonal matrix, whose last vector is followed
// by one at beta.
func ritz(diagonal, beside []float64, beta float64) (largest, smallest Eigenvalue) {
	n := len(diagonal)
	t := mat.NewSymDense(n, nil)
	for i, a := range diagonal {
		t.SetSym(i, i, a)
		if i > 0 {
			t.SetSym(i-1, i, beside[i-1])
		}
	}
	var eigen mat.EigenSym
	if !floats.HasNaN(diagonal) && eigen.Factorize(t, true) {
		var vectors mat.Dense
		eigen.VectorsTo(&vectors)
		values := eigen.Values(nil)
		at := func(i int) Eigenvalue {
			return Eigenvalue{values[i], beta * math.Abs(vectors.At(n-1, i))}
		}
		return at(n - 1), at(0)
	}
	nan := Eigenvalue{math.NaN(), math.NaN()}
	return nan, nan
}

// scaled is a copy of v times a factor.
func scaled(v Direction, factor float64) Direction {
	return floats.ScaleTo(make(Direction, len(v)), factor, v)
}
