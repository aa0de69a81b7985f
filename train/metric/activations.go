package metric

import (
	"math"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/train"
)

func init() {
	Register(Kind{
		Name:  "activations",
		Usage: "activations/LAYER/mean, std: outputs of each activation layer, over units and samples",
		New:   newActivations,
	})
}

// activations describes the outputs of each activation layer: their mean and standard deviation
// (the population's) over all units and the epoch's samples, as training saw them.
type activations struct {
	*sums  // of outputs and of their squares; a layer's are at 2·i
	layers []string
	sizes  []float64
}

func newActivations(net *nn.Network) Metric {
	m := &activations{}
	var names []string
	for _, n := range net.Nodes() {
		if _, ok := n.Layer.(activation.Layer); ok {
			m.layers = append(m.layers, n.Name)
			m.sizes = append(m.sizes, float64(n.Shape.Size()))
			names = append(names, "outputs of "+n.Name, "squares of "+n.Name)
		}
	}
	m.sums = newSums(names...)
	return m
}

func (m *activations) Observes(*nn.Network) (outputs, gradients []string) { return m.layers, nil }

func (m *activations) Gradients(_ *train.State, step train.StepValues) error {
	m.count += float64(len(step.Batch))
	for i, name := range m.layers {
		var sum, squares float64
		for _, v := range step.Outputs[name].Data {
			sum += float64(v)
			squares += float64(v) * float64(v)
		}
		m.values[2*i] += sum / m.sizes[i]
		m.values[2*i+1] += squares / m.sizes[i]
	}
	return nil
}

func (m *activations) EpochEnd(s *train.State) error {
	if m.count == 0 {
		return nil
	}
	for i, name := range m.layers {
		mean := m.mean(2 * i)
		s.Log("activations/"+name+"/mean", mean)
		s.Log("activations/"+name+"/std", math.Sqrt(max(m.mean(2*i+1)-mean*mean, 0)))
	}
	return nil
}
