package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/engine"
	"github.com/gonn-toolkit/gonn/onnxio/engine/gorgonia"
	"github.com/gonn-toolkit/gonn/onnxio/engine/ort"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/parity"
)

// engineFlags choose what runs a model.
var engineFlags = []cli.Flag{
	&cli.StringFlag{Name: "engine", Usage: "`NAME`: gonn, reference (float64), gorgonia or ort (ONNX Runtime)", DefaultText: "gonn, or reference for a file without a trainable form"},
	&cli.StringFlag{Name: "ort-lib", Usage: "`PATH` of ONNX Runtime's shared library, for --engine ort", EnvVars: []string{"GONN_ORT_LIB"}},
}

// enginesOf are the engines of --engine, none if it is not given.
func enginesOf(c *cli.Context) (chosen []engine.Engine, err error) {
	if !c.IsSet("engine") {
		return nil, nil
	}
	all := []engine.Engine{engine.Gonn{}, engine.Reference{}, gorgonia.Engine{}, ort.Engine{Library: c.String("ort-lib")}}
	for name := range strings.SplitSeq(c.String("engine"), ",") {
		i := slices.IndexFunc(all, func(e engine.Engine) bool { return e.Name() == name })
		if i < 0 {
			return nil, usage("--engine %s: choose gonn, reference, gorgonia or ort", name)
		}
		chosen = append(chosen, all[i])
	}
	return chosen, nil
}

// model is the source as ONNX: the file itself, or a run's network as export writes it.
func (s *source) model() (*graph.Model, error) {
	switch {
	case s.Foreign != nil:
		return s.Foreign.Model, nil
	case s.File != nil:
		return graph.ReadFile(s.Name)
	}
	return onnxio.Export(s.Net, onnxio.EncodeOptions{})
}

// openOn makes a session of a source's model on an engine, for batches of any size.
func openOn(e engine.Engine, s *source, m *graph.Model) (engine.Session, error) {
	session, err := e.Open(m)
	if err != nil {
		return nil, fmt.Errorf("--engine %s: %s: %w", e.Name(), s.Name, err)
	}
	return engine.InPieces(session, m), nil
}

// compareEngines holds each engine against the recorded sets, and if there are none
// against what the float64 evaluator gives for made-up samples.
func (r *compareReport) compareEngines(engines []engine.Engine, ref *source, sets []*parity.Recorded, tol parity.Tolerance) error {
	m, err := ref.model()
	if err != nil {
		return err
	}
	if len(sets) == 0 {
		set, err := evaluateMadeUp(ref, m)
		if err != nil {
			return err
		}
		sets = append(sets, set)
	}
	for _, e := range engines {
		session, err := openOn(e, ref, m)
		if err != nil {
			return err
		}
		err = r.replay(session, e.Name(), parity.EndsOf(m), sets, tol)
		session.Close() // before the next engine has its own copy of the weights
		if err != nil {
			return fmt.Errorf("--engine %s: %w", e.Name(), err)
		}
	}
	return nil
}

// answers is what a source gives for samples: by the engine of --engine if there is one.
func answers(c *cli.Context, src *source, samples nn.Samples) (*nn.Tensor, error) {
	engines, err := enginesOf(c)
	if err != nil {
		return nil, err
	}
	switch len(engines) {
	case 0:
		src.noteForeign(c.App.ErrWriter)
		if samples, err = asRead(c, src, samples); err != nil {
			return nil, err
		}
		y, err := src.Net.Predict(samples, 0)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", src.Name, err)
		}
		return y, nil
	case 1:
	default:
		return nil, usage("--engine %s: %s takes one", c.String("engine"), c.Command.Name)
	}
	if samples, err = normalized(c, src, samples); err != nil {
		return nil, err
	}
	if src.Foreign != nil {
		samples = src.Foreign.Head.Input(samples)
	}
	m, err := src.model()
	if err != nil {
		return nil, err
	}
	session, err := openOn(engines[0], src, m)
	if err != nil {
		return nil, err
	}
	defer session.Close()
	ends := parity.EndsOf(m)
	y, err := engine.Predict(session, ends.Inputs[0], ends.Outputs[0], src.order(), samples, 0)
	if err != nil {
		return nil, fmt.Errorf("--engine %s: %s: %w", engines[0].Name(), src.Name, err)
	}
	return y, nil
}

// order says how the axes of the source's input lie in a sample's.
func (s *source) order() onnxio.AxisOrder {
	switch {
	case s.Foreign != nil:
		return s.Foreign.Head.Order
	case s.File != nil:
		return s.File.InputOrder
	}
	return nil
}
