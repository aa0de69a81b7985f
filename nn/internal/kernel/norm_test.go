package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// The elementwise loops give the bits of the Go loops on every backend; sums are near those
// in float64, of the lanes that count.
func TestNormLoopsEqualTheirDefinitions(t *testing.T) {
	rng := rand.New(rand.NewPCG(61, 62))
	for _, pixels := range []int{1, 3, 63, 64, 65, 130, actPixelsAndMore} {
		n := pixels * Lanes
		x, dy := random(rng, n), random(rng, n)
		mean, r := float32(rng.NormFloat64()), NormRates{0.3, 1.7, -0.4, 0.05}
		wantY, wantDX := make([]float32, n), make([]float32, n)
		affineGo(wantY, x, mean, 1.3, -0.2)
		normGradGo(wantDX, dy, x, r)
		for _, lanes := range []int{1, 5, Lanes} {
			var sum, squares, total, product, size float64
			for i, v := range x {
				d := float64(v) - float64(mean)
				total += float64(dy[i])
				product += float64(dy[i]) * d
				size += math.Abs(float64(dy[i])) + math.Abs(float64(dy[i])*d)
				if i%Lanes < lanes {
					sum += float64(v)
					squares += d * d
				}
			}
			eachBackend(t, fmt.Sprint(pixels, " pixels, lanes ", lanes), func(t *testing.T) {
				y, dx := garbage(n), garbage(n)
				Affine(y, x, mean, 1.3, -0.2)
				NormGrad(dx, dy, x, r)
				if !slices.Equal(y, wantY) || !slices.Equal(dx, wantDX) {
					t.Error("other bits than the Go loops")
				}
				near := func(what string, got, want, size float64) {
					if math.Abs(got-want) > 4e-6*size {
						t.Errorf("%s is %.9g, want %.9g", what, got, want)
					}
				}
				count := float64(pixels * lanes)
				gotMean, gotSquares := Moments(x, lanes)
				near("mean", gotMean, sum/count, 1)
				near("squares", gotSquares, squares+2*(float64(mean)*sum)-float64(mean)*float64(mean)*count-sum*sum/count, squares)
				gotTotal, gotProduct := SumProduct(dy, x, mean)
				near("sum of dy", gotTotal, total, size)
				near("product", gotProduct, product, size)

				// ChainProduct is SumProduct of the products, to the bit.
				dz := slices.Clone(y)
				for i := range dz {
					dz[i] *= dy[i]
				}
				wantTotal, wantProduct := SumProduct(dz, x, mean)
				if total, product := ChainProduct(y, dy, x, mean); !slices.Equal(y, dz) || total != wantTotal || product != wantProduct {
					t.Errorf("ChainProduct gives %v and %v, want %v and %v", total, product, wantTotal, wantProduct)
				}
			})
		}
	}
}

func BenchmarkNorm(b *testing.B) {
	const n = 28 * 28 * Lanes
	x, dy, y := make([]float32, n), make([]float32, n), make([]float32, n)
	for name, run := range map[string]func(){
		"affine":      func() { Affine(y, x, 0.1, 1.1, 0.2) },
		"gradient":    func() { NormGrad(y, dy, x, NormRates{0.1, 1.1, 0.1, 0}) },
		"moments":     func() { Moments(x, Lanes) },
		"sum product": func() { SumProduct(dy, x, 0.1) },
	} {
		for _, backend := range realBackends() {
			b.Run(name+"/"+backend, func(b *testing.B) {
				restore, err := Use(backend)
				if err != nil {
					b.Fatal(err)
				}
				defer restore()
				b.SetBytes(4 * n)
				for b.Loop() {
					run()
				}
			})
		}
	}
}
