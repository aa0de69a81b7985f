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
	*sums  // of norms
	params []*nn.Param
}

func newGradNorm(net *nn.Network) Metric {
	params, names := trainedParams(net)
	return &gradNorm{newSums(names...), params}
}

func (m *gradNorm) Gradients(_ *train.State, step train.StepValues) error {
	m.count++
	for i, p := range m.params {
		m.values[i] += norm(step.Grads[p])
	}
	return nil
}

func (m *gradNorm) EpochEnd(s *train.State) error {
	if m.count == 0 {
		return nil
	}
	for i, name := range m.names {
		s.Log("grad_norm/"+name, m.mean(i))
	}
	return nil
}
