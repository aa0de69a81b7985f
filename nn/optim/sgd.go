package optim

import "github.com/gonn-toolkit/gonn/nn"

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
	lr := float32(s.lr)
	for i, p := range s.params {
		switch {
		case s.momentum == 0:
			plainUpdate(p.Data, grads[i], lr)
		case s.semantics == nn.Keras:
			s.kerasUpdate(p.Data, grads[i], s.state.Moments[0].Values[i], lr)
		default:
			s.pytorchUpdate(p.Data, grads[i], s.state.Moments[0].Values[i], lr)
		}
	}
}

func plainUpdate(w, g []float32, lr float32) {
	for i := range w {
		w[i] -= float32(lr * g[i])
	}
}

func (s *SGD) pytorchUpdate(w, g, b []float32, lr float32) {
	for i := range w {
		b[i] = float32(s.momentum*b[i]) + g[i]
		d := b[i]
		if s.nesterov {
			d = g[i] + float32(s.momentum*b[i])
		}
		w[i] -= float32(lr * d)
	}
}

func (s *SGD) kerasUpdate(w, g, v []float32, lr float32) {
	for i := range w {
		v[i] = float32(s.momentum*v[i]) - float32(lr*g[i])
		d := v[i]
		if s.nesterov {
			d = float32(s.momentum*v[i]) - float32(lr*g[i])
		}
		w[i] += d
	}
}
