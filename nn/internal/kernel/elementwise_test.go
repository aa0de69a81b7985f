package kernel

import (
	"math/rand/v2"
	"testing"
)

func TestJoinsEqualPlainLoops(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 9))
	for _, area := range []int{1, 2, 7} {
		const pixels = 3
		a, c, b := random(rng, pixels*area*Lanes), random(rng, pixels*area*Lanes), random(rng, pixels*Lanes)
		sum, product, sums, dots := garbage(len(a)), garbage(len(a)), garbage(len(b)), garbage(len(b))
		AddMaps(sum, a, b, area)
		MulMaps(product, a, b, area)
		SumMaps(sums, a, area)
		SumProducts(dots, a, c, area)
		wantSums, wantDots := newSums(len(b)), newSums(len(b))
		for i, v := range a {
			k := i/Lanes/area*Lanes + i%Lanes
			if sum[i] != v+b[k] || product[i] != v*b[k] {
				t.Fatalf("area %d: element %d is %g and %g, want %g and %g", area, i, sum[i], product[i], v+b[k], v*b[k])
			}
			wantSums.add(k, v, 1)
			wantDots.add(k, v, c[i])
		}
		wantSums.check(t, "sums", sums)
		wantDots.check(t, "sums of products", dots)
		inPlace := append([]float32(nil), a...)
		AddMaps(inPlace, inPlace, b, area)
		for i := range sum {
			if inPlace[i] != sum[i] {
				t.Fatalf("area %d: in place element %d is %g, want %g", area, i, inPlace[i], sum[i])
			}
		}
	}
}
