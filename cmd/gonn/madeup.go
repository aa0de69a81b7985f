package main

import (
	"fmt"
	"math/rand/v2"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/engine"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/parity"
)

// madeUp is how many samples engines run on where no data is recorded.
const madeUp = 8

// evaluateMadeUp is what the float64 evaluator gives for samples of random values between
// −1 and 1, the same ones every time.
func evaluateMadeUp(ref *source, m *graph.Model) (*parity.Recorded, error) {
	r := &parity.Recorded{Source: fmt.Sprintf("the float64 evaluator on %d made-up samples", madeUp), Inputs: map[string]*nn.Tensor{}}
	rng := rand.New(rand.NewPCG(1, 2))
	for _, v := range m.Graph.Feeds() {
		shape, err := sampleShape(v)
		if err != nil {
			return nil, usage("%s: input %q: %w: give --inputs and --expected", ref.Name, v.Name, err)
		}
		x := nn.NewTensor(append([]int{madeUp}, shape...)...)
		for i := range x.Data {
			x.Data[i] = 2*rng.Float32() - 1
		}
		r.Inputs[v.Name] = x
	}
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

// sampleShape is the shape of one sample of an input, if the file fixes it.
func sampleShape(v *graph.Value) (nn.Shape, error) {
	if !v.HasShape || len(v.Shape) == 0 {
		return nil, fmt.Errorf("it has no shape in the file")
	}
	shape, left := nn.Shape{}, int64(onnxio.MaxSample)
	for _, d := range v.Shape[1:] {
		if !d.Known() || d.Size < 1 || d.Size > left {
			return nil, fmt.Errorf("its shape %v is open or too large", v.Shape)
		}
		left /= d.Size
		shape = append(shape, int(d.Size))
	}
	return shape, nil
}
