// Package report turns networks and runs into what people read: statistics of
// learned slopes, small histograms.
package report

import (
	"math"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
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

	Mean, Std, Min, Max float64
	Below               float64 // share of values below 0
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
	s.Min, s.Max = math.Inf(1), math.Inf(-1)
	n := float64(len(s.Values))
	for _, v := range s.Values {
		x := float64(v)
		s.Mean += x / n
		s.Min, s.Max = min(s.Min, x), max(s.Max, x)
		if x < 0 {
			s.Below += 1 / n
		}
	}
	for _, v := range s.Values {
		d := float64(v) - s.Mean
		s.Std += d * d / n
	}
	s.Std = math.Sqrt(s.Std)
}
