package bundle

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/optim"
)

// maxParameter is the largest number of elements of a parameter.
const maxParameter = 1 << 28

// check finds descriptions that no recorder writes: what it says twice must agree, and nothing may
// be without effect.
func (d *Description) check() error {
	if err := d.checkFramework(); err != nil {
		return err
	}
	if d.Steps < 1 || d.Steps > math.MaxInt32 {
		return fmt.Errorf("%d steps; need at least one", d.Steps)
	}
	known, err := d.checkParameters()
	if err != nil {
		return err
	}
	if err := d.checkNorms(known); err != nil {
		return err
	}
	if err := d.checkDropout(); err != nil {
		return err
	}
	clip := optim.Clip{Semantics: d.FrameworkSemantics(), Norm: d.Clip.Norm, Each: d.Clip.Each, Value: d.Clip.Value}
	if err := clip.Check(); err != nil {
		return fmt.Errorf("clip: %w", err)
	}
	if err := d.checkGroups(known); err != nil {
		return fmt.Errorf("optimizer: %w", err)
	}
	return nil
}

func (d *Description) checkFramework() error {
	semantics, backends := []string{""}, []string{""}
	switch d.Framework {
	case "pytorch":
	case "keras":
		backends = []string{"", "tensorflow", "jax", "torch"}
	case "gonn":
		semantics = []string{"pytorch", "keras"}
	default:
		return fmt.Errorf("framework %q is not pytorch, keras or gonn", d.Framework)
	}
	if !slices.Contains(semantics, d.Semantics) {
		if d.Framework == "gonn" {
			return fmt.Errorf("semantics %q is not pytorch or keras", d.Semantics)
		}
		return fmt.Errorf("semantics %q: a recording of %s has its own", d.Semantics, d.Framework)
	}
	if !slices.Contains(backends, d.Backend) {
		return fmt.Errorf("backend %q is none of %s", d.Backend, d.Framework)
	}
	return nil
}

func (d *Description) checkParameters() (known map[string]*Parameter, err error) {
	known = map[string]*Parameter{}
	for i := range d.Parameters {
		p := &d.Parameters[i]
		if p.Name == "" || known[p.Name] != nil {
			return nil, fmt.Errorf("parameter %q is named twice or not at all", p.Name)
		}
		if !utf8.ValidString(p.Name) {
			return nil, fmt.Errorf("parameter %q: the name is not UTF-8, which JSON must be", p.Name)
		}
		if err := nn.Shape(p.Shape).Check(maxParameter); len(p.Shape) > 0 && err != nil {
			return nil, fmt.Errorf("parameter %q: %w", p.Name, err)
		}
		if p.Statistic && p.Trained {
			return nil, fmt.Errorf("parameter %q is a running statistic, and trained", p.Name)
		}
		known[p.Name] = p
	}
	if len(known) == 0 {
		return nil, errors.New("there are no parameters")
	}
	return known, nil
}

// checkNorms finds batch normalisations without their tensors, and running statistics that are of
// none.
func (d *Description) checkNorms(known map[string]*Parameter) error {
	used := map[string]bool{}
	for _, n := range d.BatchNorm {
		fail := func(format string, args ...any) error {
			return fmt.Errorf("batch normalisation %q: %w", n.Name, fmt.Errorf(format, args...))
		}
		for i, name := range []string{n.Mean, n.Variance, n.Weight, n.Bias} {
			p, statistic := known[name], i < 2
			switch {
			case name == "" && !statistic:
				continue
			case p == nil:
				return fail("%q is not a parameter", name)
			case p.Statistic != statistic:
				return fail("%q is a running statistic: %t, need %t", name, p.Statistic, statistic)
			case used[name]:
				return fail("%q has two places", name)
			case !nn.Shape(p.Shape).Equal(known[n.Mean].Shape):
				return fail("%q has shape %v, and its running mean %v", name, nn.Shape(p.Shape), nn.Shape(known[n.Mean].Shape))
			}
			used[name] = true
		}
		if !(n.Epsilon > 0) || math.IsInf(n.Epsilon, 0) || !(n.Momentum >= 0 && n.Momentum <= 1) {
			return fail("epsilon is %v and momentum %v, need a number above 0 and one from 0 to 1", n.Epsilon, n.Momentum)
		}
	}
	for _, p := range d.Parameters {
		if p.Statistic && !used[p.Name] {
			return fmt.Errorf("parameter %q is a running statistic, and of no batch normalisation in batch_norm", p.Name)
		}
	}
	return nil
}

func (d *Description) checkDropout() error {
	names, layers := map[string]bool{}, map[string]bool{}
	for _, o := range d.Dropout {
		switch {
		case o.Name == "" || names[o.Name]:
			return fmt.Errorf("dropout %q is named twice or not at all", o.Name)
		case o.Layer != "" && layers[o.Layer]:
			return fmt.Errorf("dropout %q: the layer %q has another one", o.Name, o.Layer)
		case !(o.Rate >= 0 && o.Rate < 1):
			return fmt.Errorf("dropout %q: rate is %v, need a number from 0 to below 1", o.Name, o.Rate)
		}
		names[o.Name], layers[o.Layer] = true, true
	}
	return nil
}

// checkMask is an error if a mask is not of the rate: frameworks multiply by 0 or by what keeps the
// mean.
func (o Dropout) checkMask(mask []float32) error {
	kept := 1 / (1 - o.Rate)
	for _, v := range mask {
		if v != 0 && !(math.Abs(float64(v)-kept) <= 1e-5*kept) {
			return fmt.Errorf("it multiplies by %v, and the rate %v in %s by 0 or %v", v, o.Rate, DescriptionFile, kept)
		}
	}
	return nil
}

// Config is the configuration of the optimizer for one of its groups, in the form of a framework.
func (o Optimizer) Config(g Group, s nn.Semantics) optim.Config {
	return optim.Config{
		Name: o.Name, Semantics: s, WeightDecay: g.WeightDecay, DecayAll: g.WeightDecay != 0,
		Momentum: o.Momentum, Nesterov: o.Nesterov && !o.idle(), Centered: o.Centered,
		Constants: optim.Constants{Beta1: o.Beta1, Beta2: o.Beta2, Rho: o.Rho, Epsilon: o.Epsilon, Start: o.Start},
	}
}

// idle reports whether the Nesterov of an optimizer has no effect, as Keras's SGD takes it.
func (o Optimizer) idle() bool { return o.Name == "sgd" && o.Momentum == 0 }

func (d *Description) checkGroups(known map[string]*Parameter) error {
	o := d.Optimizer
	if o.Iterations < 0 {
		return fmt.Errorf("iterations %d is below 0", o.Iterations)
	}
	if o.Nesterov && o.idle() && d.Framework != "keras" {
		return fmt.Errorf("nesterov is true, and momentum 0")
	}
	if err := o.check(Group{}, d.FrameworkSemantics()); err != nil {
		return err
	}
	if err := d.checkByStep(); err != nil {
		return err
	}
	grouped := map[string]bool{}
	for i, g := range o.Groups {
		if len(g.LR) != d.Steps {
			return fmt.Errorf("group %d has %d learning rates for %d steps", i, len(g.LR), d.Steps)
		}
		for k, lr := range g.LR {
			if !(lr >= 0) || math.IsInf(lr, 0) {
				return fmt.Errorf("group %d: the learning rate of step %d is %v, need a finite number from 0", i, k, lr)
			}
		}
		if err := o.check(g, d.FrameworkSemantics()); err != nil {
			return fmt.Errorf("group %d: %w", i, err)
		}
		for _, name := range g.Params {
			switch p := known[name]; {
			case p == nil:
				return fmt.Errorf("group %d: %q is not a parameter", i, name)
			case p.Statistic:
				return fmt.Errorf("group %d: %q is a running statistic", i, name)
			case grouped[name]:
				return fmt.Errorf("parameter %q is in two groups", name)
			}
			grouped[name] = true
		}
	}
	return nil
}

// check finds settings that the optimizer does not have or that are out of range, and constants that
// are missing, for which the framework's default would stand.
func (o Optimizer) check(g Group, s nn.Semantics) error {
	c := o.Config(g, s)
	whole, err := c.WithDefaults()
	if err != nil {
		return err
	}
	given, used := c.Constants, whole.Constants
	for _, v := range []struct {
		name        string
		given, used *float64
	}{
		{"beta1", given.Beta1, used.Beta1}, {"beta2", given.Beta2, used.Beta2}, {"rho", given.Rho, used.Rho},
		{"epsilon", given.Epsilon, used.Epsilon}, {"initial_accumulator", given.Start, used.Start},
	} {
		if v.given == nil && v.used != nil && *v.used != 0 {
			return fmt.Errorf("%s is missing: %s has one, and a bundle says it", v.name, o.Name)
		}
	}
	return nil
}

// kinds are those of arrays; the steps have all of them, and what is after the last those that are
// true.
var kinds = map[string]bool{
	"x": false, "y": false, "loss": false, "grad": false, "clipped": false, "mask": false, "output": false,
	"param": true, "stat": true, "state": true,
}

// checkKeys finds arrays of no step, and of no kind.
func (b *Bundle) checkKeys() error {
	for _, name := range b.arrays.Names() {
		step, rest, _ := strings.Cut(name, "/")
		kind, _, _ := strings.Cut(rest, "/")
		k, err := strconv.Atoi(step)
		switch after, known := kinds[kind]; {
		case err != nil || strconv.Itoa(k) != step || !known:
			return b.fail(name, errors.New("no bundle has such an array"))
		case k < 0 || k > b.Steps || k == b.Steps && !after:
			return b.fail(name, fmt.Errorf("%s has %d steps, from 0 on", DescriptionFile, b.Steps))
		}
	}
	return nil
}

// CheckKept is an error if step k, between two states, has changed a parameter that is said not to
// be trained.
func (b *Bundle) CheckKept(k int, before, after *State) error {
	for _, p := range b.Parameters {
		same := func(v, w float32) bool { return math.Float32bits(v) == math.Float32bits(w) }
		if !p.Trained && !p.Statistic && !slices.EqualFunc(before.Values[p.Name], after.Values[p.Name], same) {
			return b.fail(key(k+1, "param", p.Name), fmt.Errorf("step %d has changed it, and %s says that it is not trained", k, DescriptionFile))
		}
	}
	return nil
}
