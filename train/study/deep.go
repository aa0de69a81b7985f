package study

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/loss"
)

// The deep network that gradients are followed through.
const (
	hiddenLayers = 10
	hiddenUnits  = 64
	deepSamples  = 256 // of a batch
)

// deepNetwork is a multilayer perceptron at a random start, with weights as Glorot and Bengio
// (2010) draw them, times a factor.
func deepNetwork(input nn.Shape, classes int, act string, seed uint64, factor float32) (*nn.Network, error) {
	layers := []nn.Layer{layer.Flatten{}}
	for range hiddenLayers {
		layers = append(layers, layer.Dense{Out: hiddenUnits}, activation.Must(act))
	}
	net, err := nn.Sequential(input, append(layers, layer.Dense{Out: classes})...)
	if err != nil {
		return nil, err
	}
	net.Init(nn.KerasInit, seed)
	for _, p := range net.Params() {
		if p.Role == nn.Weight {
			for i := range p.Data {
				p.Data[i] *= factor
			}
		}
	}
	return net, nil
}

// deepStart is what a network does with a batch before training, by hidden layer.
type deepStart struct {
	Gradients []float64 `json:"gradients"` // norms of the weights' gradients
	Zeros     []float64 `json:"zeros"`     // share of outputs of the activation that are exactly 0
	Dead      []float64 `json:"dead"`      // share of units that are 0 for all samples
}

// startOf runs a batch, the first samples of a set.
func startOf(net *nn.Network, set nn.Samples, workers int) (d deepStart, err error) {
	idx := make([]int, min(deepSamples, set.Len()))
	for i := range idx {
		idx[i] = i
	}
	s := nn.NewStepper(net, loss.CrossEntropy{}, workers)
	var acts, dense []*nn.Node
	var names []string
	for _, n := range net.Nodes() {
		switch n.Layer.(type) {
		case activation.Layer:
			acts, names = append(acts, n), append(names, n.Name)
		case layer.Dense:
			dense = append(dense, n)
		}
	}
	if err := s.Observe(names, nil); err != nil {
		return d, err
	}
	if _, err := s.Step(set, idx); err != nil {
		return d, fmt.Errorf("a batch at the start: %w", err)
	}
	outputs, _ := s.Observed()
	for i, n := range acts {
		zeros, dead := zerosOf(outputs[n.Name])
		d.Gradients = append(d.Gradients, normOf(s.Grads()[dense[i].Params[0]]))
		d.Zeros, d.Dead = append(d.Zeros, zeros), append(d.Dead, dead)
	}
	return d, nil
}
