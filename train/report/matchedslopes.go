package report

import (
	"fmt"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/match"
	"github.com/gonn-toolkit/gonn/train/report/table"
)

// MatchedSlopes are the slopes of an activation of both networks, with their distributions on a
// common axis.
type MatchedSlopes struct {
	Layers [2]string `json:"layers"` // names
	// Counts are histograms of equal bins from From to To, the least and the largest slope of
	// both; empty for a network that learns none here.
	From   float64  `json:"from"`
	To     float64  `json:"to"`
	Counts [2][]int `json:"counts"`
	// Correlation is that of the slopes of matched channels; missing if there are fewer than
	// three, or all of a network are equal.
	Correlation *float64 `json:"correlation,omitempty"`
}

// matchedSlopesOf lists the activations of which one network at least has learned slopes.
func matchedSlopesOf(a, b *nn.Network, pairs []match.Activation) []MatchedSlopes {
	first, second := slopesByLayer(a), slopesByLayer(b)
	all := []MatchedSlopes{}
	for _, p := range pairs {
		r := MatchedSlopes{Layers: [2]string{p.A, p.B}, From: math.Inf(1), To: math.Inf(-1), Correlation: ifFinite(p.Correlation)}
		both := [2]*Slopes{first[p.A], second[p.B]}
		for _, s := range both {
			if s != nil {
				r.From, r.To = min(r.From, s.Min), max(r.To, s.Max)
			}
		}
		if ifFinite(r.From) == nil || ifFinite(r.To) == nil {
			continue // none learns any, or some are not finite
		}
		for i, s := range both {
			r.Counts[i] = []int{}
			if s != nil {
				r.Counts[i] = Histogram(s.Values, r.From, r.To, slopeBins)
			}
		}
		all = append(all, r)
	}
	return all
}

func slopesByLayer(net *nn.Network) map[string]*Slopes {
	all := map[string]*Slopes{}
	for _, s := range SlopesOf(net) {
		all[s.Layer] = &s
	}
	return all
}

// slopeRow is a row of the table of slopes.
type slopeRow struct {
	model       int
	slopes      SlopeSummary
	correlation string
}

// slopeRows lists the slopes of both models: those of layers that correspond one below the other,
// with histograms on a common axis, then the others.
func (r *SideBySide) slopeRows() (rows []slopeRow) {
	rest := [2][]SlopeSummary{slices.Clone(r.Models[0].Slopes), slices.Clone(r.Models[1].Slopes)}
	if r.Filters != nil {
		for _, pair := range r.Filters.Slopes {
			for i, layer := range pair.Layers {
				at := slices.IndexFunc(rest[i], func(s SlopeSummary) bool { return s.Layer == layer })
				if at < 0 {
					continue
				}
				row := slopeRow{model: i, slopes: rest[i][at]}
				rest[i] = slices.Delete(rest[i], at, at+1)
				if row.slopes.Count > 1 {
					row.slopes.histogram = histogramText(pair.Counts[i])
				}
				if i == 1 && pair.Correlation != nil {
					row.correlation = fmt.Sprintf("%.3f", *pair.Correlation)
				}
				rows = append(rows, row)
			}
		}
	}
	for at := range max(len(rest[0]), len(rest[1])) {
		for i := range rest {
			if at < len(rest[i]) {
				rows = append(rows, slopeRow{model: i, slopes: rest[i][at]})
			}
		}
	}
	return rows
}

// printSlopes writes a table of the slopes of both models.
func (r *SideBySide) printSlopes(w *Page) {
	rows := r.slopeRows()
	if len(rows) == 0 {
		return
	}
	fmt.Fprintln(w, "\nslopes")
	columns := append([]table.Column{{Title: "  layer", Shrink: 3, Min: 12}, {Title: "model", Shrink: 2, Min: 8}}, slopeColumns...)
	t := table.New(append(columns, table.Column{Title: "r", Right: true, Drop: 6})...)
	for _, row := range rows {
		s := row.slopes
		cells := append([]string{fmt.Sprintf("  %s (%s:%s)", s.Layer, s.Kind, s.Sharing), r.Models[row.model].Name}, slopeCells(s)...)
		t.Row(append(cells, row.correlation)...)
	}
	w.table(t)
	if r.Filters != nil && len(r.Filters.Slopes) > 0 {
		w.fill("  histograms of a layer run from the least to the largest slope of both models; r is the correlation of the slopes of matched channels")
	}
}
