package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/engine"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/parity"
	"github.com/gonn-toolkit/gonn/train/model"
	"github.com/gonn-toolkit/gonn/train/report"
)

// numberByNumber enters how models answer beside expected results: recorded ones, for each
// model that is named, or those of the reference on the batch of --inputs or a made-up one.
func numberByNumber(c *cli.Context, r *report.Compare, ref, second *model.Model, tol parity.Tolerance) error {
	engines, err := enginesOf(c)
	if err != nil {
		return err
	}
	sets, err := recordedFor(c, ref)
	if err != nil {
		return err
	}
	n := &expectation{Compare: r, ref: ref, engines: engines, tol: tol, beside: besideDataSet(c, second)}
	alone := answersAlone(c)
	if alone && second == nil && len(engines) == 0 {
		return usage("nothing to hold %s against: give --inputs and --expected both, or a second model or --engine", ref.Name)
	}
	if n.ends, err = ref.Ends(); err != nil {
		return err
	}
	for _, set := range sets {
		noteUnused(c, set, n.ends)
	}
	if n.models = []*model.Model{ref}; second != nil {
		n.models = append(n.models, second)
	}
	switch {
	case len(sets) > 0:
		if err := n.checkSize(c, sets...); err != nil {
			return err
		}
		if c.NArg() == 1 && !c.IsSet("expected") {
			n.models = n.models[:1] // beside data that was found, a run is compared on a data set
		}
		return n.holdAll(c, sets)
	case alone || len(engines) > 0:
		if !alone && c.NArg() == 1 { // a run is compared on a data set
			n.models = n.models[:1]
		}
		set, err := n.answersOfReference(c)
		if err != nil {
			return err
		}
		if len(engines) == 0 {
			n.models = n.models[1:] // the results are those of the reference
		}
		return n.holdAll(c, []*parity.Recorded{set})
	case second == nil && ref.Foreign == nil:
		if err := n.itself(c); err != nil { // there may be a run to put it beside
			note(c, []string{fmt.Sprintf("the network is not held against its own file in float64: %v", err)})
		}
	}
	return nil
}

// holdAll enters the rows of all models.
func (n *expectation) holdAll(c *cli.Context, sets []*parity.Recorded) error {
	for _, group := range n.bySize(sets) {
		n.fix(n.sampleOf(group[0]))
		n.Engine = cmp.Or(n.Engine, n.ref.Engine())
		n.note(c)
		for _, m := range n.models {
			if err := n.hold(c, m, group); err != nil {
				return err
			}
		}
	}
	return nil
}

// answersAlone reports whether a second model is to answer beside the reference, without
// recorded results.
func answersAlone(c *cli.Context) bool {
	return !c.IsSet("expected") && (c.IsSet("inputs") || c.Bool("same"))
}

// expectation holds models against expected results.
type expectation struct {
	*report.Compare
	ref     *model.Model
	models  []*model.Model  // that are held, the reference first if it is one of them
	ends    parity.Ends     // of ref
	engines []engine.Engine // those of --engine; none for each model's own
	tol     parity.Tolerance
	beside  bool     // models are compared on a data set too
	noted   []string // what the user has been told of the reference
}

// note tells what a user should know of the reference and has not been told.
func (n *expectation) note(c *cli.Context) {
	for _, text := range n.ref.Notes() {
		if !slices.Contains(n.noted, text) {
			n.noted = append(n.noted, text)
			note(c, []string{text})
		}
	}
}

// answersOfReference are the results that the reference gives for a batch: on the float64
// evaluator, if engines are held against it.
func (n *expectation) answersOfReference(c *cli.Context) (*parity.Recorded, error) {
	set, err := n.batch(c)
	if err != nil {
		return nil, err
	}
	g, err := n.ref.ONNX()
	if err != nil {
		return nil, err
	}
	var session engine.Session
	who := n.ref.Name
	if len(n.engines) > 0 {
		who = "the float64 evaluator"
		session, err = n.ref.SessionOn(n.ref.Evaluator, g)
	} else {
		session, err = n.ref.Session()
	}
	if err != nil {
		return nil, err
	}
	defer session.Close()
	inputs, err := set.InputsFor(n.ends)
	if err != nil {
		return nil, err
	}
	if set.Expected, err = session.Run(inputs); err != nil {
		return nil, fmt.Errorf("%s: %s: %w", n.ref.Name, set.Source, err)
	}
	if len(n.engines) == 0 && n.ref.Foreign == nil {
		p, err := n.ref.Recovered()
		if err != nil {
			return nil, err
		}
		if err := set.Alongside(p.Imported); err != nil {
			return nil, err
		}
	}
	set.Source = who + " on " + set.Source
	return set, nil
}

// hold enters a row for each set and engine.
func (n *expectation) hold(c *cli.Context, m *model.Model, sets []*parity.Recorded) error {
	if len(n.engines) == 0 {
		session, err := m.Session()
		if err != nil {
			return err
		}
		defer session.Close()
		ends, err := m.Ends()
		if err != nil {
			return err
		}
		for _, set := range sets {
			outputs, err := n.replay(session, m, ends, set)
			if err != nil && m == n.ref {
				err = fmt.Errorf("%s: %w", m.Name, err)
			}
			if m.Foreign != nil && err == nil && m == n.ref && hasInner(set, ends) {
				if err := n.values(c, m, set); err != nil {
					note(c, []string{fmt.Sprintf("the values inside of %s are not held: %v", m.Name, err)})
				}
			}
			if m.Foreign == nil {
				r, failed := n.layers(c, m, set)
				if failed == nil && err != nil { // the output has another of its names
					outputs, err = []parity.Result{r.Output.Result}, nil
				}
				if err == nil {
					err = failed
				}
			}
			if err != nil {
				return err
			}
			row := report.Replay{Source: set.Source, Model: m.Name, Outputs: outputs}
			if e := m.Engine(); e != n.Engine {
				row.Engine = e
			}
			n.Enter(row)
		}
		return nil
	}
	g, err := m.ONNX()
	if err != nil {
		return err
	}
	for _, e := range n.engines {
		if n.holdOn(e, m, g, sets) && m.Foreign == nil && !ownEngine(e) {
			if err := n.layersOn(c, e, m, sets[0]); err != nil {
				note(c, []string{fmt.Sprintf("layer by layer beside %s: %v", e.Name(), err)})
			}
		}
	}
	return nil
}

// holdOn enters the rows of one engine, and reports whether it runs the model. One that cannot
// is a row too.
func (n *expectation) holdOn(e engine.Engine, m *model.Model, g *graph.Model, sets []*parity.Recorded) bool {
	row := report.Replay{Model: m.Name, Engine: e.Name(), Source: sets[0].Source, Outputs: []parity.Result{}}
	session, err := m.SessionOn(e, g)
	if err != nil {
		row.Error = withFlag(err).Error()
		n.Enter(row)
		return false
	}
	defer session.Close() // before the next engine has its own copy of the weights
	for _, set := range sets {
		row.Source, row.Error = set.Source, ""
		if row.Outputs, err = n.replay(session, m, parity.EndsOf(g), set); err != nil {
			row.Error = withFlag(err).Error()
		}
		n.Enter(row)
	}
	return row.Error == ""
}

// ownEngine reports whether an engine is gonn's kernels or its evaluator, which every layer is
// held against anyway.
func ownEngine(e engine.Engine) bool {
	return e.Name() == engine.Gonn{}.Name() || e.Name() == engine.Reference{}.Name()
}

// replay runs a set that is as the reference takes it through a model, which may name and
// lay its axes otherwise.
func (n *expectation) replay(s engine.Session, m *model.Model, ends parity.Ends, set *parity.Recorded) ([]parity.Result, error) {
	if m == n.ref {
		return parity.Replay(s, ends, set, n.tol)
	}
	set, err := n.asTaken(m, ends, set)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.Name, err)
	}
	results, err := parity.Replay(s, ends, set, n.tol)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.Name, err)
	}
	return results, nil
}

// asTaken is a set of the reference's as another model takes and gives it: inputs and
// outputs in the order of the two files where names differ, axes as that model has them.
func (n *expectation) asTaken(m *model.Model, ends parity.Ends, set *parity.Recorded) (*parity.Recorded, error) {
	from := n.ends
	if len(from.Inputs) != len(ends.Inputs) || len(from.Outputs) != len(ends.Outputs) {
		return nil, fmt.Errorf("it has %d inputs and %d outputs, %s has %d and %d: need the same",
			len(ends.Inputs), len(ends.Outputs), n.ref.Name, len(from.Inputs), len(from.Outputs))
	}
	inputs, err := set.InputsFor(from)
	if err != nil {
		return nil, err
	}
	expected, err := set.ExpectedFor(from)
	if err != nil {
		return nil, err
	}
	r := *set // with what the reference's layers give
	r.Inputs, r.Expected = map[string]*nn.Tensor{}, maps.Clone(set.Expected)
	for _, name := range from.Outputs {
		delete(r.Expected, name) // the model's own name follows
	}
	for i, name := range ends.Inputs {
		if r.Inputs[name], err = relaid(inputs[from.Inputs[i]], n.ref.InputOrder(), m.InputOrder()); err != nil {
			return nil, fmt.Errorf("input %q: %w", name, err)
		}
	}
	for i, name := range ends.Outputs {
		if r.Expected[name], err = relaid(expected[from.Outputs[i]], n.ref.OutputOrder(), m.OutputOrder()); err != nil {
			return nil, fmt.Errorf("output %q: %w", name, err)
		}
	}
	return &r, nil
}

// relaid moves the axes of a file's tensor from one file's order to another's.
func relaid(x *nn.Tensor, from, to onnxio.AxisOrder) (*nn.Tensor, error) {
	x, err := from.ToNetwork(x)
	if err != nil {
		return nil, err
	}
	return to.ToFile(x)
}
