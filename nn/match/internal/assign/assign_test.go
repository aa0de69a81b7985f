package assign_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn/match/internal/assign"
)

// bestOf tries all permutations.
func bestOf(n int, gain []float64) float64 {
	best := math.Inf(-1)
	taken := make([]bool, n)
	var place func(row int, sum float64)
	place = func(row int, sum float64) {
		if row == n {
			best = max(best, sum)
			return
		}
		for col := range n {
			if !taken[col] {
				taken[col] = true
				place(row+1, sum+gain[row*n+col])
				taken[col] = false
			}
		}
	}
	place(0, 0)
	return best
}

func sum(n int, gain []float64, cols []int) (total float64) {
	for row, col := range cols {
		total += gain[row*n+col]
	}
	return total
}

func isPermutation(cols []int) bool {
	sorted := slices.Sorted(slices.Values(cols))
	for i, c := range sorted {
		if i != c {
			return false
		}
	}
	return true
}

// The sum is the largest of all permutations, also with ties, and negative and large numbers.
func TestMaxAgainstAllPermutations(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	kinds := map[string]func() float64{
		"normal":    rng.NormFloat64,
		"ties":      func() float64 { return float64(rng.IntN(3)) },
		"negative":  func() float64 { return -rng.Float64() },
		"wide":      func() float64 { return math.Ldexp(rng.NormFloat64(), rng.IntN(40)) },
		"all equal": func() float64 { return 2.5 },
	}
	for name, value := range kinds {
		for n := range 8 {
			for range 40 {
				gain := make([]float64, n*n)
				for i := range gain {
					gain[i] = value()
				}
				cols, err := assign.Max(n, gain)
				if err != nil {
					t.Fatal(err)
				}
				if len(cols) != n || !isPermutation(cols) {
					t.Fatalf("%s: %v is no permutation of %d", name, cols, n)
				}
				if got, want := sum(n, gain, cols), bestOf(n, gain); math.Abs(got-want) > 1e-12*max(1, math.Abs(want)) {
					t.Errorf("%s: %v gives %g, want %g for %v", name, cols, got, want, gain)
				}
			}
		}
	}
}

// A permutation that stands out is found among many rows.
func TestMaxFindsAPermutation(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	const n = 300
	want, gain := rng.Perm(n), make([]float64, n*n)
	for i := range gain {
		gain[i] = rng.Float64() / 2
	}
	for row, col := range want {
		gain[row*n+col] = 1
	}
	cols, err := assign.Max(n, gain)
	if err != nil || !slices.Equal(cols, want) {
		t.Errorf("%v and %v, want %v", cols, err, want)
	}
}

// No exchange of two or three columns is better, at a size where not all permutations can be
// tried.
func TestMaxAmongManyRows(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	const n = 120
	gain := make([]float64, n*n)
	for i := range gain {
		gain[i] = rng.NormFloat64()
	}
	cols, err := assign.Max(n, gain)
	if err != nil {
		t.Fatal(err)
	}
	at := func(row, of int) float64 { return gain[row*n+cols[of]] }
	for a := range n {
		for b := range n {
			if a != b && at(a, b)+at(b, a) > at(a, a)+at(b, b)+1e-12 {
				t.Fatalf("rows %d and %d are better exchanged", a, b)
			}
			for c := range n {
				if a != b && b != c && a != c && at(a, b)+at(b, c)+at(c, a) > at(a, a)+at(b, b)+at(c, c)+1e-12 {
					t.Fatalf("rows %d, %d and %d are better exchanged", a, b, c)
				}
			}
		}
	}
}

func TestMaxRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		n    int
		gain []float64
		says string
	}{
		"too few":   {2, []float64{1, 2, 3}, "3 elements for 2 rows"},
		"negative":  {-1, []float64{1}, "need a square matrix"},
		"NaN":       {2, []float64{1, 2, math.NaN(), 3}, "row 1, column 0 is NaN"},
		"too large": {1, []float64{1e300}, "row 0, column 0 is 1e+300; need numbers from -1e+100 to 1e+100"},
		"infinite":  {2, []float64{1, math.Inf(-1), 2, 3}, "row 0, column 1 is -Inf"},
	} {
		cols, err := assign.Max(c.n, c.gain)
		if err == nil || cols != nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v and %v, want an error that says %q", name, cols, err, c.says)
		}
	}
}

func BenchmarkMax512(b *testing.B) {
	rng := rand.New(rand.NewPCG(7, 8))
	const n = 512
	gain := make([]float64, n*n)
	for i := range gain {
		gain[i] = rng.NormFloat64()
	}
	for b.Loop() {
		if _, err := assign.Max(n, gain); err != nil {
			b.Fatal(err)
		}
	}
}
