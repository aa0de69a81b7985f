package layer

import "github.com/gonn-toolkit/gonn/nn/op"

// Separable returns the two layers of a depthwise separable convolution: a depthwise one, which
// makes multiplier channels of each of the given number of channels, and a pointwise (1×1) one
// to c.Out channels. The first has Kernel, Stride, Dilation and Pads of c, and no bias, as in
// Keras's SeparableConv2D. PyTorch uses these two layers too.
//
//	layers := append(layer.Separable(8, 1, layer.Conv{Out: 16, Kernel: [2]int{3, 3}}), act)
//
// ONNX: Conv with a group for each channel, and Conv.
func Separable(channels, multiplier int, c Conv) []op.Layer {
	depthwise := c
	depthwise.Out, depthwise.Groups, depthwise.NoBias = channels*multiplier, channels, true
	return []op.Layer{depthwise, Conv{Out: c.Out, Kernel: [2]int{1, 1}, NoBias: c.NoBias}}
}
