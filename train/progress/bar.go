package progress

import (
	"fmt"
	"io"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/gonn-toolkit/gonn/train"
)

// redraw is how often the bar changes: enough to look alive, seldom enough to cost
// nothing.
const redraw = 100 * time.Millisecond

// bar is for terminals. It fills the width that the terminal has:
//
//	45% |██████       |  epoch 2/5  2210 samples/s  loss 0.1312 acc 0.9604  1:32
type bar struct {
	w     io.Writer
	bar   *progressbar.ProgressBar
	drawn time.Time
}

func (b *bar) begin(s *train.State, now time.Time) {
	b.drawn = now
	b.bar = progressbar.NewOptions(s.Samples,
		progressbar.OptionSetWriter(b.w),
		progressbar.OptionFullWidth(),
		progressbar.OptionShowDescriptionAtLineEnd(),
		progressbar.OptionSetElapsedTime(false),
		progressbar.OptionSetPredictTime(false), // ours is that of the whole training
		progressbar.OptionUseANSICodes(true),
		progressbar.OptionSetTheme(progressbar.Theme{Saucer: "█", SaucerPadding: " ", BarStart: "|", BarEnd: "|"}),
		progressbar.OptionSetDescription(fmt.Sprintf("epoch %d/%d", s.Position.Epoch+1, s.Epochs)),
	)
	b.bar.Set(s.Position.Running.Samples)
}

func (b *bar) batch(s *train.State, st status, now time.Time) {
	// The last batch is not drawn: the line of the epoch takes the place of the bar.
	if now.Sub(b.drawn) < redraw || s.Position.Step == s.Steps {
		return
	}
	b.drawn = now
	p := s.Position
	b.bar.Set(p.Running.Samples)
	b.bar.Describe(fmt.Sprintf("epoch %d/%d  %.0f samples/s  loss %.4f acc %.4f  %s",
		p.Epoch+1, s.Epochs, st.speed, p.Running.Loss(), p.Running.Accuracy(), clock(st.left)))
}

// end clears the line.
func (b *bar) end() {
	if b.bar != nil {
		b.bar.Clear()
		b.bar = nil
	}
}
