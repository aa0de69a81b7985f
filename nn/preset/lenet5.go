package preset

import (
	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

// lenet5 is LeNet-5 (LeCun et al. 1998) with today's output layer: on 28×28 grey images
// the first convolution is padded, as they were 32×32 there, and the maps that a unit of
// the second one reads are all of them. It has 61,706 parameters then.
func lenet5(input nn.Shape, classes int, act activation.Layer) (*nn.Network, error) {
	pool := layer.AveragePool{Kernel: square(2), Ceil: true}
	return nn.Sequential(input,
		layer.Conv{Out: 6, Kernel: square(5), Pads: around(2)}, act, pool,
		layer.Conv{Out: 16, Kernel: square(5)}, act, pool,
		layer.Flatten{},
		layer.Dense{Out: 120}, act,
		layer.Dense{Out: 84}, act,
		layer.Dense{Out: classes},
	)
}
