package main

import (
	"fmt"

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
	n := &expectation{Compare: r, ref: ref, engines: engines, tol: tol}
	alone := answersAlone(c)
	if alone && second == nil && len(engines) == 0 {
		return usage("nothing to hold %s against: give --inputs and --expected both, or a second model or --engine", ref.Name)
	}
	if err := fix(c, sets, ref, second); err != nil {
		return err
	}
	if n.ends, err = ref.Ends(); err != nil {
		return err
	}
	switch {
	case len(sets) > 0:
		if c.NArg() == 1 && !c.IsSet("expected") {
			second = nil // beside data that was found, a run is compared on a data set
		}
	case alone || len(engines) > 0:
		if !alone {
			second = nil
		}
		set, err := n.answersOfReference(c)
		if err != nil {
			return err
		}
		sets = append(sets, set)
		if len(engines) == 0 {
			note(c, ref.Notes())
			return n.hold(second, sets)
		}
	default:
		return nil
	}
	note(c, ref.Notes())
	if err := n.hold(ref, sets); err != nil || second == nil {
		return err
	}
	return n.hold(second, sets)
}

// fix gives files that leave the size of their input open that of --size, or of the inputs
// that were recorded for the first.
func fix(c *cli.Context, sets []*parity.Recorded, ref, second *model.Model) error {
	size, err := sizeOf(c)
	if err != nil {
		return err
	}
	if size == nil && c.IsSet("inputs") && len(sets) == 0 {
		set, err := parity.ReadInputs(c.String("inputs"))
		if err != nil {
			return err
		}
		sets = append(sets, set)
	}
	if size == nil && len(sets) > 0 {
		size = ref.SampleOf(sets[0])
	}
	for _, m := range []*model.Model{ref, second} {
		if m != nil {
			m.Fix(size)
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
	ends    parity.Ends     // of ref
	engines []engine.Engine // those of --engine; none for each model's own
	tol     parity.Tolerance
}

// answersOfReference are the results that the reference gives for a batch: on the float64
// evaluator, if engines are held against it.
func (n *expectation) answersOfReference(c *cli.Context) (*parity.Recorded, error) {
	g, err := n.ref.ONNX()
	if err != nil {
		return nil, err
	}
	set, err := batchFor(c, n.ref, g)
	if err != nil {
		return nil, err
	}
	var session engine.Session
	who := n.ref.Name
	if len(n.engines) > 0 {
		who = "the float64 evaluator"
		session, err = n.ref.SessionOn(engine.Reference{}, g)
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
	set.Source = who + " on " + set.Source
	return set, nil
}

// hold enters a row for each set and engine.
func (n *expectation) hold(m *model.Model, sets []*parity.Recorded) error {
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
			if err != nil {
				return err
			}
			n.Enter(report.Replay{Source: set.Source, Model: m.Name, Outputs: outputs})
		}
		return nil
	}
	g, err := m.ONNX()
	if err != nil {
		return err
	}
	for _, e := range n.engines {
		n.holdOn(e, m, g, sets)
	}
	return nil
}

// holdOn enters the rows of one engine. One that cannot run the model is a row too.
func (n *expectation) holdOn(e engine.Engine, m *model.Model, g *graph.Model, sets []*parity.Recorded) {
	row := report.Replay{Model: m.Name, Engine: e.Name(), Source: sets[0].Source, Outputs: []parity.Result{}}
	session, err := m.SessionOn(e, g)
	if err != nil {
		row.Error = err.Error()
		n.Enter(row)
		return
	}
	defer session.Close() // before the next engine has its own copy of the weights
	for _, set := range sets {
		row.Source, row.Error = set.Source, ""
		if row.Outputs, err = n.replay(session, m, parity.EndsOf(g), set); err != nil {
			row.Error = err.Error()
		}
		n.Enter(row)
	}
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
	r := &parity.Recorded{Source: set.Source, Inputs: map[string]*nn.Tensor{}, Expected: map[string]*nn.Tensor{}}
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
	return r, nil
}

// relaid moves the axes of a file's tensor from one file's order to another's.
func relaid(x *nn.Tensor, from, to onnxio.AxisOrder) (*nn.Tensor, error) {
	x, err := from.ToNetwork(x)
	if err != nil {
		return nil, err
	}
	return to.ToFile(x)
}
