package engine

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// Gonn runs a model as the nn.Network that onnxio.Import recovers from it. Its sessions are
// Differentiators.
type Gonn struct{}

// Name is "gonn".
func (Gonn) Name() string { return "gonn" }

// Open recovers the network.
func (Gonn) Open(m *graph.Model) (Session, error) {
	im, err := onnxio.Import(m)
	if err != nil {
		return nil, err
	}
	im.Network.SetFixedParams(true) // nobody else has it
	return Recovered(im), nil
}

// Recovered returns a session of a network that has been recovered from a file.
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

// take checks an input and brings its axes into the network's order.
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

// Concurrent: Network.Forward is safe for concurrent use.
func (s *network) Concurrent() {}

// Gradients runs a batch forward and backward, in inference mode.
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
	if seed, err = s.im.OutputToNetwork(seed); err != nil {
		return nil, fmt.Errorf("output %q: %w", s.im.Output, err)
	}
	net := s.im.Network
	in, out := net.Inputs()[0].Name, net.Outputs()[0].Name
	run, err := nn.NewExecutor(net, nn.ExecutorConfig{Seeds: []string{out}})
	if err != nil {
		return nil, err
	}
	r, err := run.Run(map[string]*nn.Tensor{in: x}, map[string]*nn.Tensor{out: seed})
	if err != nil {
		return nil, fmt.Errorf("input %q, output %q: %w", s.im.Input, s.im.Output, err)
	}
	grads := map[string]*nn.Tensor{}
	for p, g := range r.Params {
		grads[p.FullName()] = &nn.Tensor{Shape: p.Shape, Data: g}
	}
	return grads, nil
}
