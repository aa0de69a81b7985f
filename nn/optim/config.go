package optim

import (
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
	name                         string
	lr, decay                    [2]float64 // defaults, by nn.Semantics
	momentum, nesterov, centered bool       // settings that are its

	// build takes checked parameters and a checked configuration with its defaults.
	build func([]*nn.Param, Config) Optimizer
}

var kinds = []kind{
	{name: "adam", build: newAdam, lr: [2]float64{1e-3, 1e-3}},
	{name: "adamw", build: newAdam, lr: [2]float64{1e-3, 1e-3}, decay: [2]float64{0.01, 0.004}},
	{name: "sgd", build: newSGD, lr: [2]float64{1e-3, 1e-2}, momentum: true, nesterov: true},
	{name: "rmsprop", build: newRMSprop, lr: [2]float64{1e-2, 1e-3}, momentum: true, centered: true},
	{name: "adagrad", build: newAdagrad, lr: [2]float64{1e-2, 1e-3}},
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
	if err := c.check(kinds[i]); err != nil {
		return Config{}, fmt.Errorf("optimizer %s%w", c.Name, err)
	}
	return c.named(kinds[i]), nil
}

// check finds settings that are not this kind's and values that no setting takes. The
// errors go on after the optimizer's name.
func (c Config) check(k kind) error {
	finite := func(v float64) bool { return v >= 0 && !math.IsInf(v, 0) }
	switch {
	case c.Semantics != nn.PyTorch && c.Semantics != nn.Keras:
		return fmt.Errorf(": semantics %d is neither nn.PyTorch nor nn.Keras", int(c.Semantics))
	case c.Momentum != 0 && !k.momentum:
		return hasNo("momentum", func(k kind) bool { return k.momentum })
	case c.Nesterov && !k.nesterov:
		return hasNo("Nesterov", func(k kind) bool { return k.nesterov })
	case c.Centered && !k.centered:
		return hasNo("centered", func(k kind) bool { return k.centered })
	case !finite(c.LR):
		return fmt.Errorf(": learning rate %v is not a positive finite number", c.LR)
	case !(c.Momentum >= 0 && c.Momentum < 1):
		return fmt.Errorf(": momentum %v is not in [0, 1)", c.Momentum)
	case c.Nesterov && c.Momentum == 0:
		return fmt.Errorf(": Nesterov needs a momentum above 0")
	case !finite(c.WeightDecay):
		return fmt.Errorf(": weight decay %v is not a finite number from 0 on", c.WeightDecay)
	case c.DecayAll && c.named(k).WeightDecay == 0:
		return fmt.Errorf(": decaying all parameters needs a weight decay above 0")
	}
	return nil
}

func hasNo(setting string, has func(kind) bool) error {
	return fmt.Errorf(" has no %s setting: choose %s", setting, strings.Join(namesOf(has), " or "))
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
