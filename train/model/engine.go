package model

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/engine"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/parity"
)

// Engine names what runs the model: gonn's kernels, or the evaluator where there is no
// trainable form.
func (m *Model) Engine() string {
	if m.Foreign != nil {
		return engine.Reference{}.Name()
	}
	return engine.Gonn{}.Name()
}

// Session runs the model on data as its file takes and gives it. A run takes and gives what
// its network does.
func (m *Model) Session() (engine.Session, error) {
	switch {
	case m.File != nil:
		return engine.Recovered(m.File), nil
	case m.Foreign == nil:
		g, err := m.ONNX()
		if err != nil {
			return nil, err
		}
		return m.SessionOn(engine.Gonn{}, g)
	}
	session, err := m.Evaluator.Open(m.Foreign.Model)
	if err != nil {
		return nil, fmt.Errorf("%s has no trainable form, and the reference evaluator cannot run it: %w", m.Name, oneSentence(err))
	}
	return engine.InPieces(session, m.Foreign.Model), nil
}

// Ends are the names that the model's file gives its inputs and outputs.
func (m *Model) Ends() (parity.Ends, error) {
	if m.File != nil {
		return parity.Ends{Inputs: []string{m.File.Input}, Outputs: []string{m.File.Output}}, nil
	}
	g, err := m.ONNX()
	if err != nil {
		return parity.Ends{}, err
	}
	return parity.EndsOf(g), nil
}

// ONNX is the model as ONNX: the file itself, at the size of the network where it leaves that
// open, or a run's network as export writes it.
func (m *Model) ONNX() (*graph.Model, error) {
	switch {
	case m.Foreign != nil:
		return m.Foreign.Model, nil
	case m.File != nil && m.file == nil:
		return nil, fmt.Errorf("%s: its graph was released", m.Name)
	case m.File != nil:
		return m.File.Sized(m.file), nil
	}
	return onnxio.Export(m.Net, onnxio.EncodeOptions{})
}

// SessionOn makes a session of the model on an engine, for batches of any size.
func (m *Model) SessionOn(e engine.Engine, g *graph.Model) (engine.Session, error) {
	session, err := e.Open(g)
	if err != nil && isOpenSize(err) && m.Foreign != nil {
		err = m.Foreign.Why // at the size that Fix has tried
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.Name, err)
	}
	return engine.InPieces(session, g), nil
}

// PredictOn is what an engine gives for samples that are read as the model reads them.
func (m *Model) PredictOn(e engine.Engine, samples nn.Samples) (*nn.Tensor, error) {
	samples, err := m.Normalized(samples)
	if err != nil {
		return nil, err
	}
	if m.Foreign != nil {
		samples = m.Foreign.Head.Input(samples)
	}
	g, err := m.ONNX()
	if err != nil {
		return nil, err
	}
	session, err := m.SessionOn(e, g)
	if err != nil {
		return nil, err
	}
	defer session.Close()
	ends := parity.EndsOf(g)
	y, err := engine.Predict(session, ends.Inputs[0], ends.Outputs[0], m.InputOrder(), samples, 0)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.Name, err)
	}
	return y, nil
}

// Recovered is the network with where its layers come from in the model's file, or in the one
// that export would write of a run, and that file. A model without a trainable form has none.
func (m *Model) Recovered() (*parity.Model, error) {
	switch {
	case m.Foreign != nil:
		return nil, fmt.Errorf("%s has no trainable form: %w", m.Name, m.Foreign.Why)
	case m.File == nil:
		return parity.ModelOf(m.Net)
	}
	g, err := m.ONNX()
	return &parity.Model{Graph: g, Imported: m.File}, err
}
