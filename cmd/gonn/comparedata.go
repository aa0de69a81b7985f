package main

import (
	"fmt"
	"math/rand/v2"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio"
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

// batchFor is a batch without expected results: that of --inputs, or made up.
func batchFor(c *cli.Context, ref *model.Model, g *graph.Model) (*parity.Recorded, error) {
	if path := c.String("inputs"); path != "" {
		return parity.ReadInputs(path)
	}
	return madeUp(ref, g)
}

// madeUpSamples is how many samples are made up where no data is recorded.
const madeUpSamples = 8

// madeUp is a batch of random values between −1 and 1, the same ones every time.
func madeUp(ref *model.Model, g *graph.Model) (*parity.Recorded, error) {
	r := &parity.Recorded{Source: fmt.Sprintf("%d made-up samples", madeUpSamples), Inputs: map[string]*nn.Tensor{}}
	rng := rand.New(rand.NewPCG(1, 2))
	for _, v := range g.Graph.Feeds() {
		shape, err := sampleShape(v)
		if err != nil {
			return nil, usage("%s: input %q: %w: give --inputs", ref.Name, v.Name, err)
		}
		x := nn.NewTensor(append([]int{madeUpSamples}, shape...)...)
		for i := range x.Data {
			x.Data[i] = 2*rng.Float32() - 1
		}
		r.Inputs[v.Name] = x
	}
	return r, nil
}

// sampleShape is the shape of one sample of an input, if the file fixes it.
func sampleShape(v *graph.Value) (nn.Shape, error) {
	if !v.HasShape || len(v.Shape) == 0 {
		return nil, fmt.Errorf("it has no shape in the file")
	}
	shape, left := nn.Shape{}, int64(onnxio.MaxSample)
	for _, d := range v.Shape[1:] {
		if !d.Known() || d.Size < 1 || d.Size > left {
			return nil, fmt.Errorf("its shape %s is open or too large", v.ShapeText())
		}
		left /= d.Size
		shape = append(shape, int(d.Size))
	}
	return shape, nil
}
