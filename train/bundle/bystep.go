package bundle

import (
	"fmt"
	"maps"
	"slices"
)

// constant is one that a schedule may change from step to step; nil for others and for one that is
// missing.
func (o *Optimizer) constant(name string) *float64 {
	switch name {
	case "momentum":
		return &o.Momentum
	case "beta1":
		return o.Beta1
	case "beta2":
		return o.Beta2
	}
	return nil
}

// At is the optimizer with its constants in step k, 0 ≤ k < Steps.
func (o Optimizer) At(k int) Optimizer {
	if v := o.ByStep["momentum"]; k < len(v) {
		o.Momentum = v[k]
	}
	if v := o.ByStep["beta1"]; k < len(v) {
		o.Beta1 = new(v[k])
	}
	if v := o.ByStep["beta2"]; k < len(v) {
		o.Beta2 = new(v[k])
	}
	return o
}

// checkByStep finds constants that do not change, or that the optimizer cannot have in some step.
func (d *Description) checkByStep() error {
	o := d.Optimizer
	for _, name := range slices.Sorted(maps.Keys(o.ByStep)) {
		values, first := o.ByStep[name], o.constant(name)
		switch {
		case first == nil:
			return fmt.Errorf("by_step: %q is no constant of %s that may change from step to step; momentum, beta1 and beta2 may, of optimizers that have them", name, o.Name)
		case len(values) != d.Steps:
			return fmt.Errorf("by_step: %s has %d values for %d steps", name, len(values), d.Steps)
		case values[0] != *first:
			return fmt.Errorf("by_step: %s is %v in step 0, and %v as a constant", name, values[0], *first)
		}
		for k, v := range values { // without a momentum there is no state of it
			if name == "momentum" && (v == 0) != (values[0] == 0) {
				return fmt.Errorf("by_step: %s is %v in step %d, and %v in step 0; gonn has it in all steps or in none", name, v, k, values[0])
			}
		}
	}
	for k := range d.Steps {
		if len(o.ByStep) == 0 {
			break
		}
		if err := o.At(k).check(Group{}, d.FrameworkSemantics()); err != nil {
			return fmt.Errorf("step %d: %w", k, err)
		}
	}
	return nil
}
