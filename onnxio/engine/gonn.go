package engine

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// Gonn runs a model as the nn.Network that onnxio.Import recovers from it, in gonn's
// kernels. Its sessions are Differentiators.
type Gonn struct{}

// Name is "gonn".
func (Gonn) Name() string { return "gonn" }

// Open recovers the network.
func (Gonn) Open(m *graph.Model) (Session, error) {
	im, err := onnxio.Import(m)
	if err != nil {
		return nil, err
	}
	return Recovered(im), nil
}

// Recovered is the session of a network that was recovered from a file before.
func Recovered(im *onnxio.Imported) Session { return &network{im} }

type network struct{ im *onnxio.Imported }

func (s *network) Run(inputs map[string]*nn.Tensor) (map[string]*nn.Tensor, error) {
	x, err := only(inputs, "input", s.im.Input)
	if err != nil {
		return nil, err
	}
	if x, err = s.take(x); err != nil {
		return nil, err
	}
	y, err := s.im.Network.Forward(x)
	if err != nil {
		return nil, s.inputError(err)
	}
	if y, err = s.im.OutputOrder.ToFile(y); err != nil {
		return nil, fmt.Errorf("output %q: %w", s.im.Output, err)
	}
	return map[string]*nn.Tensor{s.im.Output: y}, nil
}

// take gives an input its axes as the network has them.
func (s *network) take(x *nn.Tensor) (*nn.Tensor, error) {
	if err := whole(x); err != nil {
		return nil, s.inputError(err)
	}
	x, err := s.im.InputOrder.ToNetwork(x)
	if err != nil {
		return nil, s.inputError(err)
	}
	return x, nil
}

func (s *network) inputError(err error) error {
	if o := s.im.InputOrder; o != nil {
		return fmt.Errorf("input %q, %v in the file, brought into the network's order: %w", s.im.Input, o, err)
	}
	return fmt.Errorf("input %q: %w", s.im.Input, err)
}

func (s *network) Close() error { return nil }

// Concurrent: so is the network's Forward.
func (s *network) Concurrent() {}

// Gradients carries the batch forward and back once, as training does. Layers that do
// something else in training than in inference are refused.
func (s *network) Gradients(inputs, dy map[string]*nn.Tensor) (map[string]*nn.Tensor, error) {
	x, err := only(inputs, "input", s.im.Input)
	if err != nil {
		return nil, err
	}
	seed, err := only(dy, "output", s.im.Output)
	if err != nil {
		return nil, err
	}
	if x, err = s.take(x); err != nil {
		return nil, err
	}
	if seed, err = s.im.OutputOrder.ToNetwork(seed); err != nil {
		return nil, fmt.Errorf("output %q: %w", s.im.Output, err)
	}
	net := s.im.Network
	for _, n := range net.Nodes() {
		switch n.Layer.(type) {
		case nn.BatchNorm, nn.Dropout:
			return nil, fmt.Errorf("layer %q (%s) computes something else in training: its gradient in inference is not to be had", n.Name, n.Layer.Kind())
		}
	}
	rows, err := oneClassEach(x)
	if err != nil {
		return nil, s.inputError(err)
	}
	if want := append([]int{x.Shape[0]}, net.OutputShape()...); !nn.Shape(seed.Shape).Equal(want) || len(seed.Data) != nn.Shape(want).Size() {
		return nil, fmt.Errorf("output %q has shape %v, its dy %v", s.im.Output, nn.Shape(want), nn.Shape(seed.Shape))
	}
	step := nn.NewStepper(net, seeded{seed}, 0)
	if _, err := step.Step(rows, rows.Labels); err != nil {
		return nil, err
	}
	grads := map[string]*nn.Tensor{}
	for p, g := range step.Grads() {
		if p.Role.Trained() {
			grads[p.FullName()] = &nn.Tensor{Shape: p.Shape, Data: g}
		}
	}
	return grads, nil
}

// oneClassEach makes samples of a batch, each labelled with its place in it.
func oneClassEach(x *nn.Tensor) (*nn.TensorSamples, error) {
	if len(x.Shape) == 0 {
		return nil, fmt.Errorf("a scalar has no batch axis")
	}
	labels := make([]int, x.Shape[0])
	for i := range labels {
		labels[i] = i
	}
	return nn.NewTensorSamples(x, labels, len(labels))
}

// seeded is the loss Σ dy·y, whose gradient with respect to y is dy. A sample's label is
// its row of dy. Other than the losses that train, it is a sum and not a mean.
type seeded struct{ dy *nn.Tensor }

func (seeded) Name() string         { return "seeded" }
func (seeded) Probabilities() bool  { return false }
func (seeded) Check(int, int) error { return nil }
func (seeded) Weight(int) float64   { return 1 }

func (s seeded) Block(out nn.Block, labels []int, dout nn.Block, _ float32) (losses [nn.Lanes]float64) {
	clear(dout.Data)
	for lane, row := range labels {
		for k, d := range s.dy.Sample(row) {
			losses[lane] += float64(d) * float64(out.Data[k*nn.Lanes+lane])
			if dout.Data != nil {
				dout.Data[k*nn.Lanes+lane] = d
			}
		}
	}
	return losses
}
