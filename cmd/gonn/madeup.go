package main

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/onnxio/engine"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/parity"
)

// madeUp is how many samples engines run on where no data is recorded.
const madeUp = 8

// evaluateMadeUp is what the float64 evaluator gives for samples of random values,
// the same ones every time.
func evaluateMadeUp(ref *source, m *graph.Model) (*parity.Recorded, error) {
	inputs, err := engine.MadeUp(m, madeUp)
	if err != nil {
		return nil, usage("%s: %w: give --inputs and --expected", ref.Name, err)
	}
	r := &parity.Recorded{Source: fmt.Sprintf("the float64 evaluator on %d made-up samples", madeUp), Inputs: inputs}
	session, err := openOn(engine.Reference{}, ref, m)
	if err != nil {
		return nil, err
	}
	defer session.Close()
	if r.Expected, err = session.Run(r.Inputs); err != nil {
		return nil, fmt.Errorf("%s: %s: %w", ref.Name, r.Source, err)
	}
	return r, nil
}
