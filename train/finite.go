package train

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/nonfinite"
)

// NonFiniteError says that a training has come to a loss, a gradient or a parameter that is NaN
// or infinite. It comes again if the training is repeated.
type NonFiniteError struct{ Err error }

func (e *NonFiniteError) Error() string { return e.Err.Error() }
func (e *NonFiniteError) Unwrap() error { return e.Err }

func nonFinite(format string, args ...any) error {
	return &NonFiniteError{fmt.Errorf(format, args...)}
}

// ErrDiverged is in the error of a training whose loss, gradients or parameters are no longer
// finite, though it began with finite parameters and read finite samples.
var ErrDiverged = errors.New("training has diverged")

// checkLoss is an error if the loss of a batch is not finite. It names what was not finite first.
func (f *fitting) checkLoss(idx []int) error {
	if isFinite(f.Batch.LossSum) {
		return nil
	}
	return nonFinite("the loss is %v: %w", f.Batch.Loss(), f.whyForward(idx))
}

func (f *fitting) whyForward(idx []int) error {
	for _, p := range nonfinite.Params(f.net) {
		if p.Role != nn.Statistic { // those the step has changed already, but it does not read them
			return fmt.Errorf("%v; training began with that: start from parameters that are numbers", p)
		}
	}
	place, err := f.again(idx).Forward()
	switch {
	case err != nil:
		return fmt.Errorf("what was not finite first is not known: %w", err)
	case place == nil:
		return fmt.Errorf("all outputs of layers are finite, and their loss is not; %w", f.advice())
	case place.Input():
		return fmt.Errorf("sample %d of the training data has %v: mend it or leave it out", idx[place.Sample], place.Value)
	}
	return fmt.Errorf("%v for sample %d of the training data; %w", place, idx[place.Sample], f.advice())
}

// checkGradients is an error if a gradient of a parameter is not finite. It names the first one of
// the backward pass, and what was not finite before it.
func (f *fitting) checkGradients(idx []int, grads nn.Grads) error {
	for _, p := range slices.Backward(f.trained) {
		if nonfinite.Any(grads[p]) {
			_, first := nonfinite.Count(grads[p])
			return nonFinite("the gradient of %s is %v: %w", p.FullName(), grads[p][first], f.whyBackward(idx))
		}
	}
	return nil
}

func (f *fitting) whyBackward(idx []int) error {
	place, err := f.again(idx).Backward()
	switch {
	case err != nil:
		return fmt.Errorf("what was not finite first is not known: %w", err)
	case place == nil:
		return f.advice()
	case place.Sample < 0:
		return fmt.Errorf("%v; %w", place, f.advice())
	}
	return fmt.Errorf("%v for sample %d of the training data; %w", place, idx[place.Sample], f.advice())
}

// checkUpdated is an error if a parameter or the optimizer's state is not finite after the step. A
// sum of squares that overflows stops its parameters without a trace in them.
func (f *fitting) checkUpdated() error {
	for _, p := range f.net.Params() {
		if nonfinite.Any(p.Data) {
			n, first := nonfinite.Count(p.Data)
			return nonFinite("the updated %s is %v at %d (%d of %d numbers are not finite); %w", p.FullName(), p.Data[first], first, n, len(p.Data), f.advice())
		}
	}
	for _, m := range f.cfg.Optimizer.State().Moments {
		for i, v := range m.Values {
			if nonfinite.Any(v) {
				_, first := nonfinite.Count(v)
				return nonFinite("%s of %s in the optimizer's state is %v at %d: squares of gradients above 1.8e19 are beyond float32; clip gradients, or scale data and loss down: %w",
					m.Name, f.cfg.Optimizer.Params()[i].FullName(), v[first], first, f.advice())
			}
		}
	}
	return nil
}

// checkValidation is an error if the loss on the validation data is not finite.
func (f *fitting) checkValidation(loss float64) error {
	if isFinite(loss) {
		return nil
	}
	i, place, err := nonfinite.First(f.net, f.cfg.Validation, f.cfg.Workers)
	var why error
	switch {
	case err != nil:
		return err
	case place == nil:
		why = fmt.Errorf("all outputs are finite, and their loss is not; %w", f.advice())
	case place.Input():
		why = fmt.Errorf("sample %d of the validation data has %v: mend it or leave it out", i, place.Value)
	default:
		why = fmt.Errorf("%v for sample %d of the validation data; %w", place, i, f.advice())
	}
	return nonFinite("the validation loss is %v: %w", loss, why)
}

// again is the step at hand, to be repeated with the parameters from before its update.
func (f *fitting) again(idx []int) nonfinite.Step {
	return nonfinite.Step{Net: f.net, Loss: f.cfg.Loss, Data: f.view, Batch: idx, Seed: f.cfg.Seed, Number: f.number(), Workers: f.cfg.Workers}
}

func (f *fitting) advice() error {
	return fmt.Errorf("%w: try a learning rate below %v", ErrDiverged, f.cfg.Optimizer.LR())
}

func isFinite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
