package layer

import "github.com/gonn-toolkit/gonn/nn/op"

// Separable gives the two layers of a separable convolution of a map of that many
// channels: a depthwise one, which makes multiplier channels of each by itself, and a
// pointwise one, which mixes them into c.Out. The first takes Kernel, Stride, Dilation and
// Pads of c and has no bias, as in Keras's SeparableConv2D; PyTorch spells it as these two
// layers too.
//
//	layers := append(layer.Separable(8, 1, layer.Conv{Out: 16, Kernel: [2]int{3, 3}}), act)
//
// ONNX: Conv with a group for each channel, and Conv.
func Separable(channels, multiplier int, c Conv) []op.Layer {
	depthwise := c
	depthwise.Out, depthwise.Groups, depthwise.NoBias = channels*multiplier, channels, true
	return []op.Layer{depthwise, Conv{Out: c.Out, Kernel: [2]int{1, 1}, NoBias: c.NoBias}}
}
