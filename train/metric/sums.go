package metric

import (
	"math"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train"
)

// sums are sums over the steps or samples of an epoch, by name, and how many of these there
// were. Metrics that embed it are observers and write the methods that they need.
type sums struct {
	Base
	count  float64
	names  []string
	values []float64
}

func newSums(names ...string) *sums { return &sums{names: names, values: make([]float64, len(names))} }

// EpochBegin clears the sums at the start of an epoch.
func (s *sums) EpochBegin(st *train.State) error {
	if st.Position.Step == 0 {
		s.count = 0
		clear(s.values)
	}
	return nil
}

func (*sums) Observes(*nn.Network) (outputs, gradients []string) { return nil, nil }
func (*sums) Gradients(*train.State, train.StepValues) error     { return nil }
func (*sums) Clipped(*train.State, nn.Grads) error               { return nil }

// mean is the mean of value i. A metric that came with a resume after the last step of an epoch
// has none: its count is 0.
func (s *sums) mean(i int) float64 { return s.values[i] / s.count }

func (s *sums) Memory() Memory {
	m := Memory{Numbers: []Number{{"count", &s.count}}}
	for i, name := range s.names {
		m.Numbers = append(m.Numbers, Number{name, &s.values[i]})
	}
	return m
}

// trainedParams are the parameters of a network that have gradients, and their names.
func trainedParams(net *nn.Network) (params []*nn.Param, names []string) {
	for _, p := range net.Params() {
		if p.Trained() {
			params, names = append(params, p), append(names, p.FullName())
		}
	}
	return params, names
}

// norm is the L2 norm, summed in float64 in the order of v.
func norm(v []float32) float64 {
	sum := 0.0
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	return math.Sqrt(sum)
}
