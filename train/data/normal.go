package data

import (
	"math"
	"math/rand/v2"
)

// The ziggurat covers the normal density exp(−x²/2) with zigLayers layers of the same
// area zigArea; the lowest one ends in the tail beyond zigTail.
const (
	zigLayers = 128
	zigTail   = 3.442619855899
	zigArea   = 9.91256303526217e-3
)

// zigX are the right ends of the layers, from the lowest up; zigInside is how much of
// a layer lies wholly below the density.
var zigX, zigInside = func() (x [zigLayers + 1]float64, inside [zigLayers]float64) {
	x[0], x[1] = zigArea/density(zigTail), zigTail
	for i := 2; i < zigLayers; i++ {
		x[i] = math.Sqrt(-2 * math.Log(zigArea/x[i-1]+density(x[i-1])))
	}
	for i := range inside {
		inside[i] = x[i+1] / x[i]
	}
	return x, inside
}()

func density(x float64) float64 { return math.Exp(-0.5 * x * x) }

// normal draws from N(0, 1) by Marsaglia and Tsang's ziggurat in Doornik's form. It
// is written out here so that no change of the library's can change a run.
func normal(rng *rand.PCG) float64 {
	for {
		bits := rng.Uint64()
		layer := bits % zigLayers
		u := float64(bits>>11)/(1<<52) - 1
		x := u * zigX[layer]
		if math.Abs(u) < zigInside[layer] {
			return x
		}
		if layer == 0 {
			return math.Copysign(normalTail(rng), u)
		}
		low, high := density(zigX[layer]), density(zigX[layer+1])
		if low+float64(fraction(rng)*(high-low)) < density(x) {
			return x
		}
	}
}

// normalTail draws from the part beyond zigTail.
func normalTail(rng *rand.PCG) float64 {
	for {
		// 1 − fraction is above 0, where the logarithm is finite.
		x := -math.Log(1-fraction(rng)) / zigTail
		y := -math.Log(1 - fraction(rng))
		if 2*y >= x*x {
			return zigTail + x
		}
	}
}
