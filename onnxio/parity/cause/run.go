package cause

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
)

// apply computes a layer from its inputs. params are the values of its parameters by name.
func apply(l nn.Layer, params map[string][]float32, in ...*nn.Tensor) (*nn.Tensor, error) {
	b := nn.NewBuilder(nil)
	var names []string
	inputs := batch{}
	for i, x := range in {
		name := fmt.Sprint("x", i)
		names, inputs[name] = append(names, name), x
		b.Input(name, x.Shape[1:])
	}
	net, err := b.Add("y", l, names...).Build()
	if err != nil {
		return nil, err
	}
	for _, p := range net.Params() {
		v := params[p.Name]
		if len(v) != len(p.Data) {
			return nil, fmt.Errorf("%s has %d values, need %d", p.Name, len(v), len(p.Data))
		}
		copy(p.Data, v)
	}
	out, err := run(net, inputs, "y")
	if err != nil {
		return nil, err
	}
	return out["y"], nil
}

// run runs a network once and returns the values of the named layers and inputs.
func run(net *nn.Network, inputs batch, outputs ...string) (batch, error) {
	e, err := nn.NewExecutor(net, nn.ExecutorConfig{Workers: 1, FixedParams: true, Outputs: outputs})
	if err != nil {
		return nil, err
	}
	r, err := e.Run(inputs, nil)
	if err != nil {
		return nil, err
	}
	return r.Outputs, nil
}

// paramsOf are the parameters of a layer by name. They are not copies.
func paramsOf(node *nn.Node) map[string][]float32 {
	m := make(map[string][]float32, len(node.Params))
	for _, p := range node.Params {
		m[p.Name] = p.Data
	}
	return m
}

// gather returns some samples of a tensor, in that order.
func gather(t *nn.Tensor, samples []int) *nn.Tensor {
	shape := append([]int{len(samples)}, t.Shape[1:]...)
	g := nn.NewTensor(shape...)
	for i, s := range samples {
		copy(g.Sample(i), t.Sample(s))
	}
	return g
}

// gather returns some samples of all tensors.
func (b batch) gather(samples []int) batch {
	g := make(batch, len(b))
	for name, t := range b {
		g[name] = gather(t, samples)
	}
	return g
}

// section is the part of a network between values that are given and targets.
type section struct {
	net     *nn.Network // nil if the only target is given
	given   []string
	targets []string
	exec    *nn.Executor
}

// newSection returns the part of net behind the given values, of shapes that may be other ones
// than in net. Of the targets only those that it reaches are computed.
func newSection(net *nn.Network, given map[string]nn.Shape, from func(name string) bool, targets []string) (*section, error) {
	s := &section{}
	needed := map[string]bool{}
	for _, t := range targets {
		needed[t] = true
	}
	nodes := net.Nodes()
	for i := len(nodes) - 1; i >= 0; i-- {
		if node := nodes[i]; needed[node.Name] && from(node.Name) && given[node.Name] == nil {
			for _, in := range node.Inputs {
				needed[in] = true
			}
		}
	}
	b := nn.NewBuilder(nil)
	have := map[string]bool{}
	input := func(name string, shape nn.Shape) {
		if !have[name] {
			have[name] = true
			s.given = append(s.given, name)
			b.Input(name, shape)
		}
	}
	added := 0
	for _, node := range nodes {
		if !needed[node.Name] || !from(node.Name) || given[node.Name] != nil {
			continue
		}
		for _, in := range node.Inputs {
			switch {
			case given[in] != nil:
				input(in, given[in])
			case !from(in):
				input(in, shapeOf(net, in))
			}
		}
		b.Add(node.Name, node.Layer, node.Inputs...)
		added++
	}
	for _, t := range targets {
		if from(t) && given[t] == nil {
			s.targets = append(s.targets, t)
		}
	}
	if added == 0 {
		return s, nil
	}
	var err error
	if s.net, err = b.Outputs(s.targets...).Build(); err != nil {
		return nil, err
	}
	for _, node := range s.net.Nodes() {
		for i, p := range net.Node(node.Name).Params {
			if len(p.Data) != len(node.Params[i].Data) {
				return nil, fmt.Errorf("%s does not fit", p.FullName())
			}
			copy(node.Params[i].Data, p.Data)
		}
	}
	s.exec, err = nn.NewExecutor(s.net, nn.ExecutorConfig{Workers: 1, FixedParams: true, Outputs: s.targets})
	return s, err
}

// run computes the targets from the given values.
func (s *section) run(values func(name string) *nn.Tensor) (batch, error) {
	if s.net == nil {
		return batch{}, nil
	}
	inputs := make(batch, len(s.given))
	for _, name := range s.given {
		inputs[name] = values(name)
	}
	r, err := s.exec.Run(inputs, nil)
	if err != nil {
		return nil, err
	}
	return r.Outputs, nil
}

// shapeOf is the shape of a layer or an input, without the batch axis.
func shapeOf(net *nn.Network, name string) nn.Shape {
	if node := net.Node(name); node != nil {
		return node.Shape
	}
	for _, p := range net.Inputs() {
		if p.Name == name {
			return p.Shape
		}
	}
	return nil
}
