package layer_test

import (
	"testing"

	"github.com/gonn-toolkit/gonn/nn/layer"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// A separable convolution is one with the weights w[oc][ic] = Σ_m p[oc][ic·M+m]·d[ic·M+m].
func TestSeparableIsAConvolutionOfLowerRank(t *testing.T) {
	const channels, multiplier = 3, 2
	conv := layer.Conv{Out: 4, Kernel: [2]int{3, 2}, Stride: [2]int{2, 1}, Pads: [4]int{1, 0, 0, 1}}
	in := op.Shape{channels, 6, 5}
	net, whole := build(t, in, layer.Separable(channels, multiplier, conv)...), build(t, in, conv)
	randomize(net, 1)
	depthwise, pointwise, bias := net.Params()[0], net.Params()[1], net.Params()[2]
	if len(net.Params()) != 3 || !depthwise.Shape.Equal(op.Shape{6, 1, 3, 2}) || !pointwise.Shape.Equal(op.Shape{4, 6, 1, 1}) {
		t.Fatalf("%d parameters, %v and %v first", len(net.Params()), depthwise.Shape, pointwise.Shape)
	}
	w := whole.Params()[0].Data
	for oc := range conv.Out {
		for m := range channels * multiplier {
			for k := range 6 {
				w[(oc*channels+m/multiplier)*6+k] += pointwise.Data[oc*channels*multiplier+m] * depthwise.Data[m*6+k]
			}
		}
	}
	copy(whole.Params()[1].Data, bias.Data)
	x := randomTensor(2, 19, 3, 6, 5)
	near(t, "result", forward(t, net, x).Data, forward(t, whole, x).Data, 1e-6)

	conv.NoBias = true
	if n := len(build(t, in, layer.Separable(channels, 1, conv)...).Params()); n != 2 {
		t.Errorf("without bias it has %d parameters, want 2", n)
	}
}
