// Package toy has a network and labelled pictures that train in milliseconds, for the
// tests of train and of the packages below it.
package toy

import (
	"math/rand/v2"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

// Classes is the number of classes of Samples.
const Classes = 3

var shape = nn.Shape{1, 8, 8}

// Samples gives n pictures of a bright bar on noise, the class telling where it is.
func Samples(n int, seed uint64) nn.Samples {
	rng := rand.New(rand.NewPCG(seed, 0))
	x := nn.NewTensor(n, 1, 8, 8)
	labels := make([]int, n)
	for i := range labels {
		labels[i] = rng.IntN(Classes)
		for j, v := 0, x.Sample(i); j < len(v); j++ {
			v[j] = rng.Float32()
			if j/8/2 == labels[i] {
				v[j] += 0.5
			}
		}
	}
	s, err := nn.NewTensorSamples(x, labels, Classes)
	if err != nil {
		panic(err)
	}
	return s
}

// Network is a small convolutional network with PReLU, a layer that couples the samples of
// a batch and one that leaves something to chance, initialised from the seed in Keras's
// way.
func Network(seed uint64) *nn.Network {
	act := activation.Must("prelu")
	act.Kink = nn.Keras
	net, err := nn.Sequential(shape, layer.Conv{Out: 2, Kernel: [2]int{3, 3}}, layer.BatchNorm{Semantics: nn.Keras}, act,
		layer.Flatten{}, layer.Dropout{Rate: 0.1}, layer.Dense{Out: Classes})
	if err != nil {
		panic(err)
	}
	net.Init(nn.KerasInit, seed)
	return net
}
