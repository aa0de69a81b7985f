package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// logits are k rows of various sizes, with pairs that are equal.
func logits(rng *rand.Rand, k int) []float32 {
	x := random(rng, k*Lanes)
	for i := range x {
		x[i] *= []float32{1, 1e-3, 30, 1e4}[i%4]
		if i >= Lanes && rng.IntN(4) == 0 {
			x[i] = x[i-Lanes]
		}
	}
	return x
}

func TestSoftmaxExpIsAccurate(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 22))
	for _, k := range []int{1, 2, 3, 10, 63, 64, 65, 200, 1100} {
		x := logits(rng, k)
		exact := make([]float64, len(x)) // exponentials
		wantTop, wantRest := softmaxExpGo(nil, x)
		var bound [Lanes]float64 // of rest: first that of adding 64 numbers in float32
		for l, r := range wantRest {
			bound[l] = 64 * r / (1 << 24)
		}
		one := func(i int) float64 { // what an exponential may be off
			d := float64(wantTop[i%Lanes]) - float64(x[i]) // is rounded too
			return maxValueULP*ulp(max(exact[i], math.SmallestNonzeroFloat32)) + exact[i]*d/(1<<24)
		}
		for i, v := range x {
			exact[i] = math.Exp(float64(v) - float64(wantTop[i%Lanes]))
			if v != wantTop[i%Lanes] {
				bound[i%Lanes] += one(i)
			}
		}
		eachBackend(t, fmt.Sprint(k), func(t *testing.T) {
			y := garbage(len(x))
			top, rest := SoftmaxExp(y, x)
			if top != wantTop {
				t.Errorf("the largest are %g, want %g", top, wantTop)
			}
			for l := range Lanes {
				if !(math.Abs(rest[l]-wantRest[l]) <= bound[l]) {
					t.Errorf("lane %d: the rest is %g, want %g within %g", l, rest[l], wantRest[l], bound[l])
				}
			}
			for i, v := range y {
				if !(math.Abs(float64(v)-exact[i]) <= one(i)) {
					t.Fatalf("e^(%g - %g) = %g, want %g", x[i], top[i%Lanes], v, exact[i])
				}
			}
			if top2, rest2 := SoftmaxExp(nil, x); top2 != top || rest2 != rest {
				t.Error("other sums when the exponentials are not wanted")
			}
			inPlace := slices.Clone(x)
			if top2, rest2 := SoftmaxExp(inPlace, inPlace); top2 != top || rest2 != rest || !slices.Equal(inPlace, y) {
				t.Error("other results in place")
			}
		})
	}
}

func TestSoftmaxExpOfNumbersThatAreNone(t *testing.T) {
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	for _, c := range []struct {
		x    []float32
		rest float64
	}{
		{[]float32{nan, 1, 2}, math.NaN()},
		{[]float32{1, 2, nan}, math.NaN()},
		{[]float32{1, nan, 2}, math.NaN()},
		{[]float32{1, inf, 2}, math.NaN()},
		{[]float32{inf, nan, 2}, math.NaN()},
		{[]float32{-inf, -inf, -inf}, math.NaN()},
		{[]float32{-inf, 2, -inf}, 0},
		{[]float32{math.MaxFloat32, 2, -math.MaxFloat32}, 0},
		{[]float32{4, 4, -inf}, 1},
	} {
		const l = 5
		x := make([]float32, 3*Lanes)
		for k, v := range c.x {
			x[k*Lanes+l] = v
		}
		eachBackend(t, fmt.Sprint(c.x), func(t *testing.T) {
			y := garbage(len(x))
			_, rest := SoftmaxExp(y, x)
			if rest[l] != c.rest && (rest[l] == rest[l] || c.rest == c.rest) {
				t.Errorf("the rest is %g, want %g", rest[l], c.rest)
			}
			if rest[l-1] != 2 || y[l-1] != 1 || rest[l+1] != 2 || y[l+1] != 1 {
				t.Errorf("the lanes beside it have %g of %g and %g of %g", y[l-1], rest[l-1], y[l+1], rest[l+1])
			}
		})
	}
}

// A pixel of a map has the sums of its logits alone.
func TestSoftmaxColumnIsSoftmaxExp(t *testing.T) {
	rng := rand.New(rand.NewPCG(25, 26))
	for _, pixels := range []int{1, 2, 5} {
		x := logits(rng, 7*pixels)
		for p := range pixels {
			var column []float32
			for k := range 7 {
				column = append(column, x[(k*pixels+p)*Lanes:][:Lanes]...)
			}
			wantTop, wantRest := softmaxExpGo(nil, column)
			eachBackend(t, fmt.Sprint(p, " of ", pixels), func(t *testing.T) {
				top, rest := SoftmaxColumn(x, pixels, p)
				for l := range Lanes {
					if top[l] != wantTop[l] || !(math.Abs(rest[l]-wantRest[l]) <= 1e-6*(1+wantRest[l])) {
						t.Errorf("lane %d: %g and %g, want %g and %g", l, top[l], rest[l], wantTop[l], wantRest[l])
					}
				}
			})
		}
	}
}

func TestScaleLanesEqualsTheGoLoopToTheBit(t *testing.T) {
	rng := rand.New(rand.NewPCG(23, 24))
	by := [Lanes]float32(random(rng, Lanes))
	for _, rows := range []int{0, 1, 7, 1100} {
		y := random(rng, rows*Lanes)
		want := slices.Clone(y)
		scaleLanesGo(want, by)
		eachBackend(t, fmt.Sprint(rows), func(t *testing.T) {
			got := slices.Clone(y)
			ScaleLanes(got, by)
			sameBits(t, "y", got, want)
		})
	}
}
