package nonfinite

import (
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
)

// Sample finds the first layer, in the order of a forward pass in inference, whose output for
// sample i of a data set is not finite. The place is nil if there is none.
func Sample(net *nn.Network, data nn.Dataset, i int) (*Place, error) {
	if err := net.CheckSingle(); err != nil {
		return nil, err
	}
	x := nn.NewTensor(append([]int{1}, net.InputShape()...)...)
	if err := nn.ReadSample(x.Data, data, i); err != nil {
		return nil, err
	}
	for some, rest := chunk(ports(net), 1); len(some) > 0; some, rest = chunk(rest, 1) {
		e, err := nn.NewExecutor(net, nn.ExecutorConfig{Workers: 1, Outputs: names(some)})
		if err != nil {
			return nil, err
		}
		r, err := e.Run(map[string]*nn.Tensor{net.Inputs()[0].Name: x}, nil)
		if err != nil {
			return nil, err
		}
		for _, p := range some {
			if place := p.in(r.Outputs[p.Name], false); place != nil {
				return place, nil
			}
		}
	}
	return nil, nil
}

// First finds the first sample of a data set whose output is not finite, and the place of Sample;
// nil if there is none. workers is as in nn.Network.Predict.
func First(net *nn.Network, data nn.Dataset, workers int) (i int, place *Place, err error) {
	y, err := net.Predict(data, workers)
	if err != nil {
		return 0, nil, err
	}
	_, first := Count(y.Data)
	if first < 0 {
		return 0, nil, nil
	}
	i = first / net.OutputShape().Size()
	place, err = Sample(net, data, i)
	return i, place, err
}

// Step is a step of a training that has gone wrong, to be repeated.
type Step struct {
	Net     *nn.Network // with the parameters before the step
	Loss    nn.Loss
	Data    nn.Samples
	Batch   []int  // indices in Data
	Seed    uint64 // of nn.Stepper.Seed, like Number
	Number  int
	Workers int
}

// Forward finds the first layer, in the order of the forward pass, whose output is not finite; nil
// if there is none. It does not change the network.
func (s Step) Forward() (*Place, error) { return s.find(ports(s.Net), false) }

// Backward finds the first layer, in the order of the backward pass, where a gradient is not
// finite: that of its output or of a parameter; nil if there is none. It does not change the
// network.
func (s Step) Backward() (*Place, error) {
	all := ports(s.Net)[len(s.Net.Inputs()):]
	slices.Reverse(all)
	return s.find(all, true)
}

// find repeats the step until a run has recorded the place.
func (s Step) find(all []port, gradients bool) (*Place, error) {
	defer keepStatistics(s.Net)()
	stepper := nn.NewStepper(s.Net, s.Loss, s.Workers)
	for some, rest := chunk(all, len(s.Batch)); len(some) > 0; some, rest = chunk(rest, len(s.Batch)) {
		outputs, of := names(some), []string(nil)
		if gradients {
			outputs, of = nil, outputs
		}
		if err := stepper.Observe(outputs, of); err != nil {
			return nil, err
		}
		stepper.Seed(s.Seed, s.Number)
		if _, err := stepper.Step(s.Data, s.Batch); err != nil {
			return nil, err
		}
		values, gradientsOf := stepper.Observed()
		if gradients {
			values = gradientsOf
		}
		for _, p := range some {
			if place := p.in(values[p.Name], gradients); place != nil {
				return place, nil
			}
			if !gradients {
				continue
			}
			if place := p.inGradients(stepper.Grads()); place != nil {
				return place, nil
			}
		}
	}
	return nil, nil
}

// inGradients returns the place of the first gradient of a layer's parameters that is not finite;
// nil if there is none.
func (p port) inGradients(grads nn.Grads) *Place {
	if p.node == nil {
		return nil
	}
	for _, param := range p.node.Params {
		if n, first := Count(grads[param]); n > 0 {
			return &Place{Layer: p.Name, Kind: p.node.Layer.Kind(), Gradient: true, Param: param.FullName(), Sample: -1, Value: grads[param][first]}
		}
	}
	return nil
}

// keepStatistics returns a function that undoes what steps change: running statistics.
func keepStatistics(net *nn.Network) (restore func()) {
	kept := map[*nn.Param][]float32{}
	for _, p := range net.Params() {
		if !p.Role.Trained() {
			kept[p] = slices.Clone(p.Data)
		}
	}
	return func() {
		for p, v := range kept {
			copy(p.Data, v)
		}
	}
}
