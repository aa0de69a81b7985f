package metric

import (
	"fmt"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/train"
)

func init() {
	Register(Kind{
		Name:    "slopes",
		Usage:   "slopes/LAYER/mean, std, p0, p5, p25, p50, p75, p95, p100: each layer's learned slopes",
		Default: true,
		New:     func(net *nn.Network) Metric { return slopes{net: net} },
	})
}

// slopes describes the learned parameter of each activation, α of PReLU or β of Swish-β, as it is
// at the end of the epoch: its mean, its standard deviation (the population's, as numpy.std) and
// percentiles, in a line between the values around them, as numpy.percentile has them.
type slopes struct {
	Base
	net *nn.Network
}

var percentiles = []int{0, 5, 25, 50, 75, 95, 100}

func (m slopes) EpochEnd(s *train.State) error {
	for _, n := range m.net.Nodes() {
		if _, ok := n.Layer.(activation.Layer); !ok || len(n.Params) == 0 {
			continue
		}
		sorted := slices.Clone(n.Params[0].Data)
		slices.Sort(sorted)
		mean, std := moments(sorted)
		s.Log("slopes/"+n.Name+"/mean", mean)
		s.Log("slopes/"+n.Name+"/std", std)
		for _, p := range percentiles {
			s.Log(fmt.Sprintf("slopes/%s/p%d", n.Name, p), Percentile(sorted, p))
		}
	}
	return nil
}

// moments are mean and standard deviation.
func moments(v []float32) (mean, std float64) {
	for _, x := range v {
		mean += float64(x) / float64(len(v))
	}
	for _, x := range v {
		d := float64(x) - mean
		std += d * d / float64(len(v))
	}
	return mean, math.Sqrt(std)
}

// Percentile is that of at least one value in rising order, p from 0 to 100: definition 7 of
// Hyndman and Fan (Sample quantiles in statistical packages, 1996).
func Percentile(sorted []float32, p int) float64 {
	at := float64(p) / 100 * float64(len(sorted)-1)
	low := int(at)
	a, b := float64(sorted[low]), float64(sorted[min(low+1, len(sorted)-1)])
	return a + (at-float64(low))*(b-a)
}
