package preset

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

// resnet20 is the residual network of 20 layers for small images (He et al. 2015, section
// 4.2): a convolution, then three stages of three blocks with 16, 32 and 64 channels, each
// of two 3×3 convolutions and a way past them. Where a block halves the map, that way is a
// 1×1 convolution with batch normalisation, as in the paper's option B; its networks for
// small images drop pixels and add empty channels there, which has no parameters.
func resnet20(input nn.Shape, classes int, act activation.Layer) (*nn.Network, error) {
	b := nn.NewBuilder(input)
	b.Add("conv1", conv3(16, 1)).Add("bn1", norm(act)).Add("act1", act)
	from, channels := "act1", 16
	for i := range 9 {
		stride := 1
		if i == 3 || i == 6 {
			stride, channels = 2, 2*channels
		}
		from = residual(b, fmt.Sprintf("block%d", i+1), from, channels, stride, act)
	}
	return b.Add("pool", layer.GlobalAveragePool{}).Add("flatten", layer.Flatten{}).Add("dense", layer.Dense{Out: classes}).Build()
}

// residual adds a block that reads a layer, and returns the name of its last.
func residual(b *nn.Builder, name, from string, channels, stride int, act activation.Layer) string {
	b.Add(name+".conv1", conv3(channels, stride), from).Add(name+".bn1", norm(act)).Add(name+".act1", act)
	b.Add(name+".conv2", conv3(channels, 1)).Add(name+".bn2", norm(act))
	past := from
	if stride > 1 {
		past = name + ".bn3"
		b.Add(name+".conv3", layer.Conv{Out: channels, Kernel: square(1), Stride: square(stride), NoBias: true}, from)
		b.Add(past, norm(act))
	}
	b.Add(name+".add", layer.Add{}, name+".bn2", past).Add(name+".act2", act)
	return name + ".act2"
}
