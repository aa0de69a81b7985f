package run

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/op"
	"github.com/gonn-toolkit/gonn/nn/optim"
	"github.com/gonn-toolkit/gonn/train"
)

// update is how the settings change parameters, whatever the network.
type update struct {
	config   optim.Config
	clip     optim.Clip
	schedule optim.Schedule // nil for a constant rate
}

// Config is a training of net by the settings from its start, without a run. It writes defaults
// into the settings.
func (s *Settings) Config(net *nn.Network) (train.Config, error) {
	p, err := s.parse(net)
	if err != nil {
		return train.Config{}, err
	}
	net.SetFastConv(s.FastConv)
	return train.Config{
		Loss: p.loss, Optimizer: p.optimizer, Schedule: p.schedule, Clip: p.clip,
		Epochs: s.Epochs, Batch: s.Batch, Seed: s.Seed, Workers: s.Workers,
	}, checkKink(net, p.kink)
}

// CheckUpdate finds what is wrong with the settings of optimizer, clipping and schedule,
// before there is a network.
func (s Settings) CheckUpdate() error {
	semantics, err := op.ParseSemantics(s.Semantics)
	if err != nil {
		return err
	}
	_, err = s.parseUpdate(semantics)
	return err
}

// parseUpdate writes defaults into the settings. Among them is the end of a schedule that
// ends with the training: it stays where it was when a resumed run trains more epochs.
func (s *Settings) parseUpdate(semantics nn.Semantics) (u update, err error) {
	u.config, err = optim.Config{
		Name: s.Optimizer, Semantics: semantics, LR: s.LR, Momentum: s.Momentum, Nesterov: s.Nesterov,
		Centered: s.Centered, WeightDecay: s.WeightDecay, DecayAll: s.DecayAll,
	}.WithDefaults()
	if err != nil {
		return update{}, err
	}
	s.LR, s.WeightDecay = u.config.LR, u.config.WeightDecay
	u.clip = optim.Clip{Semantics: semantics, Norm: s.ClipNorm, Each: s.ClipEach, Value: s.ClipValue}
	if err := u.clip.Check(); err != nil {
		return update{}, err
	}
	if u.schedule, err = s.parseSchedule(semantics); err != nil {
		return update{}, err
	}
	return u, nil
}

// parseSchedule spells a constant rate as no schedule.
func (s *Settings) parseSchedule(semantics nn.Semantics) (schedule optim.Schedule, err error) {
	schedule = optim.Constant{}
	if s.Schedule != "" {
		if schedule, err = optim.ParseSchedule(s.Schedule, semantics, s.Epochs); err != nil {
			return nil, err
		}
	}
	if err := checkFalls(schedule, s.LR); err != nil {
		return nil, err
	}
	s.Schedule = schedule.String()
	constant := schedule == optim.Constant{}
	if constant {
		s.Schedule = ""
	}
	if s.Warmup != "" {
		return optim.ParseWarmup(s.Warmup, schedule)
	}
	if constant {
		return nil, nil
	}
	return schedule, nil
}

// ScheduleNote says that a schedule ends before the training, and at which rate the rest trains; ""
// if it does not. samples is the number of training samples.
func (s Settings) ScheduleNote(samples int) (string, error) {
	semantics, err := op.ParseSemantics(s.Semantics)
	if err != nil {
		return "", err
	}
	u, err := s.parseUpdate(semantics) // of a copy
	if err != nil || u.schedule == nil || s.Batch < 1 {
		return "", err
	}
	until, ok := optim.EndOf(u.schedule)
	t := optim.Time{PerEpoch: (samples + s.Batch - 1) / s.Batch}
	t.Total = t.PerEpoch * s.Epochs
	end := until.Epochs*t.PerEpoch + until.Steps
	if !ok || end >= t.Total {
		return "", nil
	}
	t.Step = end
	first := u.schedule.At(s.LR, t)
	t.Step = t.Total - 1
	rate := u.schedule.At(s.LR, t)
	rest := fmt.Sprintf("the learning rate stays at %.3g from there on", rate)
	switch {
	case first != rate: // a warm-up is longer
		rest = fmt.Sprintf("the learning rate is %.3g at the end", rate)
	case rate == 0:
		rest = "the learning rate is 0 from there on, and nothing more is learned"
	}
	return fmt.Sprintf("schedule %s ends after %d of %d steps (%d an epoch): %s", s.Schedule, end, t.Total, t.PerEpoch, rest), nil
}

// checkFalls is an error if a cosine would rise: its first argument is a rate, and who gives a number
// of epochs trains at that rate.
func checkFalls(s optim.Schedule, lr float64) error {
	if by, ok := s.(optim.ByEpoch); ok {
		s = by.Schedule
	}
	if c, ok := s.(optim.Cosine); ok && c.Min > lr {
		return fmt.Errorf("schedule %s: the rate MIN is %g, above the learning rate %g; UNTIL is the second argument, as in cosine:0:5", c, c.Min, lr)
	}
	return nil
}

// Rate says how the learning rate goes: "0.001", "0.001 (cosine:0:5)".
func (s Settings) Rate() string {
	text := fmt.Sprint(s.LR)
	switch {
	case s.Schedule != "" && s.Warmup != "":
		return fmt.Sprintf("%s (%s after a warm-up over %s)", text, s.Schedule, s.Warmup)
	case s.Schedule != "":
		return fmt.Sprintf("%s (%s)", text, s.Schedule)
	case s.Warmup != "":
		return fmt.Sprintf("%s (after a warm-up over %s)", text, s.Warmup)
	}
	return text
}
