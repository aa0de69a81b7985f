package preset

import (
	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

// mobilenetSmall is a small network in the manner of MobileNet (Howard et al. 2017): a
// convolution, then depthwise 3×3 and pointwise convolutions in turn, each with batch
// normalisation, which halve the map twice and end with 128 channels.
func mobilenetSmall(input nn.Shape, classes int, act activation.Layer) (*nn.Network, error) {
	layers := []nn.Layer{conv3(16, 1), norm(act), act}
	channels := 16
	for _, block := range []struct{ out, stride int }{{32, 1}, {64, 2}, {64, 1}, {128, 2}, {128, 1}} {
		depthwise := conv3(channels, block.stride)
		depthwise.Groups = channels
		pointwise := layer.Conv{Out: block.out, Kernel: square(1), NoBias: true}
		layers = append(layers, depthwise, norm(act), act, pointwise, norm(act), act)
		channels = block.out
	}
	layers = append(layers, layer.GlobalAveragePool{}, layer.Flatten{}, layer.Dense{Out: classes})
	return nn.Sequential(input, layers...)
}
