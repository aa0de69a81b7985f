package onnxgo

import (
	"errors"
	"fmt"

	"gorgonia.org/tensor"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio"
)

// Run computes the output from the input that has been set. The first call recovers the
// network, and so does one after a change of the samples' shape; batches may be of any
// size.
func (g *Graph) Run() error {
	if err := g.run(); err != nil {
		return fmt.Errorf("onnxgo: %w", err)
	}
	return nil
}

func (g *Graph) run() error {
	if len(g.ops) == 0 {
		return errors.New("no file has been decoded: call the model's UnmarshalBinary before Run")
	}
	if g.network == nil || !g.samplesFit() {
		if err := g.recover(); err != nil {
			return err
		}
	}
	x := tensor.Materialize(g.input.tensor) // a view has its elements elsewhere
	data, ok := x.Data().([]float32)
	if !ok || x.DataOrder().IsColMajor() {
		return fmt.Errorf("input %q is of %v (%v), need float32 in row-major order", g.input.name, x.Dtype(), x.DataOrder())
	}
	y, err := g.network.Forward(&nn.Tensor{Shape: x.Shape(), Data: data})
	if err != nil {
		return fmt.Errorf("input %q: %w", g.input.name, err)
	}
	g.output.tensor = tensor.New(tensor.WithShape(y.Shape...), tensor.WithBacking(y.Data))
	return nil
}

// samplesFit tells whether the input's samples are of the shape that the network is for.
func (g *Graph) samplesFit() bool {
	shape := g.input.tensor.Shape()
	return len(shape) > 0 && nn.Shape(shape[1:]).Equal(g.network.InputShape())
}

// recover makes the network of what has been decoded.
func (g *Graph) recover() error {
	g.network = nil
	m, err := g.collect()
	if err != nil {
		return err
	}
	im, err := onnxio.Import(m)
	if err != nil {
		return err
	}
	g.network = im.Network
	return nil
}
