package kinds

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/train/plot"
)

// fans are the pairs of percentiles around the median, the widest first.
var fans = [][2]string{{"p0", "p100"}, {"p5", "p95"}, {"p25", "p75"}}

// slopeFans draws the percentiles of each layer's slopes over epochs, of several seeds their means.
func slopeFans(in *Input) (*plot.Figure, error) {
	if err := in.trained(); err != nil {
		return nil, err
	}
	f := &plot.Figure{Title: "Learned slopes over epochs",
		Note: "median and mean; areas from percentile 25 to 75, 5 to 95, 0 to 100", ShareX: true}
	groups := in.groups()
	for _, g := range groups {
		layers := g.layers("slopes/", "/p50")
		if layers == nil {
			return nil, fmt.Errorf("%s has no series slopes/…: train with --metrics slopes and an activation that learns, as prelu", g.name)
		}
		for i, layer := range layers {
			p := &plot.Panel{Title: layer, X: plot.Axis{Label: "epoch", Whole: true}, Y: plot.Axis{Label: "slope"}}
			if len(groups) > 1 {
				p.Title = g.name + ": " + layer
			}
			s := plot.Style{Color: i}
			of := func(what string) band { return g.band("slopes/" + layer + "/" + what) }
			for _, pair := range fans {
				lo, hi := of(pair[0]), of(pair[1])
				p.Band("", lo.epochs, lo.mean, hi.mean, s)
			}
			median, mean := of("p50"), of("mean")
			p.Line("", median.epochs, median.mean, s)
			p.Line("", mean.epochs, mean.mean, plot.Style{Color: i, Dashed: true})
			p.HLine("", 0, plot.Style{Muted: true, Faint: true})
			f.Panels = append(f.Panels, p)
		}
	}
	if seeds := meansNote(groups); seeds != "" {
		f.Note += "; each the " + seeds
	}
	f.Panels[0].Line("median", nil, nil, plot.Style{Muted: true})
	f.Panels[0].Line("mean", nil, nil, plot.Style{Muted: true, Dashed: true})
	return f, nil
}

// layers are what stands between a prefix and a suffix in the names of a group's series.
func (g group) layers(prefix, suffix string) []string {
	var all []string
	in := Input{Sources: g.sources}
	for _, name := range in.matching(prefix) {
		if layer, ok := strings.CutSuffix(name, suffix); ok && !slices.Contains(all, layer) {
			all = append(all, layer)
		}
	}
	return all
}
