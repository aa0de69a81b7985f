package kinds

import (
	"fmt"
	"math"

	"github.com/gonn-toolkit/gonn/train/plot"
	"github.com/gonn-toolkit/gonn/train/report"
)

// slopeMaps draws each slope of one network at its place in the feature map.
func slopeMaps(in *Input) (*plot.Figure, error) {
	src, err := in.network("--maps")
	if err != nil {
		return nil, err
	}
	f := &plot.Figure{Title: "Learned slopes by element: " + src.Name, Columns: 8, Aspect: 1}
	limit := 0.0
	var layers []report.Slopes
	for _, s := range report.SlopesOf(src.Model.Net) {
		if len(s.Shape) != 3 || s.Shape[1]*s.Shape[2] == 1 {
			continue
		}
		layers = append(layers, s)
		for _, v := range s.Values {
			if v-v == 0 {
				limit = max(limit, math.Abs(float64(v)))
			}
		}
	}
	if layers == nil {
		return nil, fmt.Errorf("%s has no layer with a slope for each element: train one with --act prelu:element or swish-beta:element", src.Name)
	}
	for _, s := range layers {
		for c := range s.Shape[0] {
			f.Panels = append(f.Panels, slopeMap(s, c, limit))
		}
		for len(f.Panels)%f.Columns > 0 { // the next layer begins a row
			f.Panels = append(f.Panels, nil)
		}
	}
	f.Scale = &plot.Scale{Label: "slope", Map: plot.Diverging, Min: -limit, Max: limit}
	return f, nil
}

func slopeMap(s report.Slopes, channel int, limit float64) *plot.Panel {
	height, width := s.Shape[1], s.Shape[2]
	p := &plot.Panel{Title: fmt.Sprintf("%s %d", s.Layer, channel), X: plot.Axis{Hidden: true}, Y: plot.Axis{Hidden: true}}
	values := s.Values[channel*height*width:]
	p.HeatMap(plot.HeatMap{Rows: height, Columns: width, Down: true, Map: plot.Diverging, Min: -limit, Max: limit,
		At: func(r, c int) float64 { return float64(values[r*width+c]) }})
	return p
}
