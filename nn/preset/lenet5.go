package preset

import "github.com/gonn-toolkit/gonn/nn"

// lenet5 is LeNet-5 (LeCun et al. 1998) with today's output layer: on 28×28 grey images
// the first convolution is padded, as they were 32×32 there, and the maps that a unit of
// the second one reads are all of them. It has 61,706 parameters then.
func lenet5(input nn.Shape, classes int, act nn.Activation) (*nn.Network, error) {
	pool := nn.AveragePool{Kernel: square(2), Ceil: true}
	return nn.Sequential(input,
		nn.Conv{Out: 6, Kernel: square(5), Pads: around(2)}, act, pool,
		nn.Conv{Out: 16, Kernel: square(5)}, act, pool,
		nn.Flatten{},
		nn.Dense{Out: 120}, act,
		nn.Dense{Out: 84}, act,
		nn.Dense{Out: classes},
	)
}
