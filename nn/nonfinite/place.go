package nonfinite

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
)

// Place is where numbers of a pass first are NaN or infinite.
type Place struct {
	Layer string // name of the layer or the input of the network
	Kind  string // of the layer; "" for an input
	// Gradient is set for gradients of the loss: with respect to the output of Layer, or to a
	// parameter of it, Param.
	Gradient bool
	Param    string
	Sample   int // index in the batch; -1 for gradients of parameters
	Value    float32
}

// Input reports whether the samples themselves have the numbers.
func (p *Place) Input() bool { return p.Kind == "" && !p.Gradient }

func (p *Place) String() string {
	name := p.Layer
	if p.Kind != "" {
		name += " (" + p.Kind + ")"
	}
	switch {
	case p.Param != "":
		return fmt.Sprintf("%s is the first layer, in backward order, where gradients are not finite: that of %s has %v", name, p.Param, p.Value)
	case p.Gradient:
		return fmt.Sprintf("%s is the first layer, in backward order, where gradients are not finite: that of its output has %v", name, p.Value)
	case p.Kind == "":
		return fmt.Sprintf("the input has %v", p.Value)
	}
	return fmt.Sprintf("%s is the first layer whose output is not finite: it has %v", name, p.Value)
}

// maxNumbers is how many numbers are recorded in one run, unless one layer has more: 64 MiB.
const maxNumbers = 1 << 24

// port is a layer or an input.
type port struct {
	nn.Port
	node *nn.Node // nil for an input
}

// ports lists inputs and layers in the order of a forward pass.
func ports(net *nn.Network) []port {
	var all []port
	for _, p := range net.Inputs() {
		all = append(all, port{p, nil})
	}
	for _, n := range net.Nodes() {
		all = append(all, port{nn.Port{Name: n.Name, Shape: n.Shape}, n})
	}
	return all
}

// chunk cuts off as many as can be recorded of so many samples, one at least.
func chunk(all []port, samples int) (some, rest []port) {
	numbers := 0
	for i, p := range all {
		if numbers += samples * p.Shape.Size(); i > 0 && numbers > maxNumbers {
			return all[:i], all[i:]
		}
	}
	return all, nil
}

func names(ports []port) []string {
	list := make([]string, len(ports))
	for i, p := range ports {
		list[i] = p.Name
	}
	return list
}

// in returns the place of the first number of a value that is not finite; nil if there is none.
func (p port) in(x *nn.Tensor, gradient bool) *Place {
	n, first := Count(x.Data)
	if n == 0 {
		return nil
	}
	place := &Place{Layer: p.Name, Gradient: gradient, Sample: first / max(1, p.Shape.Size()), Value: x.Data[first]}
	if p.node != nil {
		place.Kind = p.node.Layer.Kind()
	}
	return place
}
