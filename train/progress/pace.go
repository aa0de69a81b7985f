package progress

import (
	"time"

	"github.com/gonn-toolkit/gonn/train"
)

// Pace measures how fast a training is within its epoch.
type Pace struct {
	began time.Time // of this epoch, or of the part since a resume
	from  int       // samples that the epoch had then
}

// Begin is for Callback.EpochBegin.
func (p *Pace) Begin(s *train.State, now time.Time) {
	p.began, p.from = now, s.Position.Running.Samples
}

// At is the speed in samples a second since Begin, and the time that the rest of the training
// takes at this speed if it is not stopped, validation not included. Both are 0 before any time
// has passed.
func (p *Pace) At(s *train.State, now time.Time) (speed float64, left time.Duration) {
	seconds := now.Sub(p.began).Seconds()
	done := s.Position.Running.Samples
	if seconds <= 0 || done <= p.from {
		return 0, 0
	}
	speed = float64(done-p.from) / seconds
	rest := (s.Epochs-s.Position.Epoch)*s.Samples - done
	return speed, time.Duration(float64(rest) / speed * float64(time.Second))
}
