package report

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/train/report/table"
)

// printSlopes prints statistics of learned slopes.
func printSlopes(w *Page, all []Slopes) {
	if len(all) == 0 {
		return
	}
	fmt.Fprintln(w, "\nlearned slopes")
	t := table.New(append([]table.Column{{Title: "layer", Shrink: 2, Min: 10}, {Title: "slope", Shrink: 3, Min: 10}}, slopeColumns...)...)
	for _, s := range all {
		t.Row(append([]string{s.Layer, s.Kind + ":" + s.Sharing}, slopeCells(summaryOf(s))...)...)
	}
	w.table(t)
}

// slopeColumns are the columns of statistics. In a narrow terminal the histogram, from min to
// max, stays longest.
var slopeColumns = []table.Column{
	{Title: "count", Right: true, Drop: 1}, {Title: "mean", Right: true, Drop: 8}, {Title: "std", Right: true, Drop: 7},
	{Title: "min", Right: true, Drop: 4}, {Title: "max", Right: true, Drop: 5}, {Title: "<0 %", Right: true, Drop: 6},
	{Title: "histogram", Drop: 9},
}

func slopeCells(s SlopeSummary) []string {
	number := func(v float64) string { return fmt.Sprintf("%.4f", v) }
	return []string{
		fmt.Sprint(s.Count), number(s.Mean), number(s.Std), number(s.Min), number(s.Max),
		fmt.Sprintf("%.1f", 100*s.Below), s.histogram,
	}
}

// histogramOf draws the spread of a layer's slopes; a single value has none.
func histogramOf(s Slopes) string {
	if len(s.Values) < 2 {
		return ""
	}
	return histogramText(Histogram(s.Values, s.Min, s.Max, slopeBins))
}

// slopeBins is the number of bins of a histogram of slopes.
const slopeBins = 16

func histogramText(counts []int) string { return "|" + TerminalBars(counts) + "|" }
