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
type SGD struct{ base }

// NewSGD makes the optimizer from LR, Semantics, Momentum, Nesterov and the weight decay
// of c. Its errors are those of New.
func NewSGD(params []*nn.Param, c Config) (*SGD, error) { return newNamed[*SGD]("sgd", params, c) }

func newSGD(b base) Optimizer {
	switch {
	case b.config.Momentum == 0:
	case b.config.Semantics == nn.Keras:
		b.remember(0, "momentum")
	default:
		b.remember(0, "momentum_buffer")
	}
	return &SGD{b}
}

func (s *SGD) Step(grads nn.Grads) error { return s.step(grads, s.update) }

func (s *SGD) update(i int, w, g []float32, lr float64) {
	rates := kernel.SGDRates{Rate: float32(lr), Momentum: float32(s.config.Momentum), Nesterov: s.config.Nesterov}
	switch {
	case s.config.Momentum == 0:
		kernel.SGD(w, g, rates.Rate)
	case s.config.Semantics == nn.Keras:
		kernel.SGDKeras(w, g, s.moment(0, i), rates)
	default:
		kernel.SGDPyTorch(w, g, s.moment(0, i), rates)
	}
}
