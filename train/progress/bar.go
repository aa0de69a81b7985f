package progress

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/gonn-toolkit/gonn/train"
)

// redraw is how often the bar changes: enough to look alive, seldom enough to cost
// nothing.
const redraw = 100 * time.Millisecond

// reserved are columns at the end of the line that stay empty: a terminal writes "^C"
// behind the bar, and must not begin a new line for it, for only one line is cleared.
const reserved = 4

// clearLine is understood by all terminals that are not dumb.
const clearLine = "\033[2K\r"

// bar is for terminals. It fills the width that the terminal has:
//
//	45% |██████       |  epoch 2/5  2210 samples/s  loss 0.1312 acc 0.9604  1:32
type bar struct {
	w       io.Writer
	columns func() int // of the terminal, which may change
	drawn   time.Time
	shown   bool
}

func (b *bar) begin(s *train.State, now time.Time) {
	b.draw(s, now, "")
}

func (b *bar) batch(s *train.State, st status, now time.Time) {
	// The last batch is not drawn: the line of the epoch takes the place of the bar.
	if now.Sub(b.drawn) < redraw || s.Position.Step == s.Steps {
		return
	}
	running := s.Position.Running
	b.draw(s, now, fmt.Sprintf("  %.0f samples/s  loss %s acc %.4f  %s", st.speed, lossText(running.Loss()), running.Accuracy(), clock(st.left)))
}

func (b *bar) draw(s *train.State, now time.Time, numbers string) {
	b.drawn, b.shown = now, true
	text := fmt.Sprintf("  epoch %d/%d%s", s.Position.Epoch+1, s.Epochs, numbers)
	io.WriteString(b.w, clearLine+barLine(s.Position.Running.Samples, s.Samples, text, b.columns()-reserved))
}

// barLine draws done of all as a bar before a text, width columns in all. Where there is
// no room the bar is left out, and then the end of the text.
func barLine(done, all int, text string, width int) string {
	share := float64(done) / float64(all)
	percent := fmt.Sprintf("%4d%% ", int(100*share))
	if room := width - len(percent) - len("||") - len(text); room > 0 {
		full := int(share * float64(room))
		percent += "|" + strings.Repeat("█", full) + strings.Repeat(" ", room-full) + "|"
	}
	line := []rune(percent + text)
	return string(line[:min(len(line), max(width, 0))])
}

// end clears the line, "^C" included.
func (b *bar) end() {
	if b.shown {
		io.WriteString(b.w, clearLine)
		b.shown = false
	}
}

func (b *bar) stop() {}
