package metric

import (
	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train"
)

func init() {
	Register(Kind{
		Name:  "grad-norm",
		Usage: "grad_norm/LAYER.PARAM: L2 norm of each parameter's gradient before clipping, mean over the steps",
		New:   newGradNorm,
	})
}

// gradNorm shows gradients that vanish or explode: for each trained parameter the L2 norm of the
// gradient of the batch's mean loss, before clipping, as the mean over the epoch's steps.
type gradNorm struct {
	Base
	params []*nn.Param
	norms  *sums
}

func newGradNorm(net *nn.Network) Metric {
	params, names := trainedParams(net)
	return &gradNorm{params: params, norms: newSums(names...)}
}

func (m *gradNorm) Memory() Memory { return m.norms.memory() }

func (m *gradNorm) Observes(*nn.Network) (outputs, gradients []string) { return nil, nil }

func (m *gradNorm) EpochBegin(s *train.State) error {
	m.norms.begin(s)
	return nil
}

func (m *gradNorm) Gradients(_ *train.State, step train.StepValues) error {
	m.norms.count++
	for i, p := range m.params {
		m.norms.values[i] += norm(step.Grads[p])
	}
	return nil
}

func (m *gradNorm) Clipped(*train.State, nn.Grads) error { return nil }

func (m *gradNorm) EpochEnd(s *train.State) error {
	if m.norms.count == 0 {
		return nil
	}
	for i, name := range m.norms.names {
		s.Log("grad_norm/"+name, m.norms.mean(i))
	}
	return nil
}
