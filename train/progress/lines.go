package progress

import (
	"fmt"
	"io"
	"time"

	"github.com/gonn-toolkit/gonn/train"
)

// every is how long a log is silent within an epoch.
const every = 10 * time.Second

// lines is for files and pipes: a long epoch gives a sign of life now and then.
type lines struct {
	w        io.Writer
	terminal bool
	last     time.Time
}

func (l *lines) begin(_ *train.State, now time.Time) { l.last = now }

func (l *lines) batch(s *train.State, st status, now time.Time) {
	if now.Sub(l.last) < every {
		return
	}
	l.last = now
	p := s.Position
	fmt.Fprintf(l.w, "epoch %d/%d  %d/%d  loss %s acc %.4f  %.0f samples/s  %s left\n",
		p.Epoch+1, s.Epochs, p.Running.Samples, s.Samples, lossText(p.Running.Loss()), p.Running.Accuracy(), st.speed, clock(st.left))
}

func (l *lines) end() {}

// stop leaves the line on which a terminal has written "^C".
func (l *lines) stop() {
	if l.terminal {
		fmt.Fprintln(l.w)
	}
}
