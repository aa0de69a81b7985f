package study

import "github.com/gonn-toolkit/gonn/train/plot"

// categories leaves room at both ends of axes with names.
func categories(panels ...*plot.Panel) {
	for _, p := range panels {
		p.X.Limits = &[2]float64{-0.4, float64(len(p.X.Names)) - 0.6}
	}
}

// shifted are numbers moved aside, for points that would lie on each other.
func shifted(x []float64, by float64) []float64 {
	moved := make([]float64, len(x))
	for i, v := range x {
		moved[i] = v + by
	}
	return moved
}
