package kinds

import (
	"fmt"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/train/plot"
	"github.com/gonn-toolkit/gonn/train/report"
	"github.com/gonn-toolkit/gonn/train/stats"
)

var slopes = &Kind{
	Name: "slopes", Usage: "learned slopes: by layer, over epochs (--fan), as maps (--maps)",
	Takes: Models, Trainable: true,
	Options: []Option{
		{Name: "fan", Usage: "slopes over epochs: percentiles 0, 5, 25, 50, 75, 95, 100 as metrics recorded them", Bool: true},
		{Name: "maps", Usage: "each slope at its place, a map a channel", Bool: true},
	},
	Draw: drawSlopes,
}

func drawSlopes(in *Input) (*plot.Figure, error) {
	switch {
	case in.Bool("fan") && in.Bool("maps"):
		return nil, Usage("--fan and --maps are two pictures: choose one")
	case in.Bool("fan"):
		return slopeFans(in)
	case in.Bool("maps"):
		return slopeMaps(in)
	}
	return slopeHistograms(in)
}

// layerSlopes are the learned slopes of a layer in a group, of all seeds together.
type layerSlopes struct {
	layer  string
	values []float64
}

// learned lists the slopes of a group's layers in their order, nil if it learns none.
func (g group) learned() ([]layerSlopes, error) {
	var all []layerSlopes
	for _, s := range g.sources {
		if s.Model.Foreign != nil {
			return nil, s.Model.Untrainable()
		}
		for _, of := range report.SlopesOf(s.Model.Net) {
			i := slices.IndexFunc(all, func(l layerSlopes) bool { return l.layer == of.Layer })
			if i < 0 {
				i = len(all)
				all = append(all, layerSlopes{layer: of.Layer})
			}
			for _, v := range of.Values {
				all[i].values = append(all[i].values, float64(v))
			}
		}
	}
	return all, nil
}

func slopeHistograms(in *Input) (*plot.Figure, error) {
	groups := in.groups()
	var layers []string
	byGroup := make([]map[string][]float64, len(groups))
	for i, g := range groups {
		all, err := g.learned()
		if err != nil {
			return nil, err
		}
		byGroup[i] = map[string][]float64{}
		for _, l := range all {
			byGroup[i][l.layer] = l.values
			if !slices.Contains(layers, l.layer) {
				layers = append(layers, l.layer)
			}
		}
	}
	if layers == nil {
		return nil, fmt.Errorf("%s has no activation that learns slopes: train one with --act prelu or swish-beta", groups[0].name)
	}
	f := &plot.Figure{Title: "Learned slopes", Note: seedsNote(groups)}
	if len(layers) == 1 {
		f.Aspect = 0.45
	}
	for _, layer := range layers {
		p := &plot.Panel{Title: layer, X: plot.Axis{Label: "slope"}, Y: plot.Axis{Label: "density"}}
		lo, hi := rangeOf(layer, byGroup)
		p.Y.Hidden = true // of a layer with one slope there is no density
		for i, g := range groups {
			if v, ok := byGroup[i][layer]; ok {
				addSlopes(p, g.name, v, lo, hi, plot.Style{Color: i})
				p.Y.Hidden = p.Y.Hidden && len(v) == 1
			}
		}
		f.Panels = append(f.Panels, p)
	}
	return f, nil
}

// addSlopes draws a histogram with mean and standard deviation in the corner, or a line for a
// layer that has one slope.
func addSlopes(p *plot.Panel, name string, v []float64, lo, hi float64, s plot.Style) {
	mean, std := moments(v)
	if len(v) == 1 {
		p.VLine(name, v[0], s)
		p.Corner(signed(fmt.Sprintf("%.3g", v[0])), s)
		return
	}
	p.Histogram(name, v, lo, hi, max(8, min(50, len(v)/8)), s)
	p.Corner(signed(fmt.Sprintf("mean %.3g, std %.3g", mean, std)), s)
}

// rangeOf is that of all finite slopes of a layer.
func rangeOf(layer string, byGroup []map[string][]float64) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, g := range byGroup {
		for _, v := range g[layer] {
			if v-v == 0 {
				lo, hi = min(lo, v), max(hi, v)
			}
		}
	}
	return lo, hi
}

// moments are mean and standard deviation of the values that are finite, the population's as
// numpy.std has it, so that they are those that gonn inspect prints.
func moments(v []float64) (mean, std float64) {
	finite := slices.DeleteFunc(slices.Clone(v), func(x float64) bool { return x-x != 0 })
	mean = stats.Mean(finite)
	for _, x := range finite {
		std += (x - mean) * (x - mean)
	}
	return mean, math.Sqrt(std / float64(len(finite)))
}

// seedsNote says how many networks a histogram is of, "" if one.
func seedsNote(groups []group) string {
	most := 0
	for _, g := range groups {
		most = max(most, len(g.sources))
	}
	if most < 2 {
		return ""
	}
	return fmt.Sprintf("of up to %d seeds together", most)
}
