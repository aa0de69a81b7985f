package kinds

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/landscape"
	"github.com/gonn-toolkit/gonn/train/plot"
)

var landscapes = &Kind{
	Name: "landscape", Usage: "the loss over two random directions from the parameters, as contours or surfaces on one scale, of 1000 samples or --limit",
	Takes: Models, Trainable: true, Data: true, Limit: 1000,
	Options: []Option{
		{Name: "surface", Usage: "draw surfaces in perspective in place of contours", Bool: true},
		{Name: "grid", Usage: "compute `N`×N losses (default: 21)"},
		{Name: "span", Usage: "change filters by up to `X` of their norm in each direction (default: 1)"},
		seedOption, testSetOption,
	},
	Draw: drawLandscapes,
}

// Options that pictures of losses share.
var (
	seedOption    = Option{Name: "seed", Usage: "`N` chooses the random directions (default: 1)"}
	testSetOption = Option{Name: "test-set", Usage: "take the loss on the test set instead of the training set", Bool: true}
)

func drawLandscapes(in *Input) (*plot.Figure, error) {
	n, err := in.Int("grid", 21, 3, 201)
	if err != nil {
		return nil, err
	}
	span, err := in.Float("span", 1)
	if err != nil {
		return nil, err
	}
	seed, err := in.Int("seed", 1, 0, math.MaxInt32)
	if err != nil {
		return nil, err
	}
	axis := floats.Span(make([]float64, n), -span, span)
	var fields []*plot.Field
	for _, source := range in.Sources {
		o, err := in.objective(source)
		if err != nil {
			return nil, err
		}
		d := landscape.Directions(o.Net, uint64(seed), 2)
		rows, err := o.Plane(in.context(), d[0], d[1], axis, axis)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", source.Name, err)
		}
		fields = append(fields, &plot.Field{X: axis, Y: axis, Values: lossesOf(rows)})
	}
	scale := scaleOf(fields)
	f := &plot.Figure{
		Title: "Loss landscape", Columns: columnsFor(len(fields)), Aspect: 1, ShareX: true, ShareY: true, Scale: scale,
		Note: fmt.Sprintf("mean loss over %s at θ + αa + βb; in the random directions a and b each filter has its norm (seed %d)", in.samplesText(), seed),
	}
	for i, field := range fields {
		p := &plot.Panel{Title: in.Sources[i].Name, X: plot.Axis{Label: "α"}, Y: plot.Axis{Label: "β"}}
		if in.Bool("surface") {
			f.Aspect = plot.SurfaceAspect
			p.Surface(field, scale)
		} else {
			p.Contours(field, scale)
		}
		f.Panels = append(f.Panels, p)
	}
	return f, nil
}

// columnsFor is the number of columns for panels that are compared: one row of up to three, two of
// up to six, then squares.
func columnsFor(n int) int {
	if n <= 3 {
		return n
	}
	return int(math.Ceil(math.Sqrt(float64(n))))
}

// objective is the loss of a source on the samples of the picture, as it was trained.
func (in *Input) objective(s Source) (*landscape.Objective, error) {
	if s.Model.Foreign != nil {
		return nil, s.Model.Untrainable()
	}
	set, name := in.lossSet()
	loss, err := in.lossOn(set, name, s.Model)
	if err != nil {
		return nil, err
	}
	return s.Model.Objective(set, loss, in.Workers)
}

// lossSet is the part of the data that pictures of losses are of, and its name.
func (in *Input) lossSet() (samples nn.Samples, name string) {
	if in.Bool(testSetOption.Name) {
		return in.Data.Test, "test set"
	}
	return in.Data.Train, "training set"
}

// samplesText says which samples these are.
func (in *Input) samplesText() string {
	set, name := in.lossSet()
	return fmt.Sprintf("%d samples of the %s of %s", set.Len(), name, in.Data.Name)
}

// lossesOf are those of a plane.
func lossesOf(rows [][]nn.Stats) [][]float64 {
	all := make([][]float64, len(rows))
	for j, row := range rows {
		for _, st := range row {
			all[j] = append(all[j], st.Loss())
		}
	}
	return all
}

// lowestLoss is the lowest loss that is told from 0 on a logarithmic scale.
const lowestLoss = 1e-6

// scaleOf is a logarithmic scale from the least to the greatest loss of all fields that is finite.
func scaleOf(fields []*plot.Field) *plot.Scale {
	s := &plot.Scale{Label: "loss", Map: plot.Viridis, Min: math.Inf(1), Log: true}
	for _, f := range fields {
		for _, row := range f.Values {
			for _, v := range row {
				if v-v == 0 {
					s.Min, s.Max = min(s.Min, max(v, lowestLoss)), max(s.Max, v, lowestLoss)
				}
			}
		}
	}
	switch {
	case s.Min > s.Max: // there is none
		s.Min, s.Max = 0.1, 1
	case s.Min == s.Max:
		s.Min, s.Max = s.Min/2, s.Max*2
	}
	return s
}
