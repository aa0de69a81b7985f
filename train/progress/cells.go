package progress

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gonn-toolkit/gonn/train"
)

// Cells shows how several trainings are going, some of them at the same time: on a terminal in one
// line that changes in place. What End says of each stays, there and elsewhere.
type Cells struct {
	w    io.Writer
	line *Line
	now  func() time.Time

	mu        sync.Mutex
	done, all int
	began     time.Time
	running   []*cell
	worked    float64 // trainings that have been done since, by those that have ended
	waiting   float64 // trainings of which nothing is known yet
}

// cell is a callback of one of the trainings.
type cell struct {
	train.Base
	of        *Cells
	name      string
	epoch     string
	from, now float64 // shares of the training that are done
}

// NewCells begins to follow trainings, of which some are done. It writes to w.
func NewCells(w io.Writer, done, all int) *Cells {
	return &Cells{w: w, line: NewLine(w), now: time.Now, done: done, all: all, began: time.Now(), waiting: float64(all - done)}
}

// Follow is a callback for one of the trainings.
func (c *Cells) Follow(name string) train.Callback { return &cell{of: c, name: name} }

func (l *cell) TrainBegin(s *train.State) error {
	l.of.mu.Lock()
	defer l.of.mu.Unlock()
	l.of.running = append(l.of.running, l)
	l.from = share(s)
	l.of.waiting--
	l.see(s)
	return nil
}

func (l *cell) BatchEnd(s *train.State) error {
	l.of.mu.Lock()
	defer l.of.mu.Unlock()
	l.see(s)
	return nil
}

func (l *cell) see(s *train.State) {
	l.now = share(s)
	l.epoch = fmt.Sprintf("epoch %d/%d", min(s.Position.Epoch+1, s.Epochs), s.Epochs)
	l.of.show()
}

func share(s *train.State) float64 {
	return (float64(s.Position.Epoch) + float64(s.Position.Step)/float64(s.Steps)) / float64(s.Epochs)
}

// End tells that a training has ended, and a line about it.
func (c *Cells) End(name, about string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done++
	if i := slices.IndexFunc(c.running, func(l *cell) bool { return l.name == name }); i >= 0 {
		c.worked += c.running[i].now - c.running[i].from
		c.running = slices.Delete(c.running, i, i+1)
	} else {
		c.waiting-- // it has failed before it began
	}
	c.line.Clear()
	text := fmt.Sprintf("[%d/%d] %s: %s", c.done, c.all, name, about)
	if left, known := c.left(); known && c.done < c.all {
		text += fmt.Sprintf("  %s left", clock(left))
	}
	fmt.Fprintln(c.w, text)
}

// Clear takes the changing line away, so that other text may follow.
func (c *Cells) Clear() { c.line.Clear() }

// Around calls write, which may write to where Cells writes, while nothing else is written there.
func (c *Cells) Around(write func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.line.Clear()
	write()
}

func (c *Cells) show() {
	if c.line.columns == nil {
		return // nothing is shown
	}
	text := fmt.Sprintf("%d/%d", c.done, c.all)
	if left, known := c.left(); known {
		text += fmt.Sprintf("  %s left ", clock(left))
	}
	var at []string
	for _, l := range c.running {
		at = append(at, l.name+" "+l.epoch)
	}
	c.line.Show(text + " " + strings.Join(at, ", "))
}

// left is the time that all need at the speed so far. It is known when a tenth of one training is
// done.
func (c *Cells) left() (d time.Duration, known bool) {
	worked, rest := c.worked, c.waiting
	for _, l := range c.running {
		worked, rest = worked+l.now-l.from, rest+1-l.now
	}
	if worked < 0.1 {
		return 0, false
	}
	per := c.now().Sub(c.began).Seconds() / worked
	return time.Duration(rest * per * float64(time.Second)), true
}
