package nntest

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
)

// checkWorkers puts the layer into a network that can be trained, behind a feed for
// each input and before a classifier.
func checkWorkers(b *bench, _ *report) error {
	build := nn.NewBuilder(b.In[0])
	var names []string
	for i, shape := range b.In {
		names = append(names, fmt.Sprintf("feed%d", i))
		build.Add(names[i], feed{shape}, nn.InputName)
	}
	const classes = 3
	net, err := build.Add("layer", b.Layer, names...).
		Add("flatten", nn.Flatten{}).Add("dense", nn.Dense{Out: classes}).Build()
	if err != nil {
		return fmt.Errorf("in a network: %w", err)
	}
	rng := rand.New(rand.NewPCG(3, 4))
	for _, p := range net.Params() {
		copy(p.Data, values(rng, len(p.Data)))
	}
	const n = 3*nn.Lanes + 2
	x := nn.NewTensor(append([]int{n}, b.In[0]...)...)
	copy(x.Data, values(rng, len(x.Data)))
	labels, idx := make([]int, n), make([]int, n)
	for i := range n {
		labels[i], idx[i] = i%classes, i
	}
	data, err := nn.NewTensorSamples(x, labels, classes)
	if err != nil {
		return err
	}
	var first []float32
	for _, workers := range []int{1, 2, 3, 8} {
		s := nn.NewStepper(net, nn.CrossEntropy{}, workers)
		if _, err := s.Step(data, idx); err != nil {
			return err
		}
		grads := slices.Concat(s.Grads()...)
		if first == nil {
			first = grads
		}
		if !slices.Equal(grads, first) {
			return fmt.Errorf("%d workers give other gradients than 1", workers)
		}
	}
	return nil
}

// feed brings the network's input to any shape: y[i] = gain · x[i mod len(x)]. It
// has a parameter, so that the layer behind it must give its input gradient.
type feed struct{ shape nn.Shape }

func (feed) Kind() string { return "feed" }
func (feed) Stem() string { return "feed" }

func (f feed) Bind(in []nn.Shape) (nn.Op, error) {
	if len(in) != 1 {
		return nil, fmt.Errorf("got %d inputs, need 1", len(in))
	}
	return feedOp{f.shape}, nil
}

type feedOp struct{ shape nn.Shape }

func (o feedOp) Shape() nn.Shape { return o.shape }
func (o feedOp) MACs() int       { return 0 }
func (o feedOp) Params() []nn.ParamSpec {
	return []nn.ParamSpec{{Name: "gain", Shape: nn.Shape{1}, Role: nn.Weight, FanIn: 1, FanOut: 1}}
}

func (o feedOp) Forward(w nn.Weights, x []nn.Block, y nn.Block) {
	for i := range y.Data {
		y.Data[i] = w[0][0] * x[0].Data[i%len(x[0].Data)]
	}
}

func (o feedOp) Backward(w, dw nn.Weights, x []nn.Block, _, dy nn.Block, dx []nn.Block) {
	clear(dx[0].Data)
	for i, g := range dy.Data {
		j := i % len(x[0].Data)
		dw[0][0] += g * x[0].Data[j]
		if dx[0].Data != nil {
			dx[0].Data[j] += w[0][0] * g
		}
	}
}
