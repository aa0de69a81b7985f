package gorgonia

import "errors"

// leaky is max(x, 0) − α·max(−x, 0): onnx-go's own LeakyRelu writes into its input, is
// taken for one of another α on the same input, and cannot be differentiated.
func leaky(s *site) error {
	alpha, err := s.node.Float("alpha", 0.01)
	if err != nil {
		return err
	}
	s.sloped(s.number(alpha))
	return nil
}

// prelu is leaky with a tensor.
func prelu(s *site) error {
	alpha, err := s.constant(1, s.shape(0))
	if err != nil {
		return err
	}
	s.sloped(alpha)
	return nil
}

func (s *site) sloped(alpha string) {
	s.result("Sub", []string{s.op("Relu", s.x(0)), s.op("Mul", s.belowZero(), alpha)})
}

// belowZero is max(−x, 0).
func (s *site) belowZero() string { return s.op("Relu", s.op("Neg", s.x(0))) }

// elu is max(x, 0) + α·(exp(min(x, 0)) − 1).
func elu(s *site) error {
	alpha, err := s.node.Float("alpha", 1)
	if err != nil {
		return err
	}
	s.result("Add", []string{s.op("Relu", s.x(0)), s.exponential(1, alpha)})
	return nil
}

// selu is γ times an elu.
func selu(s *site) error {
	alpha, err1 := s.node.Float("alpha", 1.67326319217681884765625)
	gamma, err2 := s.node.Float("gamma", 1.05070102214813232421875)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	y := s.op("Add", s.op("Relu", s.x(0)), s.exponential(1, alpha))
	s.result("Mul", []string{y, s.number(gamma)})
	return nil
}

// celu is max(x, 0) + α·(exp(min(x, 0)/α) − 1).
func celu(s *site) error {
	alpha, err := s.node.Float("alpha", 1)
	if err != nil {
		return err
	}
	s.result("Add", []string{s.op("Relu", s.x(0)), s.exponential(alpha, alpha)})
	return nil
}

// exponential is α·(exp(min(x, 0)/scale) − 1).
func (s *site) exponential(scale, alpha float32) string {
	low := s.op("Neg", s.belowZero())
	if scale != 1 {
		low = s.op("Div", low, s.number(scale))
	}
	return s.op("Mul", s.op("Sub", s.op("Exp", low), s.number(1)), s.number(alpha))
}

// hardSigmoid is αx + β held between 0 and 1.
func hardSigmoid(s *site) error {
	alpha, err1 := s.node.Float("alpha", 0.2)
	beta, err2 := s.node.Float("beta", 0.5)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	s.result("Sub", s.ramp(alpha, beta))
	return nil
}

// hardSwish is x times a hardSigmoid of α = 1/6.
func hardSwish(s *site) error {
	s.result("Mul", []string{s.x(0), s.op("Sub", s.ramp(1.0/6, 0.5)...)})
	return nil
}

// ramp gives two values whose difference is αx + β held between 0 and 1.
func (s *site) ramp(alpha, beta float32) []string {
	z := s.op("Add", s.op("Mul", s.x(0), s.number(alpha)), s.number(beta))
	return []string{s.op("Relu", z), s.op("Relu", s.op("Sub", z, s.number(1)))}
}

// clip is x held between two constants: lo + max(x − lo, 0) − max(x − hi, 0).
func clip(s *site) error {
	if len(s.node.Inputs) != 3 || s.constants[s.x(1)] == nil || s.constants[s.x(2)] == nil {
		return errors.New("it needs two constant bounds here")
	}
	lo, err1 := s.constant(1, s.shape(0))
	hi, err2 := s.constant(2, s.shape(0))
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	above := s.op("Relu", s.op("Sub", s.x(0), lo))
	beyond := s.op("Relu", s.op("Sub", s.x(0), hi))
	s.result("Add", []string{s.op("Sub", above, beyond), lo})
	return nil
}

// softsign is x / (1 + |x|).
func softsign(s *site) error {
	s.result("Div", []string{s.x(0), s.op("Add", s.op("Abs", s.x(0)), s.number(1))})
	return nil
}
