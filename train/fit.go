package train

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/optim"
	"github.com/gonn-toolkit/gonn/train/data"
)

// Fit trains net on samples and returns the history of what it did.
//
// Each epoch walks a full permutation of the samples, drawn from the seed and the
// number of the epoch, in batches; each batch is one step of the optimizer on the
// gradient of the mean loss. Samples that change from epoch to epoch (data.Epochal)
// are read as the epoch at hand has them.
//
// A loss, gradient or parameter that is NaN or infinite ends the training with an
// error that names the epoch and the step. After an error the parameters are those at
// that moment and the history is nil.
func Fit(net *nn.Network, samples nn.Samples, cfg Config) (*History, error) {
	if err := cfg.check(net, samples); err != nil {
		return nil, fmt.Errorf("fit: %w", err)
	}
	f := &fitting{
		cfg:     cfg,
		net:     net,
		samples: samples,
		stepper: nn.NewStepper(net, cfg.Loss, cfg.Workers),
		State: State{
			Network:    net,
			Optimizer:  cfg.Optimizer,
			Loss:       cfg.Loss,
			Validation: cfg.Validation,
			Workers:    cfg.Workers,
			Epochs:     cfg.Epochs,
			Samples:    samples.Len(),
			Steps:      cfg.steps(samples.Len()),
			Position:   cfg.Start,
			LR:         cfg.LR,
		},
	}
	if f.LR == 0 {
		f.LR = cfg.Optimizer.LR()
	}
	for _, p := range net.Params() {
		if p.Trained() && slices.Contains(cfg.Optimizer.Params(), p) {
			f.trained = append(f.trained, p)
		}
	}
	f.Err = f.run()
	f.end()
	if f.Err != nil {
		return nil, f.Err
	}
	f.History.Position = f.Position
	return &f.History, nil
}

// fitting is one call of Fit.
type fitting struct {
	State
	cfg     Config
	net     *nn.Network
	samples nn.Samples
	view    nn.Samples // the samples as the current epoch reads them
	stepper *nn.Stepper
	trained []*nn.Param // those of the optimizer that are, in the network's order
	begun   int         // callbacks whose TrainBegin was called

	observers          []observer // those of the callbacks
	outputs, gradients []string   // that the stepper records
}

func (f *fitting) run() error {
	if err := f.observe(); err != nil {
		return err
	}
	for _, c := range f.cfg.Callbacks {
		f.begun++
		if err := c.TrainBegin(&f.State); err != nil {
			return err
		}
	}
	for f.Position.Epoch < f.cfg.Epochs && !f.stopped() {
		epoch := f.Position.Epoch + 1 // at the end of an epoch callbacks see the next one
		if err := f.epoch(); err != nil {
			return fmt.Errorf("epoch %d: %w", epoch, err)
		}
	}
	return nil
}

// end tells the callbacks. If the training went well, the first error of theirs
// becomes its error.
func (f *fitting) end() {
	for i := f.begun - 1; i >= 0; i-- {
		if err := f.cfg.Callbacks[i].TrainEnd(&f.State); err != nil && f.Err == nil {
			f.Err = err
		}
	}
	if f.Err == nil {
		f.Err = f.logged // by TrainEnd
	}
}

// each calls one method of every callback.
func (f *fitting) each(event func(Callback, *State) error) error {
	for _, c := range f.cfg.Callbacks {
		if err := event(c, &f.State); err != nil {
			return err
		}
		if f.logged != nil {
			return f.logged
		}
	}
	return nil
}

// epoch goes on in the current epoch, to its end unless a callback stops it.
func (f *fitting) epoch() error {
	if err := f.each(Callback.EpochBegin); err != nil {
		return err
	}
	began, seen := time.Now(), f.Position.Running.Samples
	f.view = data.AtEpoch(f.samples, f.Position.Epoch)
	order := data.Permutation(f.cfg.Seed, f.Position.Epoch, f.Samples)
	for f.Position.Step < f.Steps && !f.stopped() {
		lo := f.Position.Step * f.cfg.Batch
		if err := f.step(order[lo : lo+min(f.cfg.Batch, f.Samples-lo)]); err != nil {
			return fmt.Errorf("step %d: %w", f.Position.Step+1, err)
		}
		f.Position.Step++
		if err := f.each(Callback.BatchEnd); err != nil {
			return fmt.Errorf("step %d: %w", f.Position.Step, err)
		}
	}
	if f.stopped() {
		return nil
	}
	m := EpochMetrics{Epoch: f.Position.Epoch + 1}
	m.Values = append(m.Values, Value{"loss", f.Position.Running.Loss()}, Value{"accuracy", f.Position.Running.Accuracy()})
	trained := time.Since(began)
	if err := f.validate(&m); err != nil {
		return err
	}
	m.Values = append(m.Values,
		Value{"lr", f.cfg.Optimizer.LR()},
		Value{"seconds", rounded(time.Since(began).Seconds(), 1e6)},
		Value{"samples_per_s", rounded(speed(f.Samples-seen, trained), 10)})
	f.Position = Position{Epoch: m.Epoch}
	f.History.Epochs = append(f.History.Epochs, m)
	if p := optim.PlateauOf(f.cfg.Schedule); p != nil {
		_, loss := m.Monitored()
		f.LR = p.EpochEnd(loss, f.LR)
	}
	f.epochEnding = true
	defer func() { f.epochEnding = false }()
	return f.each(Callback.EpochEnd)
}

// rounded is v to one part in parts: what the clock decides says no more.
func rounded(v, parts float64) float64 { return math.Round(v*parts) / parts }

// speed is in samples a second; 0 where a coarse clock saw no time pass.
func speed(samples int, d time.Duration) float64 {
	if d <= 0 {
		return 0
	}
	return float64(samples) / d.Seconds()
}

// step trains on one batch.
func (f *fitting) step(idx []int) (err error) {
	if err := f.chooseObservers(); err != nil {
		return err
	}
	f.stepper.Seed(f.cfg.Seed, f.number())
	if f.Batch, err = f.stepper.Step(f.view, idx); err != nil {
		return err
	}
	if err := f.checkLoss(idx); err != nil {
		return err
	}
	grads := f.stepper.Grads()
	if err := f.checkGradients(idx, grads); err != nil {
		return err
	}
	if err := f.tellGradients(idx, grads); err != nil {
		return err
	}
	f.cfg.Clip.Apply(f.trained, grads)
	if err := f.setRate(); err != nil {
		return err
	}
	if err := f.tellClipped(grads); err != nil {
		return err
	}
	if err := f.cfg.Optimizer.Step(grads); err != nil {
		return err
	}
	f.Position.Running.Add(f.Batch)
	return f.checkUpdated()
}

// number is that of the step at hand, over all epochs.
func (f *fitting) number() int { return f.Position.Epoch*f.Steps + f.Position.Step }

// setRate gives the optimizer the rate of the step at hand.
func (f *fitting) setRate() error {
	if f.cfg.Schedule == nil {
		return nil
	}
	lr := f.cfg.Schedule.At(f.LR, optim.Time{
		Step:     f.number(),
		PerEpoch: f.Steps,
		Total:    f.Epochs * f.Steps,
	})
	if !(lr >= 0) || math.IsInf(lr, 0) {
		return fmt.Errorf("the schedule %v gives the learning rate %v", f.cfg.Schedule, lr)
	}
	f.cfg.Optimizer.SetLR(lr)
	return nil
}

func (f *fitting) validate(m *EpochMetrics) error {
	if f.cfg.Validation == nil {
		return nil
	}
	st, err := f.net.Evaluate(f.cfg.Validation, f.cfg.Loss, f.cfg.Workers)
	if err != nil {
		return fmt.Errorf("validation: %w", err)
	}
	m.Values = append(m.Values, Value{"val_loss", st.Loss()}, Value{"val_accuracy", st.Accuracy()})
	return f.checkValidation(st.Loss())
}
