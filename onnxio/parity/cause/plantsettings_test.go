package cause

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

// settingBugs are in settings, in batch normalisations and biases, and in what layers there are.
var settingBugs = []bug{
	{name: "epsilon", kinds: []string{"batchnorm-epsilon"}, at: func(_ *nn.Network, n *nn.Node) bool { return is[layer.BatchNorm](n) },
		plant: settings(func(l nn.Layer, rng *rand.Rand) nn.Layer {
			b := l.(layer.BatchNorm)
			b.Eps = []float32{1e-3, 1e-2, 3e-3}[rng.IntN(3)]
			return b
		})},
	{name: "bn swapped", kinds: []string{"batchnorm-parameters"}, at: func(_ *nn.Network, n *nn.Node) bool { return is[layer.BatchNorm](n) },
		plant: func(_ *testing.T, net *nn.Network, node *nn.Node, rng *rand.Rand) *nn.Network {
			m := net.Clone()
			pair := [][2]string{{"weight", "running_var"}, {"bias", "running_mean"}}[rng.IntN(2)]
			a, b := m.Param(node.Name+"."+pair[0]).Data, m.Param(node.Name+"."+pair[1]).Data
			for i := range a {
				a[i], b[i] = b[i], a[i]
			}
			return m
		}},
	{name: "padding", kinds: []string{"padding"},
		at: func(_ *nn.Network, n *nn.Node) bool {
			l, ok := n.Layer.(layer.Conv)
			return ok && l.Pads[0] > 0
		},
		plant: settings(func(l nn.Layer, rng *rand.Rand) nn.Layer {
			c := l.(layer.Conv)
			p := c.Pads[0]
			c.Pads = [][4]int{{2 * p, 2 * p, 0, 0}, {0, 0, 2 * p, 2 * p}, {0, p, 2 * p, p}}[rng.IntN(3)]
			return c
		})},
	{name: "bias missing", kinds: []string{"bias-missing"}, at: func(net *nn.Network, n *nn.Node) bool {
		return net.Param(n.Name+".bias") != nil && !is[layer.BatchNorm](n) && n.Shape[0] <= 64
	}, plant: func(t *testing.T, net *nn.Network, node *nn.Node, rng *rand.Rand) *nn.Network {
		return settings(func(l nn.Layer, _ *rand.Rand) nn.Layer {
			switch c := l.(type) {
			case layer.Conv:
				c.NoBias = true
				return c
			case layer.Dense:
				c.NoBias = true
				return c
			}
			return l
		})(t, net, node, rng)
	}},
	{name: "bias doubled", kinds: []string{"bias-doubled"}, at: func(net *nn.Network, n *nn.Node) bool {
		return net.Param(n.Name+".bias") != nil && !is[layer.BatchNorm](n)
	}, plant: data("bias", func(_ *nn.Node, v []float32, _ *rand.Rand) {
		for i := range v {
			v[i] *= 2
		}
	})},
	{name: "activation", kinds: []string{"activation"}, at: isAct(), plant: settings(func(_ nn.Layer, rng *rand.Rand) nn.Layer {
		return activation.Must([]string{"tanh", "softplus", "selu"}[rng.IntN(3)])
	})},
	{name: "pool", kinds: []string{"pool"}, at: func(_ *nn.Network, n *nn.Node) bool { return n.Layer.Stem() == "pool" },
		plant: settings(func(l nn.Layer, _ *rand.Rand) nn.Layer {
			switch p := l.(type) {
			case layer.MaxPool:
				return layer.AveragePool{Kernel: p.Kernel, Stride: p.Stride, Pads: p.Pads, Ceil: p.Ceil}
			case layer.AveragePool:
				return layer.MaxPool{Kernel: p.Kernel, Stride: p.Stride, Pads: p.Pads, Ceil: p.Ceil}
			case layer.GlobalAveragePool:
				return layer.GlobalMaxPool{}
			}
			return nil
		})},
	{name: "dilation", kinds: []string{"dilation"}, at: func(_ *nn.Network, n *nn.Node) bool {
		l, ok := n.Layer.(layer.Conv)
		return ok && l.Pads[0] > 0 && l.Normal().Stride[0] == 1 && n.Shape[1] > 2
	}, plant: settings(func(l nn.Layer, _ *rand.Rand) nn.Layer {
		c := l.(layer.Conv)
		c.Dilation = [2]int{2, 2}
		for i := range c.Pads {
			c.Pads[i] += (c.Kernel[i%2] - 1) / 2
		}
		return c
	})},
	{name: "stride", kinds: []string{"stride"}, at: func(net *nn.Network, n *nn.Node) bool {
		l, ok := n.Layer.(layer.Conv)
		return ok && l.Normal().Stride[0] == 2
	}, plant: settings(func(l nn.Layer, _ *rand.Rand) nn.Layer {
		c := l.(layer.Conv)
		c.Stride = [2]int{1, 1}
		return c
	})},
	{name: "colours", kinds: []string{"input-channels"}, layer: "input", at: func(net *nn.Network, n *nn.Node) bool {
		return n == net.Nodes()[0] && net.InputShape()[0] == 3
	}, plant: data("weight", func(node *nn.Node, v []float32, _ *rand.Rand) {
		row := len(v) / node.Shape[0]
		for o := range node.Shape[0] {
			reverseRows(v[o*row:(o+1)*row], 3)
		}
	})},
	{name: "scaling", kinds: []string{"input-scale"}, layer: "input", at: func(net *nn.Network, n *nn.Node) bool { return n == net.Nodes()[0] },
		plant: func(t *testing.T, net *nn.Network, _ *nn.Node, rng *rand.Rand) *nn.Network {
			m := before(t, net, layer.Rescaling{Scale: activation.One, Offset: activation.One})
			k := rng.IntN(4)
			m.Param("front.scale").Data[0] = []float32{1. / 255, 2, -1, 3.3}[k]
			m.Param("front.offset").Data[0] = []float32{0, -1, 1, 0.2}[k]
			return m
		}},
	{name: "softmax", kinds: []string{"softmax-extra"}, at: func(net *nn.Network, n *nn.Node) bool { return n.Name == net.Outputs()[0].Name },
		layer: "softmax", plant: func(_ *testing.T, net *nn.Network, _ *nn.Node, _ *rand.Rand) *nn.Network {
			m, err := net.Builder(nil).Add("softmax", layer.Softmax{}).Build()
			if err != nil {
				return nil
			}
			return m
		}},
	{name: "residual", kinds: []string{"residual-missing"}, at: func(net *nn.Network, n *nn.Node) bool {
		return is[layer.Add](n) && is[activation.Layer](net.Node(n.Inputs[1]))
	}, plant: func(t *testing.T, net *nn.Network, node *nn.Node, _ *rand.Rand) *nn.Network {
		return without(t, net, node)
	}},
	{name: "rounded", kinds: []string{"weights-rounded"}, at: func(net *nn.Network, n *nn.Node) bool {
		return isConv(net, n) || is[layer.Dense](n)
	}, plant: data("weight", func(_ *nn.Node, v []float32, _ *rand.Rand) {
		for i, x := range v {
			v[i] = math.Float32frombits((math.Float32bits(x) + 0x8000) &^ 0xffff)
		}
	})},
	{name: "other state", kinds: []string{"weights-other"}, inner: true, at: func(net *nn.Network, n *nn.Node) bool {
		return isConv(net, n) || is[layer.Dense](n)
	}, plant: data("weight", func(_ *nn.Node, v []float32, rng *rand.Rand) {
		for i := range v {
			v[i] *= float32(1 + 0.3*rng.NormFloat64())
		}
	})},
}
