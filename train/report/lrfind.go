package report

import (
	"fmt"
	"math"

	"github.com/gonn-toolkit/gonn/train/lrfind"
	"github.com/gonn-toolkit/gonn/train/recipe"
	"github.com/gonn-toolkit/gonn/train/report/table"
	"github.com/gonn-toolkit/gonn/train/run"
)

// LRFind is the result of a learning-rate range test.
type LRFind struct {
	Settings run.Settings `json:"settings"` // but for the rate, its schedule and the epochs
	Data     string       `json:"data"`
	Samples  int          `json:"samples"`
	Min      float64      `json:"min"`
	Max      float64      `json:"max"`
	Steps    int          `json:"steps"` // asked for
	lrfind.Result
	Picture string `json:"picture,omitempty"` // the file that was written
}

// LRFindOf tells of a test of a training.
func LRFindOf(t *recipe.Training, c lrfind.Config, result *lrfind.Result) *LRFind {
	return &LRFind{Settings: t.Settings, Data: t.Set.Name, Samples: t.Fit.Len(), Min: c.Min, Max: c.Max, Steps: c.Steps, Result: *result}
}

// What says what was trained, for the note of a picture.
func (r *LRFind) What() string {
	s := r.Settings
	return fmt.Sprintf("%s, %s (%s), batches of %d of %s", NetText(s), s.Optimizer, s.Semantics, s.Batch, r.Data)
}

// Text draws the smoothed loss and says what the suggestions mean.
func (r *LRFind) Text(w *Page) {
	w.fill("learning-rate range test: %s", r.What())
	last := r.Points[len(r.Points)-1]
	if r.Stopped == "" {
		w.fill("%d steps from %.3g to %.3g", r.Steps, r.Min, r.Max)
	} else {
		w.fill("%d of %d steps from %.3g to %.3g; ended at %.3g: %s", len(r.Points), r.Steps, r.Min, r.Max, last.LR, r.Stopped)
	}
	low, high := r.extent()
	width := 60
	if w.Width > 0 {
		width = max(10, min(width, w.Width-4))
	}
	fmt.Fprintf(w, "\nsmoothed loss from %.4g to %.4g by learning rate\n  |%s|\n  %-*s%s\n\n", low, high, TerminalBars(r.heights(width, low, high)),
		width, fmt.Sprintf("%.3g", r.Points[0].LR), fmt.Sprintf("%.3g", last.LR))
	if r.Picture != "" {
		w.fill("picture: %s", r.Picture)
	}
	if r.Steepest == nil && r.MinTenth == nil {
		w.fill("The loss never falls in this range: try other rates with --min and --max, or more --steps.")
		return
	}
	t := table.New(table.Column{Title: "suggestion"}, table.Column{Title: "lr", Right: true}, table.Column{Title: "where", Shrink: 1, Min: 10})
	if r.Steepest != nil {
		t.Row("steepest", fmt.Sprintf("%.2g", *r.Steepest), "the smoothed loss falls fastest")
	}
	if r.MinTenth != nil {
		t.Row("lowest / 10", fmt.Sprintf("%.2g", *r.MinTenth), fmt.Sprintf("a tenth of %.2g, where the smoothed loss is lowest", *r.Lowest))
	}
	w.table(t)
	if r.Lowest != nil && *r.Lowest == last.LR && r.Stopped == "" {
		w.fill("The loss still falls at the last rate: try a larger --max.")
	}
}

// extent is from the lowest smoothed loss to the highest one before it: what comes behind it may
// be far above.
func (r *LRFind) extent() (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	before := high
	for _, p := range r.Points {
		if before = max(before, p.Smoothed); p.Smoothed < low {
			low, high = p.Smoothed, before
		}
	}
	if high == low { // it never falls
		high = before
	}
	return low, high
}

// heights are the smoothed losses as bars, 1 to 100, in columns of equally many steps.
func (r *LRFind) heights(columns int, low, high float64) []int {
	heights := make([]int, columns)
	for i := range heights {
		p := r.Points[i*len(r.Points)/columns]
		heights[i] = 100
		if high > low {
			heights[i] = 1 + int(99*min((p.Smoothed-low)/(high-low), 1))
		}
	}
	return heights
}
