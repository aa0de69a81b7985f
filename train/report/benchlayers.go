package report

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn/bench"
	"github.com/gonn-toolkit/gonn/train/report/table"
)

// BenchLayers writes the table of a network's layers, and under it what they take together and
// what the whole does.
func BenchLayers(w *Page, l *bench.Layers) {
	of := ""
	if l.Act != "" {
		of = " of the network with " + l.Act
	}
	fmt.Fprintf(w, "\nlayers%s in %s, %d workers, µs a batch of %d\n", of, l.Pass, l.Workers, l.Batch)
	training := l.Pass == bench.Training
	columns := []table.Column{
		{Title: "layer", Shrink: 2}, {Title: "kind", Drop: 1}, {Title: "output shape", Drop: 4},
		{Title: "MACs", Right: true, Drop: 3}, {Title: "forward", Right: true},
	}
	if training {
		columns = append(columns, table.Column{Title: "backward", Right: true})
	}
	t := table.New(append(columns,
		table.Column{Title: "time", Right: true}, table.Column{Title: "GFLOP/s", Right: true}, table.Column{Title: "of peak", Right: true})...)
	fused := false
	add := func(r bench.LayerRow, shape string) {
		cells := []string{r.Layer, r.Kind, shape, short(int64(r.MACs)), micros(r.ForwardUS)}
		if r.With != "" {
			cells[4] = "fused"
			fused = true
		}
		if training {
			cells = append(cells, micros(r.BackwardUS))
		}
		t.Row(append(cells, figure("%.0f %%", 100*r.ShareOfTime), figure("%.1f", r.GFLOPS), figure("%.1f %%", 100*r.ShareOfPeak))...)
	}
	total := bench.LayerRow{Layer: "total"}
	for _, r := range l.Rows {
		add(r, r.Shape.String())
		total.ForwardUS, total.BackwardUS = total.ForwardUS+r.ForwardUS, total.BackwardUS+r.BackwardUS
		total.MACs, total.ShareOfTime = total.MACs+r.MACs, total.ShareOfTime+r.ShareOfTime
	}
	add(total, "")
	w.table(t)
	what := "The whole batch"
	if training {
		what = "The whole step, with data, loss and Adam,"
	}
	w.fill("%s takes %s µs without the clocks.", what, micros(l.StepUS))
	if fused {
		w.fill("fused: computed with another layer, in whose row the time is (with, in --json).")
	}
}

// micros is a number of microseconds as a cell.
func micros(us float64) string {
	if us >= 1000 {
		return figure("%.0f", us)
	}
	return figure("%.1f", us)
}

// short is a number of multiply–accumulates as a cell, with three digits.
func short(n int64) string {
	v := float64(n)
	for _, unit := range []string{"", " k", " M", " G"} {
		switch {
		case n < 1000 && unit == "":
			return figure("%.0f", v)
		case v < 999.5:
			return fmt.Sprintf("%.3g%s", v, unit)
		}
		v /= 1000
	}
	return fmt.Sprintf("%.3g T", v)
}

// figure is a number as a cell, empty for 0.
func figure(format string, v float64) string {
	if v == 0 {
		return ""
	}
	return fmt.Sprintf(format, v)
}
