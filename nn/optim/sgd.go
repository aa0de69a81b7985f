package optim

import (
	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
)

// SGD is gradient descent with momentum μ (0 for none), with or without Nesterov's
// look-ahead:
//
//	PyTorch  b = μ·b + g        w −= lr·b    (Nesterov: w −= lr·(g + μ·b))
//	Keras    v = μ·v − lr·g     w += v       (Nesterov: w += μ·v − lr·g)
//
// The two are the same as long as lr is constant. The default learning rate is
// PyTorch's 0.001 and Keras's 0.01.
type SGD struct {
	base
	semantics nn.Semantics
	momentum  float32
	nesterov  bool
}

// NewSGD makes the optimizer from LR, Semantics, Momentum and Nesterov of c.
func NewSGD(params []*nn.Param, c Config) *SGD {
	lr, moment := 1e-3, "momentum_buffer"
	if c.Semantics == nn.Keras {
		lr, moment = 1e-2, "momentum"
	}
	var moments []string
	if c.Momentum != 0 {
		moments = []string{moment}
	}
	return &SGD{newBase(params, c.LR, lr, moments...), c.Semantics, float32(c.Momentum), c.Nesterov}
}

func (*SGD) Name() string { return "sgd" }

func (s *SGD) Step(grads [][]float32) {
	s.state.Steps++
	rates := kernel.SGDRates{Rate: float32(s.lr), Momentum: s.momentum, Nesterov: s.nesterov}
	for i, p := range s.params {
		switch {
		case s.momentum == 0:
			kernel.SGD(p.Data, grads[i], rates.Rate)
		case s.semantics == nn.Keras:
			kernel.SGDKeras(p.Data, grads[i], s.state.Moments[0].Values[i], rates)
		default:
			kernel.SGDPyTorch(p.Data, grads[i], s.state.Moments[0].Values[i], rates)
		}
	}
}
