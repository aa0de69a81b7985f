package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// Loops that normalise and activate give the bits of the loops one after the other, at kinks too;
// sums are near those in float64.
func TestNormFuncsEqualTheirDefinitions(t *testing.T) {
	rng := rand.New(rand.NewPCG(71, 72))
	n, r := NormAct{0.5, 2, -1, 0.25}, NormRates{0.5, 1.7, -0.4, 0.05}
	for _, pixels := range []int{1, 3, 4, 5, 127, 128, 130, actPixelsAndMore} {
		x, dy := make([]float32, pixels*Lanes), random(rng, pixels*Lanes)
		for i := range x {
			x[i] = float32(rng.IntN(33)-16) / 8 // 1 gives z = 0
		}
		for f, loops := range map[NormFunc]act{
			NormRelu:      {reluForwardGo, func(dx, dy, x, a, _ []float32) { reluBackwardGo(dx, dy, x, a) }},
			NormSlope:     goActs.slope,
			NormSlopeFlat: goActs.slopeFlat,
		} {
			z, y, dz, dx := make([]float32, len(x)), make([]float32, len(x)), make([]float32, len(x)), make([]float32, len(x))
			affineGo(z, x, n.Mean, n.Scale, n.Shift)
			loops.forward(y, z, []float32{n.Slope})
			loops.backward(dz, dy, z, []float32{n.Slope}, nil)
			normGradGo(dx, dz, x, r)
			var total, product, slope, size float64
			for i, g := range dz {
				total += float64(g)
				product += float64(g) * (float64(x[i]) - float64(n.Mean))
				if f != NormRelu {
					slope += float64(dy[i]) * math.Min(float64(z[i]), 0)
				}
				size += math.Abs(float64(dy[i])) * 4
			}
			eachBackend(t, fmt.Sprint(pixels, " pixels, function ", f), func(t *testing.T) {
				gotY, gotDX := garbage(len(x)), slices.Clone(dy)
				f.Forward(gotY, x, n)
				gotTotal, gotProduct := f.Sums(dy, x, n)
				gotSlope := f.Backward(gotDX, gotDX, x, n, r)
				if !slices.Equal(gotY, y) || !slices.Equal(gotDX, dx) {
					t.Error("other bits than the loops one after the other")
				}
				for what, v := range map[string][2]float64{"sum": {gotTotal, total}, "product": {gotProduct, product}, "slope": {gotSlope, slope}} {
					if math.Abs(v[0]-v[1]) > 1e-6*size {
						t.Errorf("%s is %.9g, want %.9g", what, v[0], v[1])
					}
				}
			})
		}
	}
}

// The variance in one pass is right although the mean is far from zero, and the first pixels are
// unlike the others.
func TestMomentsAreAccurate(t *testing.T) {
	rng := rand.New(rand.NewPCG(73, 74))
	for _, mean := range []float64{0, 3, -1000} {
		for _, first := range []float64{0, 5} {
			x := make([]float32, 1000*Lanes)
			for i := range x {
				x[i] = float32(mean + rng.NormFloat64())
				if i < 64*Lanes {
					x[i] += float32(first)
				}
			}
			var sum, squares float64
			for _, v := range x {
				sum += float64(v) / float64(len(x))
			}
			for _, v := range x {
				squares += (float64(v) - sum) * (float64(v) - sum)
			}
			eachBackend(t, fmt.Sprintf("mean %g, first %g", mean, first), func(t *testing.T) {
				gotMean, gotSquares := Moments(x, Lanes)
				if math.Abs(gotMean-sum) > 1e-7*(1+math.Abs(mean)) || math.Abs(gotSquares-squares) > 1e-6*squares {
					t.Errorf("mean %.9g and squares %.9g, want %.9g and %.9g", gotMean, gotSquares, sum, squares)
				}
			})
		}
	}
}
