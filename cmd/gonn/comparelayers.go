package main

import (
	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/onnxio/parity"
	"github.com/gonn-toolkit/gonn/train/model"
	"github.com/gonn-toolkit/gonn/train/progress"
)

// layers holds a model that has a network against a recording layer by layer, and enters the
// report: the first of a model that differs, else the last.
func (n *expectation) layers(c *cli.Context, m *model.Model, set *parity.Recorded) (*parity.Report, error) {
	im, g, err := m.Recovered()
	if err != nil {
		return nil, err
	}
	if m != n.ref {
		if set, err = n.asTaken(m, parity.EndsOf(g), set); err != nil {
			return nil, err
		}
	}
	line := progress.NewLine(c.App.ErrWriter)
	r, err := parity.Layers(c.Context, g, im, set, parity.Options{
		Tolerance: n.tol, Truth: true, Plans: true, Why: true, Maps: c.String("html") != "",
		Progress: func(what string) { line.Show(m.Name + ": " + what) },
	})
	line.Clear()
	if err != nil {
		return nil, err
	}
	r.Model = m.Name
	r.Source = set.Source
	n.Hold(r)
	return r, nil
}

// itself holds the reference's network against the reference's own file in float64, on made-up
// samples.
func (n *expectation) itself(c *cli.Context) error {
	set, err := n.batch(c)
	if err != nil {
		return err
	}
	set.Source = "the file in float64, on " + set.Source
	_, err = n.layers(c, n.ref, set)
	return err
}
