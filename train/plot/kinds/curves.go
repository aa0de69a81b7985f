package kinds

import (
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/train/plot"
)

var curves = &Kind{
	Name: "curves", Usage: "metrics over epochs, of runs or of a sweep's means over seeds",
	Takes: Runs,
	Options: []Option{
		{Name: "metric", Usage: "`LIST` of metrics, as in loss,lr; one that ends in a slash takes all below it: grad_norm/ (default: loss,accuracy)"},
		{Name: "log", Usage: "logarithmic axes for the values", Bool: true},
	},
	Draw: drawCurves,
}

func drawCurves(in *Input) (*plot.Figure, error) {
	if err := in.trained(); err != nil {
		return nil, err
	}
	metrics, err := in.metrics(in.List("metric", "loss", "accuracy"))
	if err != nil {
		return nil, err
	}
	groups := in.groups()
	f := &plot.Figure{Title: "Training curves", Note: bandNote(groups), ShareX: true}
	if len(metrics) == 1 {
		f.Title, f.Aspect = metrics[0], 0.5
	}
	for _, m := range metrics {
		f.Panels = append(f.Panels, curvesPanel(groups, m, 0, in.Bool("log"), len(metrics) > 1))
	}
	return f, nil
}

// metrics are those that were asked for, with what ends in a slash resolved.
func (in *Input) metrics(asked []string) ([]string, error) {
	all := in.names()
	var metrics []string
	for _, m := range asked {
		found := false
		for _, name := range all {
			if name != m && !(strings.HasSuffix(m, "/") && strings.HasPrefix(name, m)) {
				continue
			}
			if found = true; !slices.Contains(metrics, name) {
				metrics = append(metrics, name)
			}
		}
		if !found {
			shown := all
			if len(all) > 12 {
				shown = append(slices.Clone(all[:12]), "…")
			}
			return nil, Usage("--metric %s: no run has it; they have %s", m, strings.Join(shown, ", "))
		}
	}
	return metrics, nil
}

// curvesPanel draws a metric of the training dashed and the same of the validation solid, in
// colours from first on.
func curvesPanel(groups []group, metric string, first int, log, titled bool) *plot.Panel {
	p := &plot.Panel{X: plot.Axis{Label: "epoch", Whole: true}, Y: plot.Axis{Log: log}}
	if titled {
		p.Title = metric
	}
	val, both := "val_"+metric, false
	for _, g := range groups {
		for _, s := range g.sources {
			_, _, ok := s.series(val)
			both = both || ok
		}
	}
	for i, g := range groups {
		// A run may have a series of the training alone: the name is there for both.
		p.Line(g.name, nil, nil, plot.Style{Color: first + i})
		addSeries(p, g, metric, plot.Style{Color: first + i, Dashed: both})
		addSeries(p, g, val, plot.Style{Color: first + i})
	}
	if both {
		p.Line("validation", nil, nil, plot.Style{Muted: true})
		p.Line("training", nil, nil, plot.Style{Muted: true, Dashed: true})
	}
	return p
}
