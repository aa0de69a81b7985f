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

// NewSGD makes the optimizer from LR, Semantics, Momentum, Nesterov and the weight decay
// of c. Its errors are those of New.
func NewSGD(params []*nn.Param, c Config) (*SGD, error) { return newNamed[*SGD]("sgd", params, c) }

func newSGD(params []*nn.Param, c Config) Optimizer {
	var moments []string
	switch {
	case c.Momentum != 0 && c.Semantics == nn.Keras:
		moments = []string{"momentum"}
	case c.Momentum != 0:
		moments = []string{"momentum_buffer"}
	}
	return &SGD{newBase(params, c, moments...), c.Semantics, float32(c.Momentum), c.Nesterov}
}

func (*SGD) Name() string { return "sgd" }

func (s *SGD) Step(grads nn.Grads) error {
	if err := s.begin(grads); err != nil {
		return err
	}
	rates := kernel.SGDRates{Rate: float32(s.lr), Momentum: s.momentum, Nesterov: s.nesterov}
	s.each(grads, func(i int, w, g []float32) {
		switch {
		case s.momentum == 0:
			kernel.SGD(w, g, rates.Rate)
		case s.semantics == nn.Keras:
			kernel.SGDKeras(w, g, s.moment(0, i), rates)
		default:
			kernel.SGDPyTorch(w, g, s.moment(0, i), rates)
		}
	})
	return nil
}
