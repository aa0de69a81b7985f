package nntest

import (
	"fmt"
	"math/rand/v2"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// classes is the number of outputs of the classifier after the layer.
const classes = 3

// network builds a network of a layer for each input, which maps the network's input to its
// shape, then the layer under test, then a classifier. Parameters are random. It also returns
// a batch of n random samples.
func (b *fixture) network(n int, rng *rand.Rand, before func(nn.Shape) nn.Layer) (*nn.Network, *nn.TensorSamples, []int, error) {
	build := nn.NewBuilder(b.In[0])
	var names []string
	for i, shape := range b.In {
		l := before(shape)
		names = append(names, fmt.Sprintf("%s%d", l.Stem(), i))
		build.Add(names[i], l, nn.InputName)
	}
	net, err := build.Add("layer", b.Layer, names...).
		Add("flatten", layer.Flatten{}).Add("dense", layer.Dense{Out: classes}).Build()
	if err != nil {
		return nil, nil, nil, fmt.Errorf("in a network: %w", err)
	}
	for _, p := range net.Params() {
		copy(p.Data, values(rng, len(p.Data)))
	}
	x := nn.NewTensor(append([]int{n}, b.In[0]...)...)
	copy(x.Data, values(rng, len(x.Data)))
	labels, idx := make([]int, n), make([]int, n)
	for i := range n {
		labels[i], idx[i] = i%classes, i
	}
	data, err := nn.NewTensorSamples(x, labels, classes)
	return net, data, idx, err
}

// feed maps the network's input to any shape: y[i] = gain · x[i mod len(x)]. It has a parameter,
// so that the gradient of its output is needed.
type feed struct{ shape nn.Shape }

func (feed) Kind() string { return "feed" }
func (feed) Stem() string { return "feed" }

func (f feed) Bind(in []nn.Shape) (op.Op, error) {
	if len(in) != 1 {
		return nil, fmt.Errorf("got %d inputs, need 1", len(in))
	}
	return feedOp(f), nil
}

type feedOp struct{ shape nn.Shape }

func (o feedOp) Shape() nn.Shape { return o.shape }
func (o feedOp) MACs() int       { return 0 }
func (o feedOp) Params() []nn.ParamSpec {
	return []nn.ParamSpec{{Name: "gain", Shape: nn.Shape{1}, Role: nn.Weight, FanIn: 1, FanOut: 1}}
}

func (o feedOp) Forward(c *op.Call) {
	for i := range c.Y.Data {
		c.Y.Data[i] = c.W[0][0] * c.X[0].Data[i%len(c.X[0].Data)]
	}
}

func (o feedOp) Backward(c *op.Call) {
	w, dw, x, dy, dx := c.W, c.DW, c.X, c.DY, c.DX
	clear(dx[0].Data)
	for i, g := range dy.Data {
		j := i % len(x[0].Data)
		if dw[0] != nil {
			dw[0][0] += g * x[0].Data[j]
		}
		if dx[0].Data != nil {
			dx[0].Data[j] += w[0][0] * g
		}
	}
}
