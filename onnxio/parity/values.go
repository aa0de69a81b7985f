package parity

import (
	"context"
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// Values holds a model that needs no trainable form against a reference's recorded tensors, on
// the float64 evaluator. There are no layers: a row is a value of the file that was recorded
// under its name or that of its module, by itself from the recorded values nearest in front of
// it. A value that was overwritten in place, so that another's was recorded for it, is
// recognised and left over, as by Layers. Causes and plans are not looked for.
func Values(ctx context.Context, m *graph.Model, r *Recorded, o Options) (*Report, error) {
	ends := EndsOf(m)
	if len(ends.Outputs) != 1 {
		return nil, fmt.Errorf("the model has %d outputs; values inside of it are held if it has one", len(ends.Outputs))
	}
	inputs, err := r.InputsFor(ends)
	if err != nil {
		return nil, err
	}
	expected, err := r.ExpectedFor(ends)
	if err != nil {
		return nil, err
	}
	newMeter := func() *reference.Meter { return reference.NewMeter(ctx, o.Limits.ForSamples(2*samplesOf(inputs))) }
	v := &valueWalk{model: m, meter: newMeter(), newMeter: newMeter, tol: o.Tolerance.ofLayers(), own: map[string]*reference.Tensor{}, fed: map[string]*reference.Tensor{}, last: map[string]int{}}
	v.place(r, expected)
	if err := v.open(inputs); err != nil {
		return nil, fmt.Errorf("the model fails on %s: %w", r.Source, err)
	}
	for i, n := range m.Graph.Nodes {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if o.Progress != nil {
			o.Progress(n.Label())
		}
		if err := v.node(i, n); err != nil {
			return nil, err
		}
	}
	report := &Report{Layers: v.rows, Plans: []Plan{}, Unplaced: v.unplaced}
	name := ends.Outputs[0]
	if report.Output, err = errorsOf(name, rounded(v.own[name]), expected[name], o.Tolerance); err != nil {
		return nil, err
	}
	if report.Equal = report.Output.Equal; !report.Equal {
		report.FirstWrong = firstWrong(nil, report.Layers)
	}
	report.Answer = report.answer(firstWrong(nil, report.Layers))
	return report, nil
}

// valueWalk computes a graph node by node, each twice: from what the file gives, and from what
// the reference has.
type valueWalk struct {
	model    *graph.Model
	tol      Tolerance
	recorded map[string]recordedValue // by the file's name
	unplaced []Unplaced
	own, fed map[string]*reference.Tensor
	last     map[string]int // the node that reads a value last
	meter    *reference.Meter
	newMeter func() *reference.Meter
	ahead    *lookahead // nil before it is needed
	rows     []Layer
}

// open enters the constants and inputs, and finds out who reads a value last.
func (v *valueWalk) open(inputs map[string]*nn.Tensor) error {
	g := v.model.Graph
	for _, t := range g.Initializers {
		x, err := reference.FromGraph(t)
		if err != nil {
			return fmt.Errorf("initializer %q: %w", t.Name, err)
		}
		v.enter(t.Name, x, x)
	}
	for _, in := range g.Feeds() {
		if in.Type != graph.Float {
			return fmt.Errorf("input %q has element type %v; values inside are held for FLOAT", in.Name, in.Type)
		}
		x := reference.FromFloat32s(inputs[in.Name].Shape, inputs[in.Name].Data)
		v.enter(in.Name, x, x)
	}
	for i, n := range g.Nodes {
		for _, in := range n.Inputs {
			v.last[in] = i
		}
	}
	for _, out := range g.Outputs {
		v.last[out.Name] = len(g.Nodes)
	}
	return nil
}

// node computes one node, and holds those of its results that were recorded.
func (v *valueWalk) node(i int, n *graph.Node) error {
	own, err := v.eval(n, v.own)
	if err != nil {
		return err
	}
	fed := own
	if slices.ContainsFunc(n.Inputs, func(in string) bool { return v.own[in] != v.fed[in] }) {
		if fed, err = v.eval(n, v.fed); err != nil {
			return err
		}
	}
	for k, name := range n.Outputs {
		if name == "" {
			continue
		}
		v.enter(name, own[k], fed[k])
		r, ok := v.recorded[name]
		if !ok || own[k].Floats == nil {
			continue
		}
		row := Layer{Layer: name, Kind: n.OpType, Value: name, Nodes: []string{n.Name}, Reference: r.name, Verdict: Equal}
		if len(own[k].Shape) > 0 {
			row.Shape = own[k].Shape[1:]
		}
		x := r.as(rounded(fed[k]), v.tol)
		if x == nil {
			v.unplaced = append(v.unplaced, Unplaced{Name: r.name, Shape: r.x.Shape, value: r.x,
				Why: fmt.Sprintf("the file's value %s has shape %v", name, nn.Shape(own[k].Shape))})
			continue
		}
		if row.Isolated, err = errorsOf(name, rounded(fed[k]), x, v.tol); err != nil {
			return err
		}
		if row.Accumulated, err = errorsOf(name, rounded(own[k]), x, v.tol); err != nil {
			return err
		}
		if !row.Isolated.Equal {
			by, err := v.overwrittenBy(i, name, fed[k])
			if err != nil {
				return err
			}
			if by != "" {
				v.leaveOverwritten(r, by)
				row.Reference, row.Isolated, row.Accumulated = "", nil, nil
				row.Verdict, row.Note = NotRecorded, "what was recorded for it is what "+by+" gives"
				v.rows = append(v.rows, row)
				continue
			}
			row.Verdict = Wrong
		}
		v.rows = append(v.rows, row)
		v.enter(name, own[k], reference.FromFloat32s(x.Shape, x.Data))
	}
	for _, in := range slices.Concat(n.Inputs, n.Outputs) {
		if v.last[in] <= i {
			v.enter(in, nil, nil)
		}
	}
	return nil
}

func (v *valueWalk) eval(n *graph.Node, values map[string]*reference.Tensor) ([]*reference.Tensor, error) {
	in := make([]*reference.Tensor, len(n.Inputs))
	for k, name := range n.Inputs {
		in[k] = values[name]
	}
	return v.meter.Eval(n, v.model.Opset(n.Domain), in)
}

// enter gives a name both of its values, in place of those that it has; nil drops it.
func (v *valueWalk) enter(name string, own, fed *reference.Tensor) {
	v.put(v.own, name, own)
	v.put(v.fed, name, fed)
}

func (v *valueWalk) put(values map[string]*reference.Tensor, name string, t *reference.Tensor) {
	v.meter.Hold(t)
	v.meter.Free(values[name])
	if values[name] = t; t == nil {
		delete(values, name)
	}
}

// samplesOf is the number of samples of a batch.
func samplesOf(inputs map[string]*nn.Tensor) int {
	for _, x := range inputs {
		if len(x.Shape) > 0 {
			return x.Shape[0]
		}
	}
	return 1
}
