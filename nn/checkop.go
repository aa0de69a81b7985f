package nn

import (
	"errors"
	"fmt"

	"github.com/gonn-toolkit/gonn/nn/op"
)

// checkOp returns an error if the optional interfaces of package op that an Op implements
// contradict its shapes or each other.
func checkOp(o op.Op, in []Shape) error {
	inPlace, view := false, false
	if x, ok := o.(op.InPlace); ok {
		inPlace = x.InPlace()
	}
	if x, ok := o.(op.View); ok {
		view = x.View(true) || x.View(false)
	}
	if (inPlace || view) && len(in) == 1 && in[0].Size() != o.Shape().Size() {
		return fmt.Errorf("it works in place or is a view, but its input %v and its output %v have different sizes", in[0], o.Shape())
	}
	if x, ok := o.(op.Scratcher); ok && x.Scratch() < 0 {
		return fmt.Errorf("it asks for %d floats of scratch memory", x.Scratch())
	}
	if x, ok := o.(op.Keeper); ok && x.Keeps() < 0 {
		return fmt.Errorf("it keeps %d floats for its backward pass", x.Keeps())
	}
	split, ok := o.(op.Splitter)
	if _, synchronized := o.(op.Synchronized); !ok || !synchronized {
		return nil
	}
	if _, ok := split.Split(0, 2).(op.Synchronized); !ok {
		return errors.New("it is Synchronized, with statistics of the batch, but the result of Split is not")
	}
	return nil
}

// checkSpec checks a parameter that a layer declares.
func checkSpec(spec op.ParamSpec) error {
	if err := spec.Shape.Check(maxParam); err != nil {
		return err
	}
	if spec.FanIn < 1 || spec.FanOut < 1 {
		return fmt.Errorf("fan-in %d and fan-out %d, need at least 1: initialisers divide by them (ParamSpec.FanIn, FanOut)", spec.FanIn, spec.FanOut)
	}
	if !spec.Role.Valid() {
		return fmt.Errorf("unknown role %d: choose one from Weight to Constant (ParamSpec.Role)", int(spec.Role))
	}
	return nil
}
