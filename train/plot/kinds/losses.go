package kinds

import (
	"math"

	"github.com/gonn-toolkit/gonn/train/plot"
)

var losses = &Kind{
	Name: "losses", Usage: "BCE against MSE: at the start, at worst, in curves of runs",
	Takes: Runs, Optional: true,
	Draw: drawLosses,
}

// A classifier with one output a in (0, 1), for a sample of class 1: the losses, and their
// derivatives by the logit z, of which a is the sigmoid.
var lossForms = []struct {
	name         string
	value, slope func(a float64) float64
}{
	{"BCE", func(a float64) float64 { return -math.Log(a) }, func(a float64) float64 { return a - 1 }},
	{"MSE", func(a float64) float64 { return (1 - a) * (1 - a) }, func(a float64) float64 { return 2 * (a - 1) * a * (1 - a) }},
}

func drawLosses(in *Input) (*plot.Figure, error) {
	if err := in.trained(); err != nil {
		return nil, err
	}
	values := &plot.Panel{Title: "loss of a sample of class 1", X: plot.Axis{Label: "output a", Limits: &[2]float64{0, 1}},
		Y: plot.Axis{Limits: &[2]float64{0, 4}}}
	slopes := &plot.Panel{Title: "size of the gradient by the logit", X: plot.Axis{Label: "output a", Limits: &[2]float64{0, 1}}}
	for i, l := range lossForms {
		s := plot.Style{Color: i}
		x, y := curve(l.value, 0.001, 0.999, curvePoints)
		values.Line(l.name, x, y, s)
		x, y = curve(func(a float64) float64 { return math.Abs(l.slope(a)) }, 0.001, 0.999, curvePoints)
		slopes.Line(l.name, x, y, s)
		values.Points("", []float64{0.5}, []float64{l.value(0.5)}, s)
	}
	values.Text(0.52, math.Ln2+0.12, "start: ln 2 ≈ 0.69", plot.Style{Color: 0})
	values.Text(0.19, 0.03, "start: 0.25", plot.Style{Color: 1})
	values.Text(0.09, 2.8, "at worst without bound", plot.Style{Color: 0})
	values.Text(0.01, 1.1, "at worst 1", plot.Style{Color: 1})
	slopes.Text(0.04, 0.02, "at worst MSE hardly learns", plot.Style{Color: 1})
	f := &plot.Figure{Title: "Binary cross-entropy and mean squared error", Panels: []*plot.Panel{values, slopes}, Aspect: 0.7}
	if len(in.Sources) > 0 {
		groups := in.groups()
		for i := range groups {
			if s := groups[i].sources[0].Settings; s != nil {
				groups[i].name += " (" + s.Loss + ")"
			}
		}
		p := curvesPanel(groups, "loss", len(lossForms), false, true)
		p.Title = "loss of the runs"
		q := curvesPanel(groups, "loss", len(lossForms), true, true)
		q.Title = "the same, logarithmic"
		f.Panels = append(f.Panels, p, q)
		f.Note = bandNote(groups)
	}
	return f, nil
}
