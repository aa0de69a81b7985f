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
	*sums  // of ‖Δw‖ for each parameter, then of ‖w‖
	params []*nn.Param
	before [][]float32 // the parameters before the step at hand, once there was one
}

func newUpdateRatio(net *nn.Network) Metric {
	params, names := trainedParams(net)
	var norms []string
	for _, of := range []string{"updates of ", "norm of "} {
		for _, name := range names {
			norms = append(norms, of+name)
		}
	}
	return &updateRatio{newSums(norms...), params, make([][]float32, len(params))}
}

// Clipped comes right before the update.
func (m *updateRatio) Clipped(*train.State, nn.Grads) error {
	for i, p := range m.params {
		m.before[i] = append(m.before[i][:0], p.Data...)
	}
	return nil
}

func (m *updateRatio) BatchEnd(*train.State) error {
	m.count++
	for i, p := range m.params {
		m.values[len(m.params)+i] += norm(m.before[i])
		for k, v := range p.Data {
			m.before[i][k] = v - m.before[i][k]
		}
		m.values[i] += norm(m.before[i])
	}
	return nil
}

func (m *updateRatio) EpochEnd(s *train.State) error {
	for i, p := range m.params {
		if size := m.values[len(m.params)+i]; size > 0 {
			s.Log("update_ratio/"+p.FullName(), m.values[i]/size)
		}
	}
	return nil
}
