package tensorboard

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/train"
)

// About is what event files say of a training besides its course.
type About struct {
	Hparams  []Hparam   // for the HPARAMS tab
	Settings []Hparam   // all settings, for the TEXT tab
	Samples  nn.Samples // are shown once; nil shows none
	// History are the epochs before the session. Those of which there are no events are
	// written as if they were new.
	History []train.EpochMetrics
}

// Logger is a train.Callback that writes the events of a training to a folder: for each epoch all
// series, as scalars, and every few epochs histograms and pictures of the parameters, and
// histograms of the gradients of the epoch's last step, before clipping. The step of an event is
// the number of epochs done.
//
// In the list of callbacks it comes after those that add to the series of an epoch and before the
// one that saves checkpoints: what is saved is in the events too. Each session has a file of its
// own. Events of epochs that the training, as it begins, has not done are removed.
type Logger struct {
	train.Base
	Dir string
	// Every is the number of epochs from one set of histograms to the next; 0 is 1. The last
	// epoch has them too.
	Every int
	About About

	w    *Writer
	file *os.File
}

// TrainBegin settles the event files of earlier sessions, and begins a new one.
func (l *Logger) TrainBegin(s *train.State) error {
	left, err := cut(l.Dir, s.Position)
	if err != nil {
		return failed(err)
	}
	if l.file, err = newFile(l.Dir, time.Now()); err != nil {
		return failed(err)
	}
	l.w = NewWriter(l.file)
	last := left.last
	if last >= 0 {
		l.w.session(s.Position.Epoch + 1)
	} else {
		l.w.session(0)
		if err := l.w.describe(l.About, s.Network); err != nil {
			return failed(err)
		}
	}
	for _, m := range l.About.History {
		if m.Epoch > last {
			l.w.epoch(m)
		}
	}
	if last < s.Position.Epoch && s.Position.Step == 0 {
		if err := l.w.parameters(s.Network, s.Position.Epoch); err != nil {
			return failed(err)
		}
	}
	if last >= 0 && !bytes.Equal(left.settings, settingsValue(l.About)) { // a resume has changed some
		l.w.settings(l.About, s.Position.Epoch)
	}
	return l.flush()
}

// EpochEnd writes an epoch and brings it to the disk.
func (l *Logger) EpochEnd(s *train.State) error {
	m := s.Last()
	l.w.epoch(m)
	if l.due(s, m.Epoch) {
		if err := l.w.parameters(s.Network, m.Epoch); err != nil {
			return failed(err)
		}
	}
	return l.flush()
}

// due reports whether an epoch has histograms.
func (l *Logger) due(s *train.State, epoch int) bool {
	return epoch%cmp.Or(l.Every, 1) == 0 || epoch == s.Epochs
}

// Observes asks for no layers.
func (l *Logger) Observes(*nn.Network) (outputs, gradients []string) { return nil, nil }

// Wants asks for the last step of an epoch that has histograms.
func (l *Logger) Wants(s *train.State) bool {
	return s.Position.Step+1 == s.Steps && l.due(s, s.Position.Epoch+1)
}

// Gradients writes histograms.
func (l *Logger) Gradients(s *train.State, step train.StepValues) error {
	l.w.gradients(s.Network, step.Grads, s.Position.Epoch+1)
	return nil
}

// Clipped does nothing.
func (l *Logger) Clipped(*train.State, nn.Grads) error { return nil }

// TrainEnd writes how the training has ended, and closes the file. One that was interrupted is to go
// on: nothing is known of it yet.
func (l *Logger) TrainEnd(s *train.State) error {
	if l.file == nil {
		return nil
	}
	status := Unknown
	switch {
	case s.Err != nil:
		status = Failure
	case s.Position.Step == 0 && (s.History.Stopped != train.Interrupted || s.Position.Epoch == s.Epochs):
		status = Success
	}
	l.w.End(s.Position.Epoch, status)
	return errors.Join(l.flush(), failed(l.file.Close()))
}

// Result adds numbers that are known only after the training, at the step of its last epoch.
func (l *Logger) Result(epoch int, values []train.Value) (err error) {
	if l.file == nil {
		return nil
	}
	f, err := os.OpenFile(l.file.Name(), os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return failed(err)
	}
	defer func() { err = errors.Join(err, failed(f.Close())) }()
	w := &Writer{to: f, now: time.Now}
	w.epoch(train.EpochMetrics{Epoch: epoch, Values: values})
	return failed(w.Flush())
}

// flush brings the events so far to the disk.
func (l *Logger) flush() error {
	if err := l.w.Flush(); err != nil {
		return failed(err)
	}
	return failed(l.file.Sync())
}

func failed(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("TensorBoard's events: %w", err)
}
