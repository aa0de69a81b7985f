package optim

import (
	"math"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
)

func TestDefaultsAreTheFrameworks(t *testing.T) {
	for _, c := range []struct {
		config    Config
		lr, decay float64
	}{
		{Config{Name: "adam"}, 1e-3, 0}, {Config{Name: "adam", Semantics: nn.Keras}, 1e-3, 0},
		{Config{Name: "adamw"}, 1e-3, 0.01}, {Config{Name: "adamw", Semantics: nn.Keras}, 1e-3, 0.004},
		{Config{Name: "sgd"}, 1e-3, 0}, {Config{Name: "sgd", Semantics: nn.Keras}, 1e-2, 0},
		{Config{Name: "rmsprop"}, 1e-2, 0}, {Config{Name: "rmsprop", Semantics: nn.Keras}, 1e-3, 0},
		{Config{Name: "adagrad"}, 1e-2, 0}, {Config{Name: "adagrad", Semantics: nn.Keras}, 1e-3, 0},
		{Config{Name: "sgd", LR: 0.5, WeightDecay: 0.1}, 0.5, 0.1},
		{Config{Name: "adamw", LR: 0.25, WeightDecay: 0.1}, 0.25, 0.1},
	} {
		o := newOptimizer(t, c.config, param(1))
		if o.LR() != c.lr || o.Name() != c.config.Name {
			t.Errorf("%+v: %s with learning rate %g, want %g", c.config, o.Name(), o.LR(), c.lr)
		}
		if o.SetLR(0.125); o.LR() != 0.125 {
			t.Errorf("%+v: learning rate %g after setting 0.125", c.config, o.LR())
		}
		full, err := c.config.WithDefaults()
		if err != nil || full.LR != c.lr || full.WeightDecay != c.decay || full.Name != c.config.Name {
			t.Errorf("%+v becomes %+v, error %v", c.config, full, err)
		}
	}
}

// The constructors give what New gives: each has its own name's defaults.
func TestConstructorsHaveTheirDefaults(t *testing.T) {
	for _, s := range bothSemantics {
		for name, construct := range constructors {
			o, err := construct([]*nn.Param{param(1)}, Config{Semantics: s})
			if err != nil {
				t.Fatal(err)
			}
			if want := newOptimizer(t, Config{Name: name, Semantics: s}, param(1)); o.Name() != name || o.LR() != want.LR() {
				t.Errorf("%v %s: got %s with learning rate %v", s, name, o.Name(), o.LR())
			}
		}
	}
}

func TestWrongSettingsAreRefused(t *testing.T) {
	for _, c := range []struct {
		config Config
		words  []string
	}{
		{Config{Name: "lion"}, []string{`unknown optimizer "lion"`, "adam, adamw, sgd, rmsprop, adagrad"}},
		{Config{}, []string{`unknown optimizer ""`}},
		{Config{Name: "adam", Momentum: 0.9}, []string{"adam has no momentum", "choose sgd or rmsprop"}},
		{Config{Name: "adagrad", Momentum: 0.9}, []string{"adagrad has no momentum"}},
		{Config{Name: "adam", Nesterov: true}, []string{"adam has no Nesterov setting: choose sgd"}},
		{Config{Name: "rmsprop", Nesterov: true, Momentum: 0.5}, []string{"rmsprop has no Nesterov"}},
		{Config{Name: "sgd", Centered: true}, []string{"sgd has no centered setting: choose rmsprop"}},
		{Config{Name: "sgd", Momentum: 1}, []string{"sgd", "momentum 1 is not in [0, 1)"}},
		{Config{Name: "rmsprop", Momentum: -0.1}, []string{"momentum -0.1 is not in [0, 1)"}},
		{Config{Name: "sgd", Momentum: math.NaN()}, []string{"momentum NaN is not in [0, 1)"}},
		{Config{Name: "sgd", Nesterov: true}, []string{"Nesterov needs a momentum"}},
		{Config{Name: "sgd", LR: math.NaN()}, []string{"sgd", "learning rate NaN is not a positive finite number"}},
		{Config{Name: "adam", LR: math.Inf(1)}, []string{"adam", "learning rate +Inf"}},
		{Config{Name: "adam", LR: -1e-3}, []string{"learning rate -0.001"}},
		{Config{Name: "adamw", WeightDecay: -1}, []string{"adamw: weight decay -1"}},
		{Config{Name: "adam", WeightDecay: math.NaN()}, []string{"weight decay NaN"}},
		{Config{Name: "sgd", Momentum: math.Inf(1)}, []string{"momentum +Inf is not in [0, 1)"}},
		{Config{Name: "sgd", Semantics: 2}, []string{"sgd: semantics 2 is neither nn.PyTorch nor nn.Keras"}},
		{Config{Name: "adam", Semantics: -1, DecayAll: true}, []string{"semantics -1"}},
		{Config{Name: "adam", DecayAll: true}, []string{"decaying all parameters needs a weight decay"}},
	} {
		o, err := New(c.config, []*nn.Param{param(1)})
		if err == nil || o != nil {
			t.Errorf("%+v: %v, %v; want an error alone", c.config, o, err)
			continue
		}
		if construct := constructors[c.config.Name]; construct != nil {
			unnamed := c.config
			unnamed.Name = ""
			if _, again := construct([]*nn.Param{param(1)}, unnamed); again == nil || again.Error() != err.Error() {
				t.Errorf("%+v: the constructor says %v, New %v", c.config, again, err)
			}
		}
		for _, w := range c.words {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%+v: error %q does not say %q", c.config, err, w)
			}
		}
	}
	for _, name := range Names {
		newOptimizer(t, Config{Name: name}, param(1))
	}
	newOptimizer(t, Config{Name: "adamw", DecayAll: true}, param(1))
}
