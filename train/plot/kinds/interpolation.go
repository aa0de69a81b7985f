package kinds

import (
	"fmt"

	"gonum.org/v1/gonum/floats"

	"github.com/gonn-toolkit/gonn/nn/landscape"
	"github.com/gonn-toolkit/gonn/train/plot"
)

var interpolation = &Kind{
	Name: "interpolation", Usage: "loss and accuracy on the straight line from one network to others, of 1000 samples or --limit",
	Takes: Models, Trainable: true, Data: true, Limit: 1000,
	Options: []Option{testSetOption},
	Draw:    drawInterpolation,
}

// drawInterpolation draws the line from the first source to each of the others.
func drawInterpolation(in *Input) (*plot.Figure, error) {
	if len(in.Sources) < 2 {
		return nil, Usage("interpolation takes two or more models of the same layers, got %d", len(in.Sources))
	}
	first := in.Sources[0]
	o, err := in.objective(first)
	if err != nil {
		return nil, err
	}
	loss := &plot.Panel{Title: "loss", X: plot.Axis{Label: "α"}, Y: plot.Axis{Log: true}}
	accuracy := &plot.Panel{Title: "accuracy", X: plot.Axis{Label: "α"}}
	alphas := floats.Span(make([]float64, 61), -0.25, 1.25)
	for _, p := range []*plot.Panel{loss, accuracy} {
		p.VLine("", 0, plot.Style{Muted: true, Faint: true})
		p.VLine("", 1, plot.Style{Muted: true, Faint: true})
	}
	for i, source := range in.Sources[1:] {
		other, err := in.objective(source)
		if err != nil {
			return nil, err
		}
		d, err := landscape.Between(o.Net, other.Net)
		if err != nil {
			return nil, fmt.Errorf("%s and %s: %w", first.Name, source.Name, err)
		}
		line, err := o.Line(in.context(), d, alphas)
		if err != nil {
			return nil, fmt.Errorf("%s and %s: %w", first.Name, source.Name, err)
		}
		var losses, accuracies []float64
		for _, st := range line {
			losses, accuracies = append(losses, st.Loss()), append(accuracies, st.Accuracy())
		}
		name := first.Name + " to " + source.Name
		loss.Line(name, alphas, losses, plot.Style{Color: i})
		accuracy.Line(name, alphas, accuracies, plot.Style{Color: i})
	}
	return &plot.Figure{
		Title: "Linear interpolation between networks", Panels: []*plot.Panel{loss, accuracy}, Aspect: 0.8,
		Note: fmt.Sprintf("over %s at (1 − α)·θ of the first + α·θ of the other", in.samplesText()),
	}, nil
}
