package optim

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
)

// Config chooses an optimizer by name. Fields that do not concern it must be zero.
type Config struct {
	Name      string // one of Names
	Semantics nn.Semantics
	LR        float64 // 0 means the framework's default for this optimizer
	Momentum  float64 // sgd and rmsprop
	Nesterov  bool    // sgd
	Centered  bool    // rmsprop

	// WeightDecay shrinks weights; 0 means the framework's default: none, but for adamw
	// 0.01 in PyTorch and 0.004 in Keras.
	//
	//	PyTorch  g += decay·w, before anything else; adamw w −= lr·decay·w
	//	Keras    w −= lr·decay·w, before the update, for every optimizer
	WeightDecay float64
	// DecayAll lets weight decay shrink biases, slopes and all other parameters too, as
	// both frameworks do unless they are told otherwise. Without it, weights alone
	// (nn.Weight): a slope of PReLU drawn towards 0 would become ReLU's.
	DecayAll bool
}

// kind is what optimizers of a name have, in PyTorch's and in Keras's form.
type kind struct {
	name      string
	lr, decay [2]float64 // defaults, by nn.Semantics
	takes     []string   // those of someSettings that it has

	// build makes the optimizer of what all share, with the vectors that it remembers.
	build func(base) Optimizer
}

var kinds = []kind{
	{name: "adam", build: newAdam, lr: [2]float64{1e-3, 1e-3}},
	{name: "adamw", build: newAdam, lr: [2]float64{1e-3, 1e-3}, decay: [2]float64{0.01, 0.004}},
	{name: "sgd", build: newSGD, lr: [2]float64{1e-3, 1e-2}, takes: []string{"momentum", "Nesterov"}},
	{name: "rmsprop", build: newRMSprop, lr: [2]float64{1e-2, 1e-3}, takes: []string{"momentum", "centered"}},
	{name: "adagrad", build: newAdagrad, lr: [2]float64{1e-2, 1e-3}},
}

// someSettings are those that not every optimizer has.
var someSettings = []struct {
	name string
	used func(Config) bool
}{
	{"momentum", func(c Config) bool { return c.Momentum != 0 }},
	{"Nesterov", func(c Config) bool { return c.Nesterov }},
	{"centered", func(c Config) bool { return c.Centered }},
}

// Names are the optimizers that New knows.
var Names = namesOf(func(kind) bool { return true })

func namesOf(has func(kind) bool) (names []string) {
	for _, k := range kinds {
		if has(k) {
			names = append(names, k.name)
		}
	}
	return names
}

// WithDefaults checks a configuration and puts the framework's defaults in the place of
// zeros that mean them.
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
	if err == nil && c.DecayAll && c.named(k).WeightDecay == 0 {
		err = errors.New(": decaying all parameters needs a weight decay above 0")
	}
	if err != nil {
		return Config{}, fmt.Errorf("optimizer %s%w", c.Name, err)
	}
	return c.named(k), nil
}

// checkTaken finds settings that are not this kind's. The errors go on after the
// optimizer's name, here and in checkValues.
func (c Config) checkTaken(k kind) error {
	for _, s := range someSettings {
		if s.used(c) && !slices.Contains(k.takes, s.name) {
			has := namesOf(func(k kind) bool { return slices.Contains(k.takes, s.name) })
			return fmt.Errorf(" has no %s setting: choose %s", s.name, strings.Join(has, " or "))
		}
	}
	return nil
}

// checkValues finds values that no optimizer takes.
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
	return c
}
