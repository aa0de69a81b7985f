package report

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/train/report/table"
	"github.com/gonn-toolkit/gonn/train/run"
	"github.com/gonn-toolkit/gonn/train/sweep"
)

// SweepSlopes are the learned slopes of a layer over the seeds of a combination, after the last
// epoch.
type SweepSlopes struct {
	Combination string `json:"combination"`
	Layer       string `json:"layer"`
	Param       string `json:"param"`
	Sharing     string `json:"sharing"`
	N           int    `json:"n"` // runs
	// Mean and Std are estimates of each run's mean and standard deviation over the layer's
	// slopes.
	Mean sweep.Estimate `json:"mean"`
	Std  sweep.Estimate `json:"std"`
}

// sweepSlopesOf reads the slopes of the finished cells of a combination.
func sweepSlopesOf(c sweep.Combination, peers []*sweep.Framework) ([]SweepSlopes, error) {
	var first []Slopes
	var means, stds [][]float64 // by layer and run
	for _, cell := range c.Cells {
		if cell.State != sweep.Finished {
			continue
		}
		net, _, _, err := run.Epochs(cell.Dir)
		if err != nil {
			return nil, err
		}
		slopes := SlopesOf(net)
		if len(slopes) == 0 {
			return nil, nil // the other seeds learn none either: their networks differ in values only
		}
		if first == nil {
			first, means, stds = slopes, make([][]float64, len(slopes)), make([][]float64, len(slopes))
		}
		for i, s := range slopes {
			means[i], stds[i] = append(means[i], s.Mean), append(stds[i], s.Std)
		}
	}
	_, study := sweep.Published(c.Cells[0].Settings)
	var all []SweepSlopes
	for i, s := range first {
		r := SweepSlopes{
			Combination: c.Label, Layer: s.Layer, Param: s.Param, Sharing: s.Sharing, N: len(means[i]),
			Mean: sweep.EstimateOf("slope_mean", means[i]), Std: sweep.EstimateOf("slope_std", stds[i]),
		}
		if study && i < len(sweep.PublishedSlopes) {
			p := sweep.PublishedSlopes[i]
			r.Mean.Published, r.Std.Published = &p.Mean, &p.Std
		}
		for _, f := range peers {
			if mean, std, ok := f.Slopes(c.Cells[0].Settings, s.Layer); ok {
				r.Mean.Peers, r.Std.Peers = append(r.Mean.Peers, mean), append(r.Std.Peers, std)
			}
		}
		all = append(all, r)
	}
	return all, nil
}

func printSweepSlopes(w *Page, all []SweepSlopes) {
	if len(all) == 0 {
		return
	}
	fmt.Fprintln(w)
	w.fill("learned slopes of the last epoch: mean and standard deviation over a layer")
	t := table.New(table.Column{Shrink: 1, Min: 11}, table.Column{Title: "layer", Shrink: 3}, table.Column{Title: "n", Right: true, Drop: 2},
		table.Column{Title: "mean"}, table.Column{Title: "std"})
	for _, s := range all {
		t.Row(s.Combination, s.Layer, fmt.Sprint(s.N), MeanText(s.Mean.Spread), MeanText(s.Std.Spread))
		if s.N > 1 {
			t.Row("  one run", "", "", RangeText(s.Mean.Spread), RangeText(s.Std.Spread))
		}
		if s.Mean.Published != nil {
			t.Row("  published", "", "", PublishedText(s.Mean), PublishedText(s.Std))
		}
		for i, p := range s.Mean.Peers {
			t.Row("  "+p.Framework, "", fmt.Sprint(p.N), MeanText(p.Spread), MeanText(s.Std.Peers[i].Spread))
		}
	}
	w.table(t)
}
