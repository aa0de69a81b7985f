package lrfind

import (
	"errors"
	"fmt"
	"math"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/optim"
	"github.com/gonn-toolkit/gonn/train"
)

// Point is a step of the test.
type Point struct {
	LR   float64 `json:"lr"`
	Loss float64 `json:"loss"` // of the batch, before the step
	// Smoothed is the exponential moving average of the losses so far with factor 0.98,
	// divided by 1 − 0.98ⁿ so that it does not start from 0.
	Smoothed float64 `json:"smoothed"`
}

// Result is what a test found. Its rates are nil where the loss gave no reason for one.
type Result struct {
	Points []Point `json:"points"`
	// Stopped is why the test ended before its last step; "" if it did not.
	Stopped string `json:"stopped,omitempty"`
	// Steepest is the rate at which the smoothed loss falls fastest by the logarithm of the
	// rate, the first tenth of the steps left out: fastai's steep, Lightning's suggestion.
	Steepest *float64 `json:"steepest"`
	// Lowest is the rate at which the smoothed loss is lowest, and MinTenth a tenth of it:
	// fastai's minimum.
	Lowest   *float64 `json:"lowest"`
	MinTenth *float64 `json:"min_tenth"`
}

// Run trains net for a test and leaves it with the values that this gives; what cfg says of
// epochs, schedule, validation, callbacks and the start does not count. The result is the same
// for any number of workers.
func Run(net *nn.Network, samples nn.Samples, cfg train.Config, c Config) (*Result, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	if cfg.Batch > 0 && samples.Len() > 0 {
		perEpoch := (samples.Len()-1)/cfg.Batch + 1
		cfg.Epochs = (c.Steps + perEpoch - 1) / perEpoch
	}
	t := &test{config: c}
	cfg.Schedule, cfg.LR = rising{c}, 0
	cfg.Validation, cfg.Start, cfg.Callbacks = nil, train.Position{}, []train.Callback{t}
	_, err := train.Fit(net, samples, cfg)
	if errors.Is(err, train.ErrDiverged) && len(t.points) > 0 {
		t.stopped = fmt.Sprintf("after the rate %.3g numbers are no longer finite", t.points[len(t.points)-1].LR)
	} else if err != nil {
		return nil, err
	}
	r := &Result{Points: t.points, Stopped: t.stopped}
	r.suggest()
	return r, nil
}

// rising is the schedule of a test.
type rising struct{ Config }

func (r rising) At(_ float64, t optim.Time) float64 { return r.rate(t.Step) }
func (r rising) String() string                     { return "range-test" }

// test takes down the losses.
type test struct {
	train.Base
	config  Config
	points  []Point
	mean    float64
	lowest  float64 // smoothed loss
	stopped string
}

func (t *test) BatchEnd(s *train.State) error {
	loss, n := s.Batch.Loss(), float64(len(t.points)+1)
	t.mean = smoothing*t.mean + (1-smoothing)*loss
	smoothed := t.mean / (1 - math.Pow(smoothing, n))
	t.points = append(t.points, Point{LR: s.Optimizer.LR(), Loss: loss, Smoothed: smoothed})
	if n == 1 || smoothed < t.lowest {
		t.lowest = smoothed
	}
	if t.config.Progress != nil {
		t.config.Progress(len(t.points), t.points[len(t.points)-1])
	}
	switch {
	case smoothed > diverged*t.lowest:
		t.stopped = fmt.Sprintf("the smoothed loss is more than %d times its lowest", diverged)
		s.Stop(t.stopped)
	case len(t.points) == t.config.Steps:
		s.Stop("the last step of the test is done")
	}
	return nil
}

// suggest finds the rates.
func (r *Result) suggest() {
	lowest, steepest, fall := 0, -1, 0.0
	for i, p := range r.Points {
		if p.Smoothed < r.Points[lowest].Smoothed {
			lowest = i
		}
		if i < len(r.Points)/10 || i+1 == len(r.Points) {
			continue
		}
		next := r.Points[i+1]
		if slope := (next.Smoothed - p.Smoothed) / math.Log(next.LR/p.LR); slope < fall {
			steepest, fall = i, slope
		}
	}
	if lowest == 0 { // what falls is noise
		return
	}
	if steepest >= 0 {
		r.Steepest = &r.Points[steepest].LR
	}
	lr := r.Points[lowest].LR
	tenth := lr / 10
	r.Lowest, r.MinTenth = &lr, &tenth
}
