// Package progress shows how a training is going: a bar with speed, loss, accuracy and
// the time left on a terminal, plain lines in a file or a pipe. One line an epoch stays
// in both. Cells does that for several trainings at the same time; of other long work a Line shows
// what is being done.
package progress

import (
	"fmt"
	"io"
	"time"

	"github.com/gonn-toolkit/gonn/train"
	"github.com/gonn-toolkit/gonn/train/terminal"
)

// New is a callback that writes to w: a bar if that is a terminal wide enough for it and
// the environment does not ask for plain text (NO_COLOR, TERM=dumb), else lines.
// A write that fails does not end the training.
func New(w io.Writer) train.Callback {
	columns, ok := terminal.Size(w)
	r := &reporter{w: w, now: time.Now, live: &lines{w: w, terminal: ok}}
	if ok && columns >= barColumns && !terminal.Plain() {
		r.live = &bar{w: w, columns: func() int { return terminal.Columns(w) }}
	}
	return r
}

// barColumns is a width with room for a bar beside the numbers.
const barColumns = 75

// live is what tells of an epoch while it goes on.
type live interface {
	begin(s *train.State, now time.Time)
	batch(s *train.State, st status, now time.Time)
	end()  // of the epoch, or after an error
	stop() // after end, within an epoch
}

// status is the state of an epoch in numbers.
type status struct {
	speed float64       // samples a second
	left  time.Duration // of the whole training, if it is not stopped, without validation
}

// reporter follows a training and writes a line for each epoch.
type reporter struct {
	train.Base
	w    io.Writer
	now  func() time.Time
	live live

	pace Pace
}

func (r *reporter) EpochBegin(s *train.State) error {
	now := r.now()
	r.pace.Begin(s, now)
	r.live.begin(s, now)
	return nil
}

func (r *reporter) BatchEnd(s *train.State) error {
	now := r.now()
	speed, left := r.pace.At(s, now)
	r.live.batch(s, status{speed, left}, now)
	return nil
}

func (r *reporter) EpochEnd(s *train.State) error {
	r.live.end()
	fmt.Fprintln(r.w, epochLine(s))
	return nil
}

// TrainEnd takes away what shows of an epoch that was not finished.
func (r *reporter) TrainEnd(s *train.State) error {
	r.live.end()
	if s.Position.Step > 0 {
		r.live.stop()
	}
	return nil
}

// epochLine sums up the epoch that has just ended, in less than 80 columns:
//
//	epoch 2/5  loss 0.1312 acc 0.9604  lr 0.001  54 s  2210/s
//	epoch 2/5  loss 0.1312 acc 0.9604  val 0.1121 acc 0.9660  lr 0.001  54 s
//
// Where that is too long, the times go.
func epochLine(s *train.State) string {
	m := s.Last()
	line := fmt.Sprintf("epoch %d/%d  loss %s acc %.4f", m.Epoch, s.Epochs, lossText(m.Loss()), m.Accuracy())
	if m.Validated() {
		line += fmt.Sprintf("  val %s acc %.4f", lossText(m.ValLoss()), m.ValAccuracy())
	}
	line += fmt.Sprintf("  lr %.3g", m.LR())
	timed := fmt.Sprintf("%s  %s s", line, seconds(m.Seconds()))
	if m.Validated() {
		return firstThatFits(timed, line)
	}
	return firstThatFits(fmt.Sprintf("%s  %.0f/s", timed, m.SamplesPerSecond()), timed, line)
}

// lossText has four digits after the point, but where a training goes astray.
func lossText(v float64) string {
	if v < 1e5 {
		return fmt.Sprintf("%.4f", v)
	}
	return fmt.Sprintf("%.3g", v)
}

// firstThatFits is the first line shorter than 80 columns, or the last.
func firstThatFits(lines ...string) string {
	for _, line := range lines {
		if len(line) < 80 {
			return line
		}
	}
	return lines[len(lines)-1]
}

// clock writes a duration as people read it off a watch: 0:07, 12:30, 1:02:03.
func clock(d time.Duration) string {
	t := int(d.Round(time.Second).Seconds())
	h, m, s := t/3600, t/60%60, t%60
	if h > 0 {
		return fmt.Sprintf("%d:%02d:%02d", h, m, s)
	}
	return fmt.Sprintf("%d:%02d", m, s)
}

// seconds has one digit after the point where that says something.
func seconds(v float64) string {
	if v < 10 {
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.0f", v)
}
