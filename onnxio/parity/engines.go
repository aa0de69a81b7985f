package parity

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/engine"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// RecordOn runs a model on an engine, such as ONNX Runtime, with the output of every layer as
// an output of the graph, and gives the engine's values as a recording of the inputs in r.
func RecordOn(e engine.Engine, m *Model, r *Recorded) (*Recorded, error) {
	inputs, err := r.InputsFor(Ends{Inputs: []string{m.Imported.Input}})
	if err != nil {
		return nil, err
	}
	g := withLayers(m)
	session, err := e.Open(g)
	if err != nil {
		return nil, fmt.Errorf("%s, with the values of all layers: %w", e.Name(), err)
	}
	defer session.Close()
	values, err := engine.InPieces(session, g).Run(inputs)
	if err != nil {
		return nil, fmt.Errorf("%s, with the values of all layers: %w", e.Name(), err)
	}
	return &Recorded{Source: e.Name(), Inputs: map[string]*nn.Tensor{m.Imported.Input: inputs[m.Imported.Input]}, Expected: values}, nil
}

// withLayers is a model whose graph has the first value of each layer as an output too.
func withLayers(m *Model) *graph.Model {
	g := *m.Graph.Graph
	g.Outputs = slices.Clone(g.Outputs)
	for _, l := range m.Imported.Layers {
		if len(l.Values) == 0 {
			continue
		}
		name := l.Values[0].Name
		if !slices.ContainsFunc(g.Outputs, func(v *graph.Value) bool { return v.Name == name }) {
			g.Outputs = append(g.Outputs, &graph.Value{Name: name, Type: graph.Float})
		}
	}
	c := *m.Graph
	c.Graph = &g
	return &c
}
