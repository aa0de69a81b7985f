package parity

import (
	"fmt"
	"maps"

	"github.com/gonn-toolkit/gonn/nn"
)

// single is one layer of a network as a network of its own, with the values of its parameters.
type single struct {
	node *nn.Node
	net  *nn.Network
	exec *nn.Executor
}

func newSingle(net *nn.Network, n *nn.Node) (*single, error) {
	b := nn.NewBuilder(nil)
	seen := map[string]bool{}
	for _, in := range n.Inputs {
		if !seen[in] {
			b.Input(in, shapeOf(net, in))
		}
		seen[in] = true
	}
	own, err := b.Add(n.Name, n.Layer, n.Inputs...).Build()
	if err != nil {
		return nil, err
	}
	for i, p := range own.Params() {
		copy(p.Data, n.Params[i].Data)
	}
	return (&single{node: n, net: own}).again()
}

// again is the layer with the values that its parameters have now.
func (s *single) again() (*single, error) {
	exec, err := nn.NewExecutor(s.net, nn.ExecutorConfig{FixedParams: true})
	return &single{s.node, s.net, exec}, err
}

// shapeOf is the shape of a sample of what a layer or an input gives.
func shapeOf(net *nn.Network, name string) nn.Shape {
	if n := net.Node(name); n != nil {
		return n.Shape
	}
	for _, p := range net.Inputs() {
		if p.Name == name {
			return p.Shape
		}
	}
	return nil
}

// runWith is run with another value for one input.
func (s *single) runWith(values map[string]*nn.Tensor, input string, x *nn.Tensor) (*nn.Tensor, error) {
	other := maps.Clone(values)
	other[input] = x
	return s.run(other)
}

// run computes the layer's output from the values of its inputs.
func (s *single) run(values map[string]*nn.Tensor) (*nn.Tensor, error) {
	inputs := map[string]*nn.Tensor{}
	for _, in := range s.node.Inputs {
		inputs[in] = values[in]
	}
	r, err := s.exec.Run(inputs, nil)
	if err != nil {
		return nil, fmt.Errorf("layer %q: %w", s.node.Name, err)
	}
	return r.Outputs[s.node.Name], nil
}
