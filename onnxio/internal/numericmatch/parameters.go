package numericmatch

import (
	"maps"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/internal/elementwise"
)

// parameters read the parameter of a function off its values. A function without an entry
// has none, or is found by its spellings alone.
var parameters = map[string]func(f func(x float64) []float64) []float64{
	"leaky":       func(f func(float64) []float64) []float64 { return scaledBy(f(-1), -1) },
	"prelu":       func(f func(float64) []float64) []float64 { return scaledBy(f(-1), -1) },
	"elu":         func(f func(float64) []float64) []float64 { return scaledBy(f(-20), 1/math.Expm1(-20)) },
	"celu":        func(f func(float64) []float64) []float64 { return scaledBy(f(-1e4), -1) },
	"hardsigmoid": func(f func(float64) []float64) []float64 { return scaledBy(minus(f(1.0/1024), 0.5), 1024) },
	"softplus": func(f func(float64) []float64) []float64 {
		return elementwise.Map(f(0), func(y float64) float64 { return math.Ln2 / y })
	},
	"relu6":            func(f func(float64) []float64) []float64 { return f(2e6) },
	"thresholded-relu": thresholdOf,
	"swish":            betaOf,
	"swish-beta":       betaOf,
}

// betaOf solves f(x)/x = σ(βx), next to 0 where σ is not flat even for a large β.
func betaOf(f func(x float64) []float64) []float64 {
	const x = 1.0 / 64
	return elementwise.Map(f(x), func(y float64) float64 { return math.Log(y/(x-y)) / x })
}

// thresholdOf finds, by halving, where f(x) stops to be 0.
func thresholdOf(f func(x float64) []float64) []float64 {
	below, above := -2.1e6, 2e6
	for range 100 {
		y := f((below + above) / 2)
		if y == nil {
			return nil
		}
		if middle := (below + above) / 2; y[0] != 0 {
			above = middle
		} else {
			below = middle
		}
	}
	return []float64{below}
}

func scaledBy(v []float64, s float64) []float64 {
	return elementwise.Map(v, func(x float64) float64 { return x * s })
}
func minus(v []float64, c float64) []float64 {
	return elementwise.Map(v, func(x float64) float64 { return x - c })
}

// snapped are the values of a constant of the part, or a simple multiple of them, if they
// are next to those that were read off: the file's own are exact.
func (b *evaluation) snapped(read []float32) []float32 {
	for _, name := range slices.Sorted(maps.Keys(b.constants)) {
		c := b.constants[name]
		if len(c.values) != len(read) {
			continue
		}
		for _, times := range []float64{1, -1, 2, -2, 0.5} {
			v := make([]float32, len(read))
			near := true
			for i := 0; near && i < len(v); i++ {
				v[i] = float32(times * c.values[i])
				d := math.Abs(float64(v[i] - read[i]))
				near = d <= math.MaxFloat32 && d <= 1e-4*math.Abs(float64(read[i]))
			}
			if near {
				return v
			}
		}
	}
	return read
}

func allEqual(v []float32) bool {
	return !slices.ContainsFunc(v, func(x float32) bool { return x != v[0] })
}
