package data

import "math"

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

// normal draws from N(0, 1) by Marsaglia and Tsang's ziggurat in Doornik's form.
func (s *stream) normal() float64 {
	bits := s.next()
	layer, u := bits%zigLayers, float64(int64(bits)>>11)*(1./(1<<52))
	if math.Abs(u) < zigInside[layer] {
		return u * zigX[layer] // in 99 of 100 draws
	}
	return s.normalAtEdge(layer, u)
}

// normalAtEdge decides about a place u in a layer that may lie outside of the density,
// and if it does draws again.
func (s *stream) normalAtEdge(layer uint64, u float64) float64 {
	if layer == 0 {
		return math.Copysign(s.normalTail(), u)
	}
	x := u * zigX[layer]
	low, high := density(zigX[layer]), density(zigX[layer+1])
	if low+float64(s.fraction()*(high-low)) < density(x) {
		return x
	}
	return s.normal()
}

// normalTail draws from the part beyond zigTail.
func (s *stream) normalTail() float64 {
	for {
		// 1 − fraction is above 0, where the logarithm is finite.
		x := -math.Log(1-s.fraction()) / zigTail
		y := -math.Log(1 - s.fraction())
		if 2*y >= x*x {
			return zigTail + x
		}
	}
}
