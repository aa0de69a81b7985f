package onnxgo

import (
	"errors"
	"fmt"
	"slices"

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
	if g.im == nil || !g.samplesFit() {
		if err := g.recover(); err != nil {
			return err
		}
	}
	x := tensor.Materialize(g.input.tensor) // a view has its elements elsewhere
	data, ok := x.Data().([]float32)
	if !ok || x.DataOrder().IsColMajor() {
		return fmt.Errorf("input %q is of %v (%v), need float32 in row-major order", g.input.name, x.Dtype(), x.DataOrder())
	}
	y, err := g.forward(&nn.Tensor{Shape: x.Shape(), Data: data})
	if err != nil {
		return fmt.Errorf("input %q: %w", g.input.name, err)
	}
	g.output.tensor = tensor.New(tensor.WithShape(y.Shape...), tensor.WithBacking(y.Data))
	return nil
}

// forward runs the network on a value that has its axes as the file has them.
func (g *Graph) forward(x *nn.Tensor) (*nn.Tensor, error) {
	x, err := g.im.InputOrder.ToNetwork(x)
	if err != nil {
		return nil, err
	}
	y, err := g.im.Network.Forward(x)
	if err != nil {
		return nil, err
	}
	return g.im.OutputOrder.ToFile(y)
}

// samplesFit reports whether the input's samples are of the shape that the network was
// recovered for.
func (g *Graph) samplesFit() bool {
	shape := g.input.tensor.Shape()
	return len(shape) > 0 && slices.Equal(shape[1:], g.samples)
}

// recover makes the network of what has been decoded.
func (g *Graph) recover() error {
	g.im = nil
	m, err := g.collect()
	if err != nil {
		return err
	}
	if g.im, err = onnxio.Import(m); err != nil {
		return err
	}
	g.im.Network.SetFixedParams(true) // nobody else has it
	g.samples = slices.Clone(g.input.tensor.Shape()[1:])
	return nil
}
