package parity

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio"
)

// Alongside makes the layers of a network the reference, run on the recorded input of its file:
// as RecordLayers does, but those of a network with the same layers are computed one by one
// while another model is held against them, so that memory does not grow with the depth.
func (r *Recorded) Alongside(im *onnxio.Imported) error {
	x, err := r.inputOf(im)
	if err != nil {
		return err
	}
	r.alongside = &alongside{net: im.Network, input: x}
	return nil
}

// inputOf is the recorded input of a file as its network has it.
func (r *Recorded) inputOf(im *onnxio.Imported) (*nn.Tensor, error) {
	inputs, err := r.InputsFor(Ends{Inputs: []string{im.Input}})
	if err != nil {
		return nil, err
	}
	x, err := im.InputOrder.ToNetwork(inputs[im.Input])
	if err != nil {
		return nil, fmt.Errorf("%s: input %q: %w", r.Source, im.Input, err)
	}
	return x, nil
}

// alongside runs a reference's network layer by layer.
type alongside struct {
	net     *nn.Network
	input   *nn.Tensor
	values  map[string]*nn.Tensor
	readers map[string]int
}

// same reports whether another network has layers of the same names, kinds and shapes that read
// the same.
func (a *alongside) same(net *nn.Network) bool {
	return slices.EqualFunc(a.net.Nodes(), net.Nodes(), func(x, y *nn.Node) bool {
		return x.Name == y.Name && x.Shape.Equal(y.Shape) && slices.Equal(x.Inputs, y.Inputs) && kindOf(x.Layer) == kindOf(y.Layer)
	})
}

// restart begins again in front of the first layer.
func (a *alongside) restart() {
	a.values, a.readers = map[string]*nn.Tensor{a.net.Inputs()[0].Name: a.input}, readersOf(a.net)
}

// next is the output of the layer with the name, which must be the next one. What no layer
// reads any more is forgotten.
func (a *alongside) next(name string) (*nn.Tensor, error) {
	n := a.net.Node(name)
	layer, err := newSingle(a.net, n)
	if err != nil {
		return nil, err
	}
	y, err := layer.run(a.values)
	if err != nil {
		return nil, err
	}
	a.values[name] = y
	for _, in := range n.Inputs {
		if a.readers[in]--; a.readers[in] == 0 {
			delete(a.values, in)
		}
	}
	return y, nil
}

// all are the outputs of all layers, with their names in order.
func (a *alongside) all() (outputs map[string]*nn.Tensor, order []string, err error) {
	for _, n := range a.net.Nodes() {
		order = append(order, n.Name)
	}
	e, err := nn.NewExecutor(a.net, nn.ExecutorConfig{Outputs: order})
	if err != nil {
		return nil, nil, err
	}
	r, err := e.Run(map[string]*nn.Tensor{a.net.Inputs()[0].Name: a.input}, nil)
	if err != nil {
		return nil, nil, err
	}
	return r.Outputs, order, nil
}
