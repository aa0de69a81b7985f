package runpage

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/train/plot"
	"github.com/gonn-toolkit/gonn/train/report"
	"github.com/gonn-toolkit/gonn/train/sweep"
)

// moments are the epochs that are compared.
var moments = []sweep.Moment{sweep.Last, sweep.Best}

// title is the heading of a moment.
func (p *sweepPage) title(m sweep.Moment) string { return capital(p.report.MomentText(m)) }

func capital(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

// results shows the intervals of each combination, and the table behind them.
func (p *sweepPage) results() error {
	s := p.section("results", "Results")
	if rows := p.rows(sweep.Last); len(rows) > 0 {
		f, left := p.intervals(rows)
		part, err := p.colors.picture(f, 1, intervalsAlt(rows))
		if err != nil {
			return err
		}
		s.add(part)
		if len(left) > 0 {
			s.say("Outside of the picture: " + strings.Join(left, ", ") + ".")
		}
	}
	for _, m := range moments {
		if rows := p.rows(m); len(rows) > 0 {
			s.add(part{Heading: p.title(m), Table: p.resultsTable(rows)})
		}
	}
	if len(p.report.Rows) > 0 {
		s.say(p.report.Legend() + " Training losses and accuracies are of the network after training, on all of the training set.")
		for _, text := range p.report.PeerNotes() {
			s.say(text)
		}
	} else {
		s.say(p.nothing())
	}
	return nil
}

// nothing says why no training is finished.
func (p *sweepPage) nothing() string {
	if p.sweep.Count(sweep.Failed) == p.sweep.Cells() {
		return "All trainings have failed."
	}
	return "No training is finished yet."
}

// resultsTable has a row for each combination.
func (p *sweepPage) resultsTable(rows []sweep.Row) *table {
	t := &table{Head: heads("", "#runs", "#training loss", "#training accuracy", "#test loss", "#test accuracy")}
	best := least(rows)
	for i, r := range rows {
		cells := []cell{text(r.Combination), number(fmt.Sprint(r.N))}
		for _, e := range r.Estimates {
			c := number(report.MeanText(e.Spread))
			c.Strong = best == &rows[i] && e.Measure == "test_loss"
			c.addSpread(e, r.N)
			cells = append(cells, c)
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

// intervals draws the test losses of combinations: mean, interval of the mean and of one run, and
// what was published. Those that are far off would leave the others no room: they are listed.
func (p *sweepPage) intervals(rows []sweep.Row) (f *plot.Figure, left []string) {
	var means []float64
	for _, r := range rows {
		if m := estimate(r, "test_loss").Mean; !math.IsNaN(m) {
			means = append(means, m)
		}
	}
	slices.Sort(means)
	limit := math.Inf(1)
	if len(means) > 2 {
		limit = 5 * means[(len(means)-1)/2]
	}
	panel := &plot.Panel{X: plot.Axis{Label: "test loss"}}
	panel.Line("mean, 95 % interval of the mean", nil, nil, plot.Style{})
	panel.Line("95 % prediction interval of one run", nil, nil, plot.Style{Dashed: true})
	named := map[string]bool{}
	point := func(name string, x, y float64, color int) {
		if named[name] {
			panel.Points("", []float64{x}, []float64{y}, plot.Style{Color: color})
			return
		}
		named[name] = true
		panel.Points(name, []float64{x}, []float64{y}, plot.Style{Color: color})
	}
	for _, r := range slices.Backward(rows) {
		e := estimate(r, "test_loss")
		if math.IsNaN(e.Mean) {
			continue
		}
		if e.Mean > limit {
			left = append(left, r.Combination+" at "+report.MeanText(e.Spread))
			continue
		}
		y := float64(len(panel.Y.Names))
		panel.Y.Names = append(panel.Y.Names, r.Combination)
		panel.Line("", []float64{e.Run95.Low, e.Run95.High}, []float64{y, y}, plot.Style{Dashed: true})
		panel.Line("", []float64{max(e.Mean95.Low, 0), e.Mean95.High}, []float64{y, y}, plot.Style{})
		panel.Points("", []float64{e.Mean}, []float64{y}, plot.Style{})
		if e.Published != nil {
			point("published", *e.Published, y, 1)
		}
		for _, peer := range e.Peers {
			point(peer.Framework, peer.Mean, y, 2+slices.Index(p.peers, peer.Framework))
		}
	}
	n := float64(len(panel.Y.Names))
	panel.Y.Limits = &[2]float64{-0.6, n - 0.4}
	slices.Reverse(left)
	return &plot.Figure{Title: "Test loss after the last epoch", Panels: []*plot.Panel{panel}, Height: 20*n + 20}, left
}

func intervalsAlt(rows []sweep.Row) string {
	var all []string
	for _, r := range rows {
		e := estimate(r, "test_loss")
		text := r.Combination + " " + report.MeanText(e.Spread)
		if e.Published != nil {
			text += fmt.Sprintf(" (published %.4f)", *e.Published)
		}
		all = append(all, text)
	}
	return "Mean test losses with intervals: " + strings.Join(all, ", ")
}

// testsOf are the tests of a moment and measure.
func (p *sweepPage) testsOf(m sweep.Moment, measure string) []sweep.Test {
	return slices.DeleteFunc(slices.Clone(p.report.Tests), func(t sweep.Test) bool { return t.Epoch != m || t.Measure != measure })
}

// tests shows whether pairs of combinations can be told apart.
func (p *sweepPage) tests() error {
	s := p.section("tests", "Which differ")
	for i, m := range moments {
		tests := p.testsOf(m, "test_loss")
		if len(tests) == 0 {
			continue
		}
		if i == 0 {
			s.say(fmt.Sprintf("t-tests of the test loss, paired by seed: p after Holm's correction over %s. Bold where the two can be told apart at 5 %%, with whether the row's loss is lower or higher than the column's.", count(len(tests), "pair")))
		}
		if i == 0 {
			s.add(part{Heading: p.title(m), Table: p.matrix(tests)})
		} else {
			s.add(part{More: p.title(m), Hidden: []part{{Table: p.matrix(tests)}}})
		}
	}
	for _, m := range moments {
		tests := p.testsOf(m, "test_accuracy")
		if len(tests) > 0 {
			t := p.matrix(tests)
			t.Caption = "whether the row's accuracy is lower or higher than the column's"
			s.add(part{More: "By test accuracy, " + p.report.MomentText(m), Hidden: []part{{Table: t}}})
		}
	}
	return nil
}

// matrix has the p of each pair.
func (p *sweepPage) matrix(tests []sweep.Test) *table {
	t := &table{Head: heads("")}
	for _, c := range p.sweep.Combinations {
		t.Head = append(t.Head, number(c.Label))
	}
	for _, a := range p.sweep.Combinations {
		row := []cell{text(a.Label)}
		for _, b := range p.sweep.Combinations {
			row = append(row, testCell(tests, a.Label, b.Label))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func testCell(tests []sweep.Test, a, b string) cell {
	if a == b {
		return number("–")
	}
	for _, t := range tests {
		if t.A == a && t.B == b || t.A == b && t.B == a {
			c := number(strings.TrimPrefix(report.PText(t.Adjusted), "p "))
			c.Text = strings.TrimPrefix(c.Text, "= ")
			if c.Strong = t.Significant(); c.Strong {
				less := (t.Difference < 0) == (t.A == a)
				c.Text = map[bool]string{true: "lower, ", false: "higher, "}[less] + c.Text
			}
			return c
		}
	}
	return number("")
}
