package study

import (
	"math"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train/stats"
)

// normOf is the Euclidean norm. A sum beyond float64's range gives its largest number.
func normOf(v []float32) float64 {
	sum := 0.0
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	return min(math.Sqrt(sum), math.MaxFloat64)
}

// zerosOf are the share of values of (N, units) that are 0, and of units that are for all N.
func zerosOf(y *nn.Tensor) (zeros, dead float64) {
	units := len(y.Data) / y.Shape[0]
	alive := make([]bool, units)
	for i, v := range y.Data {
		if v == 0 {
			zeros++
		} else {
			alive[i%units] = true
		}
	}
	for _, a := range alive {
		if !a {
			dead++
		}
	}
	return zeros / float64(len(y.Data)), dead / float64(units)
}

// byLayer are means over several networks.
func byLayer(list []deepStart, of func(deepStart) []float64) (mean []float64) {
	for layer := range of(list[0]) {
		var x []float64
		for _, d := range list {
			x = append(x, of(d)[layer])
		}
		mean = append(mean, stats.Mean(x))
	}
	return mean
}

func gradients(d deepStart) []float64 { return d.Gradients }

func zeros(d deepStart) []float64 { return d.Zeros }

// fading is the gradient norm of the first layer by that of the last.
func (d deepStart) fading() float64 { return d.Gradients[0] / d.Gradients[len(d.Gradients)-1] }
