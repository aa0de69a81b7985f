package optim

import "fmt"

// Warmup increases linearly from From·lr to lr. Then the schedule Then begins. It is PyTorch's
// LinearLR(start_factor=From) before another schedule in SequentialLR, and Keras's CosineDecay with warmup_steps.
type Warmup struct {
	Over Span
	From float64 // share of lr
	Then Schedule
}

func (s Warmup) At(lr float64, t Time) float64 {
	over := t.steps(s.Over)
	if past := t.Step - t.Start; past < over {
		return lr * (s.From + (1-s.From)*float64(past)/float64(over))
	}
	t.Start += over
	return s.Then.At(lr, t)
}

// String is for people: a warm-up is not part of a schedule's spelling.
func (s Warmup) String() string {
	return fmt.Sprintf("%v after a warm-up over %s", s.Then, spell(s.Over.String(), s.From))
}

// ByEpoch holds the rate that a schedule has at the beginning of an epoch until its end,
// as PyTorch's schedulers do if they are stepped once an epoch.
type ByEpoch struct{ Schedule }

func (s ByEpoch) At(lr float64, t Time) float64 {
	t.Step -= (t.Step - t.Start) % t.PerEpoch
	return s.Schedule.At(lr, t)
}

func (s ByEpoch) String() string { return byEpoch + s.Schedule.String() }

const byEpoch = "by-epoch:"
