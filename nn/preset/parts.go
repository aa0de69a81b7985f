package preset

import (
	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

func square(n int) [2]int { return [2]int{n, n} }

func around(pad int) [4]int { return [4]int{pad, pad, pad, pad} }

// conv3 is a 3×3 convolution before a batch normalisation, which has the bias.
func conv3(out, stride int) layer.Conv {
	return layer.Conv{Out: out, Kernel: square(3), Stride: square(stride), Pads: around(1), NoBias: true}
}

// norm is a batch normalisation with the defaults of the framework as in which the
// activation trains.
func norm(act activation.Layer) nn.Layer { return layer.NewBatchNorm(act.Kink) }
