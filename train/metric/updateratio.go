package metric

import (
	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train"
)

func init() {
	Register(Kind{
		Name:  "update-ratio",
		Usage: "update_ratio/LAYER.PARAM: norm of each parameter's updates over its own norm",
		New:   newUpdateRatio,
	})
}

// updateRatio compares the sizes of updates and parameters: for each trained parameter w the sum
// of ‖Δw‖ over the epoch's steps, divided by that of ‖w‖ before each (L2 norms). Single steps
// have no ratio where w is still 0, as biases and slopes are at their start; the sums have one
// after any update but the very first. An epoch whose sum of ‖w‖ is 0 has no value.
type updateRatio struct {
	Base
	params  []*nn.Param
	before  [][]float32 // the parameters before the step at hand, once there was one
	changes *sums       // of ‖Δw‖ for each parameter, then of ‖w‖
}

func newUpdateRatio(net *nn.Network) Metric {
	params, names := trainedParams(net)
	m := &updateRatio{params: params, before: make([][]float32, len(params))}
	var sums []string
	for _, kind := range []string{"updates of ", "norm of "} {
		for _, name := range names {
			sums = append(sums, kind+name)
		}
	}
	m.changes = newSums(sums...)
	return m
}

func (m *updateRatio) Memory() Memory { return m.changes.memory() }

func (m *updateRatio) Observes(*nn.Network) (outputs, gradients []string) { return nil, nil }

func (m *updateRatio) EpochBegin(s *train.State) error {
	m.changes.begin(s)
	return nil
}

func (m *updateRatio) Gradients(*train.State, train.StepValues) error { return nil }

// Clipped comes right before the update.
func (m *updateRatio) Clipped(*train.State, nn.Grads) error {
	for i, p := range m.params {
		m.before[i] = append(m.before[i][:0], p.Data...)
	}
	return nil
}

func (m *updateRatio) BatchEnd(*train.State) error {
	m.changes.count++
	for i, p := range m.params {
		m.changes.values[len(m.params)+i] += norm(m.before[i])
		for k, v := range p.Data {
			m.before[i][k] = v - m.before[i][k]
		}
		m.changes.values[i] += norm(m.before[i])
	}
	return nil
}

func (m *updateRatio) EpochEnd(s *train.State) error {
	for i, p := range m.params {
		if size := m.changes.values[len(m.params)+i]; size > 0 {
			s.Log("update_ratio/"+p.FullName(), m.changes.values[i]/size)
		}
	}
	return nil
}
