package nn

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn/internal/kernel"
)

// Softmax turns a vector of logits z into probabilities:
//
//	y[k] = e^(z[k]) / Σ e^z          dx[k] = y[k]·(dy[k] − Σ y·dy)
//
// It is for networks that are to answer with probabilities. Training goes through
// CrossEntropy, which takes the logits before it.
//
// ONNX: Softmax over axis 1.
type Softmax struct{}

func (Softmax) Kind() string { return "Softmax" }
func (Softmax) Stem() string { return "softmax" }

func (Softmax) Bind(in []Shape) (Op, error) {
	if err := oneInput(in); err != nil {
		return nil, err
	}
	if len(in[0]) != 1 {
		return nil, fmt.Errorf("got input %v, need a vector (N)", in[0])
	}
	return softmaxOp{in[0]}, nil
}

type softmaxOp struct{ shape Shape }

func (o softmaxOp) Shape() Shape        { return o.shape }
func (o softmaxOp) Params() []ParamSpec { return nil }
func (o softmaxOp) MACs() int           { return 0 }

func (o softmaxOp) Forward(_ Weights, x []Block, y Block) {
	_, rest := kernel.SoftmaxExp(y.Data, x[0].Data)
	var by [Lanes]float32
	for l, r := range rest {
		by[l] = float32(1 / (1 + r))
	}
	kernel.ScaleLanes(y.Data, by)
}

func (o softmaxOp) Backward(_, _ Weights, _ []Block, y, dy Block, dx []Block) {
	if dx[0].Data == nil {
		return
	}
	n := o.shape.Size()
	for l := range Lanes {
		var s float64
		for k := range n {
			s += float64(y.Data[k*Lanes+l]) * float64(dy.Data[k*Lanes+l])
		}
		for k := range n {
			i := k*Lanes + l
			dx[0].Data[i] = float32(float64(y.Data[i]) * (float64(dy.Data[i]) - s))
		}
	}
}

// Logits returns the network without a final Softmax, sharing no values with it;
// the network itself if there is none.
func (n *Network) Logits() *Network {
	if n.last().Layer != (Softmax{}) || len(n.nodes) == 1 {
		return n
	}
	b := NewBuilder(n.input)
	b.from = n
	for _, node := range n.nodes[:len(n.nodes)-1] {
		b.Add(node.Name, node.Layer, node.Inputs...)
	}
	m, err := b.Build()
	if err != nil {
		panic("nn: a built network does not build without its last layer: " + err.Error())
	}
	return m
}
