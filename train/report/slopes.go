// Package report turns networks and runs into what people read: statistics of
// learned slopes, small histograms.
package report

import (
	"math"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/nonfinite"
)

// Slopes are the values of one layer's learned parameter, α of PReLU or β of
// Swish-β, in C, H, W order.
type Slopes struct {
	Layer   string
	Kind    string // of the activation: "prelu"
	Param   string // "alpha"
	Sharing string // "one", "channel", "element" or a shape
	Shape   nn.Shape
	Values  []float32

	// Of the values that are finite; NaN if none is.
	Mean, Std, Min, Max float64
	Below               float64 // share of values below 0
	NotFinite           int     // number of values that are NaN or infinite
}

// SlopesOf lists the activations of a network that learn a parameter. Std is the
// population's (divided by n, as numpy.std).
func SlopesOf(net *nn.Network) []Slopes {
	var all []Slopes
	for _, n := range net.Nodes() {
		act, ok := n.Layer.(activation.Layer)
		if !ok || len(n.Params) == 0 {
			continue
		}
		p := n.Params[0]
		s := Slopes{
			Layer: n.Name, Kind: act.Kind(), Param: p.Name, Sharing: act.Sharing.String(),
			Shape: p.Shape, Values: p.Data,
		}
		s.summarise()
		all = append(all, s)
	}
	return all
}

func (s *Slopes) summarise() {
	s.NotFinite, _ = nonfinite.Count(s.Values)
	n := float64(len(s.Values) - s.NotFinite)
	if n == 0 {
		nan := math.NaN()
		s.Mean, s.Std, s.Min, s.Max, s.Below = nan, nan, nan, nan, nan
		return
	}
	s.Min, s.Max = math.Inf(1), math.Inf(-1)
	for x := range s.finite {
		s.Mean += x / n
		s.Min, s.Max = min(s.Min, x), max(s.Max, x)
		if x < 0 {
			s.Below += 1 / n
		}
	}
	for x := range s.finite {
		d := x - s.Mean
		s.Std += d * d / n
	}
	s.Std = math.Sqrt(s.Std)
}

// finite yields the values that are finite.
func (s *Slopes) finite(yield func(float64) bool) {
	for _, v := range s.Values {
		if v-v == 0 && !yield(float64(v)) {
			return
		}
	}
}
