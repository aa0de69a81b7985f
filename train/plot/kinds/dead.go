package kinds

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/train/plot"
)

var dead = &Kind{
	Name: "dead", Usage: "dead units and norms of gradients, by layer and epoch",
	Takes: Runs,
	Draw:  drawDead,
}

// drawDead draws for each run a map of dead units above one of the gradients' norms, layers from
// the input downwards. The map of a run that has not recorded them is empty.
func drawDead(in *Input) (*plot.Figure, error) {
	if err := in.trained(); err != nil {
		return nil, err
	}
	units, norms := in.matching("dead/"), in.matching("grad_norm/")
	if units == nil && norms == nil {
		return nil, fmt.Errorf("%s: nothing is recorded of dead units and gradients: train with --metrics dead,grad-norm", in.Sources[0].Name)
	}
	if weights := slices.DeleteFunc(slices.Clone(norms), func(n string) bool { return !strings.HasSuffix(n, ".weight") }); len(weights) > 0 {
		norms = weights
	}
	var all *plot.Figure
	if norms != nil {
		all = layerMaps(in.groups(), "grad_norm/", norms)
		all.Title, all.Note = "Norms of gradients", "L2 norm of each weight's gradient, mean over the epoch's steps"
		all.Scale.Label = "norm"
	}
	if units != nil {
		d := layerMaps(in.groups(), "dead/", units)
		d.Title, d.Note = "Dead units", "share of a layer's units that were active for no sample of the epoch"
		d.Below, all = all, d
	}
	if seeds := meansNote(in.groups()); seeds != "" {
		all.Note += "; " + seeds
	}
	return all, nil
}

// layerMaps draws series as maps of layers by epochs, a panel a group. Norms have a logarithmic
// scale, shares one from 0 to 1.
func layerMaps(groups []group, prefix string, layers []string) *plot.Figure {
	norms := prefix == "grad_norm/"
	lo, hi := math.Inf(1), math.Inf(-1)
	f := &plot.Figure{Height: 16*float64(len(layers)) + 2}
	if f.Columns = min(len(groups), 3); f.Columns > 1 {
		f.ShareY = true
	}
	bands := make([][]band, len(groups))
	for i, g := range groups {
		for _, layer := range layers {
			b := g.band(prefix + layer)
			bands[i] = append(bands[i], b)
			for _, v := range b.mean {
				if v-v == 0 && v > 0 {
					lo, hi = min(lo, v), max(hi, v)
				}
			}
		}
	}
	if !norms || lo > hi {
		lo, hi = 0, 1
	}
	f.Scale = &plot.Scale{Label: "share", Map: plot.Viridis, Min: lo, Max: hi, Log: norms && lo > 0}
	for i, g := range groups {
		p := layerMap(layers, bands[i], f.Scale)
		if len(groups) > 1 {
			p.Title = g.name
		}
		f.Panels = append(f.Panels, p)
	}
	return f
}

// layerMap is the map of a group. An epoch in which a series has no value stays empty.
func layerMap(layers []string, bands []band, s *plot.Scale) *plot.Panel {
	last := 1
	for _, b := range bands {
		last = max(last, len(b.mean))
	}
	at := func(r, c int) float64 {
		if c < len(bands[r].mean) {
			return bands[r].mean[c]
		}
		return math.NaN()
	}
	p := &plot.Panel{X: plot.Axis{Label: "epoch", Whole: true}, Y: plot.Axis{Names: layers}}
	p.HeatMap(plot.HeatMap{
		Rows: len(layers), Columns: last, Down: true, X: &[2]float64{0.5, float64(last) + 0.5},
		Map: s.Map, Min: s.Min, Max: s.Max, Log: s.Log, At: at,
		Text: func(r, c int) string {
			switch v := at(r, c); {
			case v != v:
				return ""
			case s.Log:
				return fmt.Sprintf("%.2g", v)
			default:
				return fmt.Sprintf("%.0f %%", 100*v)
			}
		},
	})
	return p
}
