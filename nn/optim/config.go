package optim

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
)

// Config are the settings of an optimizer. Settings that it does not have must be zero.
type Config struct {
	Name      string // one of Names
	Semantics nn.Semantics
	LR        float64 // 0 means the framework's default for this optimizer
	Momentum  float64 // sgd and rmsprop
	Nesterov  bool    // sgd
	Centered  bool    // rmsprop
	// Constants are those of the formula, if they are not the framework's defaults.
	Constants Constants

	// WeightDecay shrinks weights. 0 means the framework's default: 0, except for adamw, which
	// has 0.01 in PyTorch and 0.004 in Keras.
	//
	//	PyTorch  g += decay·w, before anything else; adamw w −= lr·decay·w
	//	Keras    w −= lr·decay·w, before the update, for every optimizer
	WeightDecay float64
	// DecayAll applies weight decay to all parameters, as both frameworks do by default.
	// Without it, weight decay applies only to weights (nn.Weight): it would pull the slopes
	// of PReLU towards those of ReLU.
	DecayAll bool
}

// kind describes the optimizers of one name, in PyTorch's and in Keras's form.
type kind struct {
	name      string
	lr, decay [2]float64 // defaults, by nn.Semantics
	takes     []string   // names of someSettings that it has

	// build returns the optimizer with its moments.
	build func(base) Optimizer
}

var kinds = []kind{
	{name: "adam", build: newAdam, lr: [2]float64{1e-3, 1e-3}},
	{name: "adamw", build: newAdam, lr: [2]float64{1e-3, 1e-3}, decay: [2]float64{0.01, 0.004}},
	{name: "sgd", build: newSGD, lr: [2]float64{1e-3, 1e-2}, takes: []string{"momentum", "Nesterov"}},
	{name: "rmsprop", build: newRMSprop, lr: [2]float64{1e-2, 1e-3}, takes: []string{"momentum", "centered"}},
	{name: "adagrad", build: newAdagrad, lr: [2]float64{1e-2, 1e-3}},
}

// someSettings are the settings that not every optimizer has.
var someSettings = []struct {
	name string
	used func(Config) bool
}{
	{"momentum", func(c Config) bool { return c.Momentum != 0 }},
	{"Nesterov", func(c Config) bool { return c.Nesterov }},
	{"centered", func(c Config) bool { return c.Centered }},
}

// Names are the names of all optimizers.
var Names = namesOf(func(kind) bool { return true })

func namesOf(has func(kind) bool) (names []string) {
	for _, k := range kinds {
		if has(k) {
			names = append(names, k.name)
		}
	}
	return names
}

// WithDefaults checks a configuration and returns it with the framework's defaults in place of
// zeros.
func (c Config) WithDefaults() (Config, error) {
	i := slices.Index(Names, c.Name)
	if i < 0 {
		return Config{}, fmt.Errorf("unknown optimizer %q: choose one of %s", c.Name, strings.Join(Names, ", "))
	}
	k := kinds[i]
	err := c.checkTaken(k)
	if err == nil {
		err = c.checkValues()
	}
	if err == nil {
		err = c.Constants.check(c.Name, c.Semantics)
	}
	if err == nil && c.DecayAll && c.named(k).WeightDecay == 0 {
		err = errors.New(": decaying all parameters needs a weight decay above 0")
	}
	if err != nil {
		return Config{}, fmt.Errorf("optimizer %s%w", c.Name, err)
	}
	return c.named(k), nil
}

// checkTaken returns an error for settings that optimizers of this kind do not have. Its errors,
// and those of checkValues, continue after the optimizer's name.
func (c Config) checkTaken(k kind) error {
	for _, s := range someSettings {
		if s.used(c) && !slices.Contains(k.takes, s.name) {
			has := namesOf(func(k kind) bool { return slices.Contains(k.takes, s.name) })
			return fmt.Errorf(" has no %s setting: choose %s", s.name, strings.Join(has, " or "))
		}
	}
	return nil
}

// checkValues returns an error for values that no optimizer accepts.
func (c Config) checkValues() error {
	finite := func(v float64) bool { return v >= 0 && !math.IsInf(v, 0) }
	switch {
	case c.Semantics != nn.PyTorch && c.Semantics != nn.Keras:
		return fmt.Errorf(": semantics %d is neither nn.PyTorch nor nn.Keras", int(c.Semantics))
	case !finite(c.LR):
		return fmt.Errorf(": learning rate %v is not a positive finite number", c.LR)
	case !(c.Momentum >= 0 && c.Momentum < 1):
		return fmt.Errorf(": momentum %v is not in [0, 1)", c.Momentum)
	case c.Nesterov && c.Momentum == 0:
		return fmt.Errorf(": Nesterov needs a momentum above 0")
	case !finite(c.WeightDecay):
		return fmt.Errorf(": weight decay %v is not a finite number from 0 on", c.WeightDecay)
	}
	return nil
}

// named is the configuration for an optimizer of this kind, with its defaults.
func (c Config) named(k kind) Config {
	c.Name = k.name
	if c.LR == 0 {
		c.LR = k.lr[c.Semantics]
	}
	if c.WeightDecay == 0 {
		c.WeightDecay = k.decay[c.Semantics]
	}
	c.Constants = c.constants()
	return c
}
