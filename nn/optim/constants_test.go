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
		{"adam", nn.PyTorch, Constants{Beta1: 0.5, Beta2: 0.9, Epsilon: 0.25}, lr * g / (g + 0.25)},
		{"adam", nn.Keras, Constants{Beta1: 0.5, Beta2: 0.9, Epsilon: 0.25}, lr * math.Sqrt(0.1) * g / (g*math.Sqrt(0.1) + 0.25)},
		{"rmsprop", nn.PyTorch, Constants{Rho: 0.75, Epsilon: 0.25}, lr * g / (0.5*g + 0.25)},
		{"rmsprop", nn.Keras, Constants{Rho: 0.75, Epsilon: 0.25}, lr * g / math.Sqrt(0.25*g*g+0.25)},
		{"adagrad", nn.PyTorch, Constants{Epsilon: 0.25, Start: 2}, lr * g / (1.5 + 0.25)},
		{"adagrad", nn.Keras, Constants{Epsilon: 0.25, Start: 2}, lr * g / math.Sqrt(2+g*g+0.25)},
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

func TestWrongConstantsAreRefused(t *testing.T) {
	for _, c := range []struct {
		config Config
		word   string
	}{
		{Config{Name: "sgd", Constants: Constants{Epsilon: 1}}, "sgd has no constant epsilon"},
		{Config{Name: "adam", Constants: Constants{Rho: 0.5}}, "adam has no constant rho"},
		{Config{Name: "adam", Constants: Constants{Beta1: 1}}, "beta1 1 is not above 0 and below 1"},
		{Config{Name: "adam", Constants: Constants{Beta2: math.NaN()}}, "beta2 NaN"},
		{Config{Name: "rmsprop", Constants: Constants{Epsilon: -1}}, "epsilon -1"},
	} {
		if _, err := New(c.config, []*nn.Param{param(1)}); err == nil || !strings.Contains(err.Error(), c.word) {
			t.Errorf("%+v: error %v, want one with %q", c.config, err, c.word)
		}
	}
}
