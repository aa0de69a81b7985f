package progress

import (
	"io"
	"time"

	"github.com/gonn-toolkit/gonn/train/terminal"
)

// Line tells what a long piece of work is doing, in one line of a terminal that changes in
// place and is gone in the end. Anywhere else it writes nothing.
type Line struct {
	w       io.Writer
	columns func() int // of the terminal; nil for none
	now     func() time.Time
	began   time.Time // when the work began
	drawn   time.Time
	shown   bool
}

// patience is how long work may take before a Line says anything.
const patience = 300 * time.Millisecond

// NewLine is a line on w, for work that begins now. It stays silent if w is no terminal, or
// the environment asks for plain text (NO_COLOR, TERM=dumb).
func NewLine(w io.Writer) *Line {
	l := &Line{w: w, now: time.Now, began: time.Now()}
	if _, ok := terminal.Size(w); ok && !terminal.Plain() {
		l.columns = func() int { return terminal.Columns(w) }
	}
	return l
}

// Show replaces the text, unless it has changed just before. A text that is too long is cut.
func (l *Line) Show(text string) {
	if l.columns == nil {
		return
	}
	now := l.now()
	if now.Sub(l.began) < patience || now.Sub(l.drawn) < redraw {
		return
	}
	l.drawn, l.shown = now, true
	runes := []rune(text)
	for i, r := range runes {
		if r < ' ' || r == 0x7f {
			runes[i] = '\ufffd'
		}
	}
	io.WriteString(l.w, clearLine+string(runes[:min(len(runes), max(l.columns()-reserved, 0))]))
}

// Clear takes the line away, so that other text may follow. The next Show brings it back.
func (l *Line) Clear() {
	if l.shown {
		io.WriteString(l.w, clearLine)
		l.shown = false
	}
}
