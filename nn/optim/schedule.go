package optim

import (
	"math"
	"strconv"
	"strings"
)

// Schedule is a learning rate that changes during training. Except for Plateau it depends only on
// the current Time, so that a resumed training has the same rates.
type Schedule interface {
	// At is the learning rate of a step; lr is the optimizer's initial one.
	At(lr float64, t Time) float64
	// String formats the schedule for ParseSchedule.
	String() string
}

// Time is a time in a training, in steps.
type Time struct {
	Step     int // current step, from 0
	Start    int // where the schedule begins: the end of a warm-up
	PerEpoch int // steps an epoch
	Total    int // steps of the training
}

func (t Time) elapsed() float64 { return float64(t.Step - t.Start) }

// steps is a length of time in steps.
func (t Time) steps(s Span) int { return s.Epochs*t.PerEpoch + s.Steps }

// length is the number of steps from the start to a moment of the training, its end if
// that is zero.
func (t Time) length(until Span) float64 {
	if until == (Span{}) {
		return float64(t.Total - t.Start)
	}
	return float64(t.steps(until) - t.Start)
}

// Span is a duration in epochs or in steps.
type Span struct{ Epochs, Steps int }

// String is 5 for epochs and 500steps for steps.
func (s Span) String() string {
	if s.Steps != 0 {
		return strconv.Itoa(s.Steps) + "steps"
	}
	return strconv.Itoa(s.Epochs)
}

// Constant leaves the rate as it is.
type Constant struct{}

func (Constant) At(lr float64, _ Time) float64 { return lr }
func (Constant) String() string                { return "constant" }

// StepDecay is lr·Factor^⌊t/Every⌋: PyTorch's StepLR, Keras's ExponentialDecay with
// staircase=True.
type StepDecay struct {
	Every  Span
	Factor float64
}

func (s StepDecay) At(lr float64, t Time) float64 {
	return lr * math.Pow(s.Factor, math.Floor(t.elapsed()/float64(t.steps(s.Every))))
}

func (s StepDecay) String() string { return spell("step", s.Every, s.Factor) }

// MultiStep is lr·Factor^k, k of the Drops being past: PyTorch's MultiStepLR. Keras's
// PiecewiseConstantDecay counts one as past a step later.
type MultiStep struct {
	Drops  []Span
	Factor float64
}

func (s MultiStep) At(lr float64, t Time) float64 {
	past := 0
	for _, at := range s.Drops {
		if t.Step-t.Start >= t.steps(at) {
			past++
		}
	}
	return lr * math.Pow(s.Factor, float64(past))
}

func (s MultiStep) String() string {
	var at []string
	for _, span := range s.Drops {
		at = append(at, span.String())
	}
	return spell("multistep", strings.Join(at, ","), s.Factor)
}

// Exponential is lr·Factor^(t/Every), a little less each step: Keras's ExponentialDecay.
// PyTorch's ExponentialLR, which changes from epoch to epoch, is it by epoch.
type Exponential struct {
	Factor float64
	Every  Span
}

func (s Exponential) At(lr float64, t Time) float64 {
	return lr * math.Pow(s.Factor, t.elapsed()/float64(t.steps(s.Every)))
}

func (s Exponential) String() string { return spell("exponential", s.Factor, s.Every) }

// Cosine goes down half a wave of the cosine from lr to Min, where it stays:
//
//	Min + (lr − Min)·(1 + cos πx)/2,  x from 0 to 1
//
// That is PyTorch's CosineAnnealingLR with eta_min = Min, which would go up again
// afterwards, and Keras's CosineDecay with alpha = Min/lr. Until is the moment of the
// training at which Min is reached; its end if that is zero.
type Cosine struct {
	Min   float64
	Until Span
}

func (s Cosine) At(lr float64, t Time) float64 {
	return cosine(lr, s.Min, t.elapsed(), t.length(s.Until))
}

func (s Cosine) String() string { return spell("cosine", s.Min, s.Until) }

// cosine goes from a to b in a number of steps. In none it is there already.
func cosine(a, b, done, steps float64) float64 {
	x := 1.0
	if done < steps {
		x = done / steps
	}
	share := (1 + math.Cos(math.Pi*x)) / 2
	return a*share + b*(1-share) // exact at both ends
}

// OneCycle (Smith & Topin 2017) goes up from lr/Div to lr during a share Up of the
// training and then down to lr/Div/Final, both ways along a cosine: PyTorch's OneCycleLR
// with cycle_momentum=False, Div its div_factor and Final its final_div_factor. Keras has none.
type OneCycle struct {
	Up, Div, Final float64
	Until          Span // as in Cosine
}

func (s OneCycle) At(lr float64, t Time) float64 {
	steps := t.length(s.Until)
	top, end := s.Up*steps-1, steps-1
	first := lr / s.Div
	if top > 0 && t.elapsed() <= top {
		return cosine(first, lr, t.elapsed(), top)
	}
	return cosine(lr, first/s.Final, t.elapsed()-top, end-top)
}

func (s OneCycle) String() string { return spell("onecycle", s.Up, s.Div, s.Final, s.Until) }

// EndOf is the moment of the training from which a schedule keeps its last rate, also behind a
// warm-up; false if it has none.
func EndOf(s Schedule) (Span, bool) {
	switch s := s.(type) {
	case Cosine:
		return s.Until, s.Until != Span{}
	case OneCycle:
		return s.Until, s.Until != Span{}
	case Warmup:
		return EndOf(s.Then)
	case ByEpoch:
		return EndOf(s.Schedule)
	}
	return Span{}, false
}

// spell puts arguments behind a name.
func spell(name string, args ...any) string {
	for _, a := range args {
		switch a := a.(type) {
		case float64:
			name += ":" + strconv.FormatFloat(a, 'g', -1, 64)
		case Span:
			if a != (Span{}) {
				name += ":" + a.String()
			}
		case string:
			name += ":" + a
		}
	}
	return name
}
