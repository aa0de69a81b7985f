package main

import (
	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/onnxio/engine"
	"github.com/gonn-toolkit/gonn/onnxio/parity"
	"github.com/gonn-toolkit/gonn/train/model"
	"github.com/gonn-toolkit/gonn/train/progress"
)

// layers holds a model that has a network against a recording layer by layer, and enters the
// report: the first of a model that differs, else the last.
func (n *expectation) layers(c *cli.Context, m *model.Model, set *parity.Recorded) (*parity.Report, error) {
	p, set, err := n.recovered(m, set)
	if err != nil {
		return nil, err
	}
	r, err := n.compared(c, m, p, set)
	if err != nil {
		return nil, err
	}
	n.Hold(r)
	return r, nil
}

// recovered is a model with where its layers come from, and a set as its file takes it.
func (n *expectation) recovered(m *model.Model, set *parity.Recorded) (*parity.Model, *parity.Recorded, error) {
	p, err := m.Recovered()
	if err == nil && m != n.ref {
		set, err = n.asTaken(m, parity.EndsOf(p.Graph), set)
	}
	return p, set, err
}

// compared is the report of a model beside a recording that is as its file takes it.
func (n *expectation) compared(c *cli.Context, m *model.Model, p *parity.Model, set *parity.Recorded) (*parity.Report, error) {
	line := progress.NewLine(c.App.ErrWriter)
	defer line.Clear()
	r, err := parity.Layers(c.Context, p, set, parity.Options{
		Limits:    m.Evaluator.Limits,
		Tolerance: n.tol, Truth: true, Plans: true, Backends: true, AllPlans: c.Bool("all-plans"), Why: true, Maps: c.String("html") != "",
		Progress: func(what string) { line.Show(m.Name + ": " + what) },
	})
	if err != nil {
		return nil, err
	}
	r.Model, r.Source = m.Name, set.Source
	return r, nil
}

// layersOn holds gonn's layers against what another engine computes for each. The engine is no
// authority: what it tells decides nothing.
func (n *expectation) layersOn(c *cli.Context, e engine.Engine, m *model.Model, set *parity.Recorded) error {
	p, set, err := n.recovered(m, set)
	if err != nil {
		return err
	}
	if set, err = parity.RecordOn(e, p, set); err != nil {
		return err
	}
	r, err := n.compared(c, m, p, set)
	if err == nil {
		n.Beside(r)
	}
	return err
}

// hasInner reports whether values besides the outputs were recorded.
func hasInner(set *parity.Recorded, ends parity.Ends) bool {
	return len(set.Expected) > len(ends.Outputs)
}

// values holds a model without a trainable form against recorded values inside of it.
func (n *expectation) values(c *cli.Context, m *model.Model, set *parity.Recorded) error {
	line := progress.NewLine(c.App.ErrWriter)
	defer line.Clear()
	r, err := parity.Values(c.Context, m.Foreign.Model, set, parity.Options{
		Limits:    m.Evaluator.Limits,
		Tolerance: n.tol, Progress: func(what string) { line.Show(m.Name + ": " + what) },
	})
	if err != nil {
		return err
	}
	r.Model, r.Source = m.Name, set.Source
	n.Hold(r)
	return nil
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
