package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/train/report/table"
	"github.com/gonn-toolkit/gonn/train/run"
	"github.com/gonn-toolkit/gonn/train/sweep"
)

// Sweep tells what the trainings of a sweep have come to.
type Sweep struct {
	Dir   string      `json:"sweep"`
	Grid  sweep.Grid  `json:"grid"`
	Cells []SweepCell `json:"cells"`
	sweep.Results
	Slopes []SweepSlopes `json:"slopes"` // of combinations that learn some

	trained []run.Settings // of its trainings
	peers   []*sweep.Framework
	// combinations are the settings of each, but for the seed.
	combinations []run.Settings
	restored     bool // some keep the epoch of the lowest training loss
}

// SweepCell is one training.
type SweepCell struct {
	Name   string      `json:"cell"` // its folder
	State  sweep.State `json:"state"`
	Error  string      `json:"error,omitempty"` // why it has failed
	Result *run.Result `json:"result,omitempty"`
}

// SweepOf tells of a sweep, beside the results of other frameworks. It reads the learned slopes of
// the cells.
func SweepOf(s *sweep.Sweep, peers ...*sweep.Framework) (*Sweep, error) {
	r := &Sweep{Dir: s.Dir, Grid: s.Grid, Results: s.Results(peers...), Slopes: []SweepSlopes{}, peers: peers}
	for _, c := range s.Combinations {
		r.combinations = append(r.combinations, c.Cells[0].Settings)
		for _, cell := range c.Cells {
			r.Cells = append(r.Cells, SweepCell{cell.Name, cell.State, cell.Failure, cell.Result})
			r.restored = r.restored || cell.Settings.RestoreBest && cell.Result != nil && cell.Result.Last == nil
			if cell.Settings.DataSHA256 != "" { // else nothing was trained
				r.trained = append(r.trained, cell.Settings)
			}
		}
		slopes, err := sweepSlopesOf(c, peers)
		if err != nil {
			return nil, err
		}
		r.Slopes = append(r.Slopes, slopes...)
	}
	return r, nil
}

// Text writes a table for each epoch that is compared, the tests, and the learned slopes.
func (r *Sweep) Text(w *Page) {
	r.printHead(w)
	r.printLegend(w)
	for _, m := range []sweep.Moment{sweep.Last, sweep.Best} {
		rows := slices.DeleteFunc(slices.Clone(r.Rows), func(row sweep.Row) bool { return row.Epoch != m })
		if len(rows) > 0 {
			r.printRows(w, m, rows)
		}
	}
	r.printTests(w)
	printSweepSlopes(w, r.Slopes)
}

func (r *Sweep) printHead(w *Page) {
	finished := 0
	for _, c := range r.Cells {
		if c.State == sweep.Finished {
			finished++
		}
	}
	w.fill("%s: %d of %d cells finished; %s", r.Dir, finished, len(r.Cells), r.axesText())
	if text := r.trainedText(); text != "" {
		w.fill("%s", text)
	}
	for _, c := range r.Cells {
		if c.State == sweep.Failed {
			w.fill("failed: %s: %s", c.Name, c.Error)
		}
	}
}

// trainedText says in a few words what all trainings have in common.
func (r *Sweep) trainedText() string {
	var parts []string
	for _, text := range []func(run.Settings) string{
		func(s run.Settings) string { return s.Net + s.NetPath },
		func(s run.Settings) string { return s.Data + s.DataPath },
		func(s run.Settings) string { return counted(s.Epochs, "epoch") },
		func(s run.Settings) string { return fmt.Sprintf("batches of %d", s.Batch) },
		func(s run.Settings) string { return fmt.Sprintf("%s (%s)", s.Optimizer, s.Semantics) },
		func(s run.Settings) string { return "lr " + s.Rate() },
		heldOutText,
	} {
		if common, ok := r.common(text); ok && common != "" {
			parts = append(parts, common)
		}
	}
	return strings.Join(parts, ", ")
}

func heldOutText(s run.Settings) string {
	if s.Val == 0 {
		return ""
	}
	return fmt.Sprintf("%.3g %% of the training set held out", 100*s.Val)
}

// common is a text about the settings of all trainings; ok is false if they differ in it, or
// nothing was trained.
func (r *Sweep) common(text func(run.Settings) string) (common string, ok bool) {
	for i, s := range r.trained {
		if t := text(s); i == 0 {
			common = t
		} else if t != common {
			return "", false
		}
	}
	return common, len(r.trained) > 0
}

// axesText names what differs: "act (8 values), 10 seeds".
func (r *Sweep) axesText() string {
	var parts []string
	for _, a := range r.Grid.Axes {
		parts = append(parts, fmt.Sprintf("%s (%s)", a.Setting, counted(len(a.Values), "value")))
	}
	return strings.Join(append(parts, counted(len(r.Grid.Seeds), "seed")), ", ")
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// printRows writes lines for each combination: means with their intervals, the intervals of one
// run, what was published, and other frameworks' means.
func (r *Sweep) printRows(w *Page, m sweep.Moment, rows []sweep.Row) {
	fmt.Fprintln(w)
	w.fill("%s", r.MomentText(m))
	t := table.New(table.Column{Shrink: 3, Min: 11}, table.Column{Title: "n", Right: true},
		table.Column{Title: "train loss", Drop: 2}, table.Column{Title: "train acc.", Drop: 1},
		table.Column{Title: "test loss"}, table.Column{Title: "test acc."})
	for _, row := range rows {
		means := []string{row.Combination, fmt.Sprint(row.N)}
		runs, published := []string{"  one run", ""}, []string{"  published", ""}
		for _, e := range row.Estimates {
			means, runs = append(means, MeanText(e.Spread)), append(runs, RangeText(e.Spread))
			published = append(published, PublishedText(e))
		}
		t.Row(means...)
		if row.N > 1 {
			t.Row(runs...)
		}
		if row.Estimates[0].Published != nil {
			t.Row(published...)
		}
		for i, p := range row.Estimates[0].Peers {
			cells := []string{"  " + p.Framework, fmt.Sprint(p.N)}
			for _, e := range row.Estimates {
				cells = append(cells, MeanText(e.Peers[i].Spread))
			}
			t.Row(cells...)
		}
	}
	w.table(t)
	if left := t.Dropped(w.Width); len(left) > 0 {
		w.fill("There is no room for: %s (--csv and --json have everything).", strings.Join(left, ", "))
	}
}

// MomentText says which epoch of each training it is.
func (r *Sweep) MomentText(m sweep.Moment) string {
	switch {
	case m == sweep.Best:
		return "best epoch, by the loss on samples held out of the training set"
	case r.restored:
		return "last epoch; with restore-best that of the lowest training loss, as nothing was held out"
	}
	return "last epoch"
}

// MeanText is a mean ± half of its confidence interval.
func MeanText(e sweep.Spread) string {
	switch half := (e.Mean95.High - e.Mean95.Low) / 2; {
	case math.IsNaN(e.Mean):
		return ""
	case math.IsNaN(half):
		return FigureText(e.Mean)
	default:
		return FigureText(e.Mean) + " ±" + FigureText(half)
	}
}

// RangeText is the prediction interval of one run.
func RangeText(e sweep.Spread) string {
	return FigureText(e.Run95.Low) + "…" + FigureText(e.Run95.High)
}

// PublishedText marks what is outside of the prediction interval.
func PublishedText(e sweep.Estimate) string {
	if e.Published == nil {
		return ""
	}
	text := FigureText(*e.Published)
	if !math.IsNaN(e.Run95.Low) && !e.Inside() {
		text += "*"
	}
	return text
}

// FigureText has four digits after the point, but where a loss has gone astray.
func FigureText(v float64) string {
	if math.Abs(v) < 100 {
		return strings.Replace(fmt.Sprintf("%.4f", v), "-0.0000", "0.0000", 1)
	}
	return fmt.Sprintf("%.3g", v)
}

// printLegend says what the tables have.
func (r *Sweep) printLegend(w *Page) {
	if len(r.Rows) == 0 {
		return
	}
	fmt.Fprintln(w)
	w.fill("%s", r.Legend())
	for _, text := range r.PeerNotes() {
		w.fill("%s", text)
	}
}

// Legend says what the figures in the tables are.
func (r *Sweep) Legend() string {
	several, published, outside := false, false, false
	for _, row := range r.Rows {
		several = several || row.N > 1
		for _, e := range row.Estimates {
			published = published || e.Published != nil
			outside = outside || strings.HasSuffix(PublishedText(e), "*")
		}
	}
	text := "Means over seeds; with two seeds or more also ± half of their 95 % confidence interval, and the 95 % prediction interval of one run."
	if several {
		text = "Means over seeds ± half of their 95 % confidence interval; one run: 95 % prediction interval."
	}
	if published {
		text += " Published: the study's figure, of one run"
		if outside {
			text += "; * marks one outside of the prediction interval"
		}
		text += "."
	}
	return text
}

// PeerNotes say what stands in the tables of each other framework.
func (r *Sweep) PeerNotes() (notes []string) {
	for _, f := range r.peers {
		if n := f.Count(r.combinations...); n > 0 {
			notes = append(notes, fmt.Sprintf("%s is version %s: means of %s with the same settings. %s has made them.", f.Name(), f.Version(), counted(n, "training"), f.Command))
			continue
		}
		text := fmt.Sprintf("None of the trainings in %s has the settings of one here", f.Name())
		if d := f.Differences(r.combinations...); len(d) > 0 {
			text += ": they differ in " + strings.Join(d, ", ")
		}
		notes = append(notes, text+".")
	}
	return notes
}
