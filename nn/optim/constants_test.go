package optim

import (
	"math"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

// One step from a gradient of 0.5 with constants that are not the defaults, by the formulas.
func TestConstantsAreUsed(t *testing.T) {
	const g, lr = 0.5, 0.1
	for _, c := range []struct {
		name string
		s    nn.Semantics
		k    Constants
		want float64
	}{
		{"adam", nn.PyTorch, Constants{Beta1: new(0.5), Beta2: new(0.9), Epsilon: new(0.25)}, lr * g / (g + 0.25)},
		{"adam", nn.Keras, Constants{Beta1: new(0.5), Beta2: new(0.9), Epsilon: new(0.25)}, lr * math.Sqrt(0.1) * g / (g*math.Sqrt(0.1) + 0.25)},
		{"rmsprop", nn.PyTorch, Constants{Rho: new(0.75), Epsilon: new(0.25)}, lr * g / (0.5*g + 0.25)},
		{"rmsprop", nn.Keras, Constants{Rho: new(0.75), Epsilon: new(0.25)}, lr * g / math.Sqrt(0.25*g*g+0.25)},
		{"adagrad", nn.PyTorch, Constants{Epsilon: new(0.25), Start: new(2.0)}, lr * g / (1.5 + 0.25)},
		{"adagrad", nn.Keras, Constants{Epsilon: new(0.25), Start: new(2.0)}, lr * g / math.Sqrt(2+g*g+0.25)},
	} {
		p := param(1)
		p.Data[0] = 1
		o := newOptimizer(t, Config{Name: c.name, Semantics: c.s, LR: lr, Constants: c.k}, p)
		if err := o.Step(nn.Grads{p: {g}}); err != nil {
			t.Fatal(err)
		}
		if got := 1 - float64(p.Data[0]); math.Abs(got-c.want) > 1e-6 {
			t.Errorf("%s, %v: a step of %g, want %g", c.name, c.s, got, c.want)
		}
	}
}

// 0 is a constant like others: PyTorch and Keras take it too. The second step is from a gradient
// much smaller than the first one.
func TestConstantsMayBeZero(t *testing.T) {
	const g1, g2, lr = 1e3, 0x1p-14, 0.125
	correction := 1 - 0.999*0.999
	for _, c := range []struct {
		name string
		s    nn.Semantics
		k    Constants
		want float64 // the second step
	}{
		{"adam", nn.PyTorch, Constants{Beta1: new(0.0)}, lr * g2 / (math.Sqrt(0.001*(0.999*g1*g1+g2*g2)/correction) + 1e-8)},
		{"adam", nn.PyTorch, Constants{Beta1: new(0.0), Beta2: new(0.0)}, lr * g2 / (g2 + 1e-8)},
		{"adam", nn.PyTorch, Constants{Beta1: new(0.0), Beta2: new(0.0), Epsilon: new(0.0)}, lr},
		{"adam", nn.Keras, Constants{Beta1: new(0.0), Beta2: new(0.5)}, lr * math.Sqrt(0.75) * g2 / math.Sqrt(0.25*g1*g1+0.5*g2*g2)},
		{"rmsprop", nn.PyTorch, Constants{Rho: new(0.0)}, lr * g2 / (g2 + 1e-8)},
		{"rmsprop", nn.Keras, Constants{Rho: new(0.0), Epsilon: new(0.0)}, lr},
		{"adagrad", nn.Keras, Constants{Start: new(0.0)}, lr * g2 / math.Sqrt(g1*g1+g2*g2+1e-7)},
	} {
		p := param(1)
		o := newOptimizer(t, Config{Name: c.name, Semantics: c.s, LR: lr, Constants: c.k}, p)
		for _, g := range []float32{g1, g2} {
			p.Data[0] = 0
			if err := o.Step(nn.Grads{p: {g}}); err != nil {
				t.Fatal(err)
			}
		}
		if got := -float64(p.Data[0]); math.Abs(got-c.want) > 2e-5*c.want {
			t.Errorf("%s, %v: a step of %g, want %g", c.name, c.s, got, c.want)
		}
	}
}

// What a caller does with its constants later has no effect, and defaults are nobody's to change.
func TestConstantsAreCopied(t *testing.T) {
	given := Config{Name: "adam", Constants: Constants{Beta1: new(0.5)}}
	for range 2 {
		c, err := given.WithDefaults()
		if err != nil {
			t.Fatal(err)
		}
		if *c.Constants.Beta1 != 0.5 || *c.Constants.Beta2 != 0.999 {
			t.Errorf("β₁ is %v and β₂ %v", *c.Constants.Beta1, *c.Constants.Beta2)
		}
		*c.Constants.Beta1, *c.Constants.Beta2 = 0, 0
	}
}

func TestWrongConstantsAreRefused(t *testing.T) {
	for _, c := range []struct {
		config Config
		word   string
	}{
		{Config{Name: "sgd", Constants: Constants{Epsilon: new(1.0)}}, "sgd has no constant epsilon"},
		{Config{Name: "adam", Constants: Constants{Rho: new(0.5)}}, "adam has no constant rho"},
		{Config{Name: "adam", Constants: Constants{Beta1: new(1.0)}}, "beta1 is 1, need at least 0 and below 1"},
		{Config{Name: "adam", Constants: Constants{Beta2: new(math.NaN())}}, "beta2 is NaN"},
		{Config{Name: "rmsprop", Constants: Constants{Epsilon: new(-1.0)}}, "epsilon is -1, need a finite number"},
	} {
		if _, err := New(c.config, []*nn.Param{param(1)}); err == nil || !strings.Contains(err.Error(), c.word) {
			t.Errorf("%+v: error %v, want one with %q", c.config, err, c.word)
		}
	}
}
