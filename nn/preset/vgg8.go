package preset

import (
	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

// vgg8 is a small network in the manner of VGG (Simonyan & Zisserman 2015): three times
// two 3×3 convolutions with batch normalisation and a maximum over 2×2, with 32, 64 and
// 128 channels, then two dense layers.
func vgg8(input nn.Shape, classes int, act activation.Layer) (*nn.Network, error) {
	var layers []nn.Layer
	for _, channels := range []int{32, 64, 128} {
		for range 2 {
			layers = append(layers, conv3(channels, 1), norm(act), act)
		}
		layers = append(layers, layer.MaxPool{Kernel: square(2), Ceil: true})
	}
	layers = append(layers, layer.Flatten{}, layer.Dense{Out: 256}, act, layer.Dense{Out: classes})
	return nn.Sequential(input, layers...)
}
