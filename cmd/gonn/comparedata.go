package main

import (
	"errors"
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
)

// recordedFor reads the data of --inputs and --expected, else that beside the reference;
// none if there is none, or other data is asked for.
func recordedFor(c *cli.Context, ref *model.Model) ([]*parity.Recorded, error) {
	inputs, expected := c.String("inputs"), c.String("expected")
	switch {
	case expected != "" && inputs == "":
		return nil, usage("--expected needs the inputs that it belongs to: give --inputs too")
	case expected != "" && c.Bool("same"):
		return nil, usage("--same holds the second model against the first, --expected against recorded results: choose one")
	case expected != "":
		set, err := parity.ReadRecorded(inputs, expected)
		return []*parity.Recorded{set}, err
	case inputs != "" || c.Bool("same"):
		return nil, nil
	}
	ends, err := ref.Ends()
	if err != nil {
		return nil, err
	}
	return parity.FindRecorded(ref.Name, ends)
}

// noteUnused tells of recorded inputs that the model does not take, if those that it takes are there.
func noteUnused(c *cli.Context, set *parity.Recorded, ends parity.Ends) {
	if _, err := set.InputsFor(ends); err != nil {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(set.Inputs)) {
		if name != "" && !slices.Contains(ends.Inputs, name) {
			note(c, []string{fmt.Sprintf("%s: %q is no input of the model, and is not used", set.Source, name)})
		}
	}
}

// madeUpSamples is how many samples are made up where no data is recorded.
const madeUpSamples = 8

// madeUp is a batch of random values, the same ones every time. size is that of axes which
// the model leaves open, nil if it is not known.
func madeUp(ref *model.Model, g *graph.Model, size nn.Shape) (*parity.Recorded, error) {
	inputs, err := engine.MadeUp(g, madeUpSamples, size...)
	if err != nil {
		give := "--inputs"
		if !errors.Is(ref.CheckSize(nil), onnxio.ErrFixedSize) {
			give = "--inputs or --size"
		}
		return nil, usage("%s: %w: give %s", ref.Name, err, give)
	}
	return &parity.Recorded{Source: fmt.Sprintf("%d made-up samples", madeUpSamples), Inputs: inputs}, nil
}
