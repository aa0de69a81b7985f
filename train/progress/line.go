package progress

import (
	"io"
	"sync"
	"time"

	"github.com/gonn-toolkit/gonn/train/terminal"
)

// Line tells what a long piece of work is doing, in one line of a terminal that changes in
// place and is gone in the end. Anywhere else it writes nothing.
type Line struct {
	w       io.Writer
	columns func() int // of the terminal; nil for none

	mu    sync.Mutex
	next  time.Time // before which nothing is drawn
	text  string
	timer *time.Timer // that draws text, nil if it is drawn
	shown bool
}

// patience is how long work may take before a Line says anything.
const patience = 300 * time.Millisecond

// NewLine is a line on w, for work that begins now. It stays silent if w is no terminal, or
// the environment asks for plain text (NO_COLOR, TERM=dumb).
func NewLine(w io.Writer) *Line {
	l := &Line{w: w, next: time.Now().Add(patience)}
	if _, ok := terminal.Size(w); ok && !terminal.Plain() {
		l.columns = func() int { return terminal.Columns(w) }
	}
	return l
}

// Show replaces the text, at once or soon: it changes ten times a second at most. A text that
// is too long is cut.
func (l *Line) Show(text string) {
	if l.columns == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = text
	if l.timer != nil {
		return
	}
	if wait := time.Until(l.next); wait > 0 {
		l.timer = time.AfterFunc(wait, l.late)
		return
	}
	l.draw()
}

// late draws a text that came too soon.
func (l *Line) late() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.timer != nil { // else it was cleared
		l.timer = nil
		l.draw()
	}
}

func (l *Line) draw() {
	l.next, l.shown = time.Now().Add(redraw), true
	runes := []rune(l.text)
	for i, r := range runes {
		if r < ' ' || r == 0x7f {
			runes[i] = '\ufffd'
		}
	}
	io.WriteString(l.w, clearLine+string(runes[:min(len(runes), max(l.columns()-reserved, 0))]))
}

// Clear takes the line away, so that other text may follow. The next Show brings it back.
func (l *Line) Clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.timer != nil {
		l.timer.Stop()
		l.timer = nil
	}
	if l.shown {
		io.WriteString(l.w, clearLine)
		l.shown = false
	}
}
