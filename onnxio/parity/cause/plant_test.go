package cause

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

// bug plants a cause in a network.
type bug struct {
	name  string
	kinds []string
	// at reports whether a layer takes the bug.
	at func(net *nn.Network, node *nn.Node) bool
	// plant returns the network with the bug at a layer, or nil.
	plant func(t *testing.T, net *nn.Network, node *nn.Node, rng *rand.Rand) *nn.Network
	// inner is set if the bug cannot be told from outputs alone.
	inner bool
	// layer is the name to find, if it is not that of the node.
	layer string
}

func isConv(_ *nn.Network, node *nn.Node) bool { return is[layer.Conv](node) }

func isWide(_ *nn.Network, node *nn.Node) bool {
	l, ok := node.Layer.(layer.Conv)
	return ok && l.Kernel[0] > 1
}

func is[L nn.Layer](node *nn.Node) bool {
	_, ok := node.Layer.(L)
	return ok
}

func isAct(funcs ...*activation.Func) func(*nn.Network, *nn.Node) bool {
	return func(_ *nn.Network, node *nn.Node) bool {
		a, ok := node.Layer.(activation.Layer)
		return ok && (len(funcs) == 0 || slices.Contains(funcs, a.Func))
	}
}

// data changes a parameter of a copy of the network.
func data(param string, change func(node *nn.Node, v []float32, rng *rand.Rand)) func(*testing.T, *nn.Network, *nn.Node, *rand.Rand) *nn.Network {
	return func(_ *testing.T, net *nn.Network, node *nn.Node, rng *rand.Rand) *nn.Network {
		m := net.Clone()
		p := m.Param(node.Name + "." + param)
		if p == nil {
			return nil
		}
		change(m.Node(node.Name), p.Data, rng)
		return m
	}
}

// settings changes the layer.
func settings(change func(l nn.Layer, rng *rand.Rand) nn.Layer) func(*testing.T, *nn.Network, *nn.Node, *rand.Rand) *nn.Network {
	return func(t *testing.T, net *nn.Network, node *nn.Node, rng *rand.Rand) *nn.Network {
		return edited(t, net, func(n *nn.Node) nn.Layer {
			if n == node {
				return change(n.Layer, rng)
			}
			return n.Layer
		})
	}
}

func permuteRows(v []float32, rows int, rng *rand.Rand) {
	old, size := slices.Clone(v), len(v)/rows
	for i, o := range rng.Perm(rows) {
		copy(v[i*size:(i+1)*size], old[o*size:])
	}
}

func reverseRows(v []float32, rows int) {
	old, size := slices.Clone(v), len(v)/rows
	for i := range rows {
		copy(v[i*size:(i+1)*size], old[(rows-1-i)*size:])
	}
}

var bugs = []bug{
	{name: "flipped", kinds: []string{"kernel-flipped"}, at: isWide, plant: data("weight", func(node *nn.Node, v []float32, _ *rand.Rand) {
		area := node.Params[0].Shape[2] * node.Params[0].Shape[3]
		for i := 0; i < len(v); i += area {
			slices.Reverse(v[i : i+area])
		}
	})},
	{name: "transposed", kinds: []string{"kernel-transposed"}, at: isWide, plant: data("weight", func(node *nn.Node, v []float32, _ *rand.Rand) {
		s := node.Params[0].Shape
		old := slices.Clone(v)
		for i := range s[0] * s[1] {
			for y := range s[2] {
				for x := range s[3] {
					v[i*s[2]*s[3]+x*s[2]+y] = old[i*s[2]*s[3]+y*s[3]+x]
				}
			}
		}
	})},
	{name: "permuted out", kinds: []string{"channels-permuted"}, at: isConv, plant: data("weight", func(node *nn.Node, v []float32, _ *rand.Rand) {
		reverseRows(v, node.Shape[0])
	})},
	{name: "permuted in", kinds: []string{"channels-permuted"},
		at: func(net *nn.Network, node *nn.Node) bool { return isConv(net, node) && node.Params[0].Shape[1] > 4 },
		plant: data("weight", func(node *nn.Node, v []float32, _ *rand.Rand) {
			row := len(v) / node.Shape[0]
			for o := range node.Shape[0] {
				reverseRows(v[o*row:(o+1)*row], node.Params[0].Shape[1])
			}
		})},
	{name: "shuffled out", kinds: []string{"channels-permuted"}, inner: true, at: isConv, plant: data("weight", func(node *nn.Node, v []float32, rng *rand.Rand) {
		permuteRows(v, node.Shape[0], rng)
	})},
	{name: "dense rows", kinds: []string{"dense-rows"},
		at: func(net *nn.Network, node *nn.Node) bool {
			in := net.Node(node.Inputs[0])
			return is[layer.Dense](node) && is[layer.Flatten](in) && in.Shape[0] > net.Node(in.Inputs[0]).Shape[0]
		},
		plant: func(_ *testing.T, net *nn.Network, node *nn.Node, _ *rand.Rand) *nn.Network {
			m := net.Clone()
			s := net.Node(net.Node(node.Inputs[0]).Inputs[0]).Shape
			v := m.Param(node.Name + ".weight").Data
			old := slices.Clone(v)
			for i := range v {
				o, k := i/s.Size(), i%s.Size()
				c, y, x := k/(s[1]*s[2]), k/s[2]%s[1], k%s[2]
				v[o*s.Size()+(y*s[2]+x)*s[0]+c] = old[i]
			}
			return m
		}},
	{name: "untransposed", kinds: []string{"dense-transposed"}, at: func(_ *nn.Network, n *nn.Node) bool { return is[layer.Dense](n) },
		plant: data("weight", func(node *nn.Node, v []float32, _ *rand.Rand) {
			s := node.Params[0].Shape
			old := slices.Clone(v)
			for i := range v {
				v[i%s[1]*s[0]+i/s[1]] = old[i]
			}
		})},
	{name: "slope sign", kinds: []string{"slope-sign"}, at: isAct(activation.PReLU), plant: data("alpha", func(_ *nn.Node, v []float32, _ *rand.Rand) {
		for i := range v {
			v[i] = -v[i]
		}
	})},
	{name: "leaky sign", kinds: []string{"slope-sign"}, at: isAct(activation.Leaky), plant: settings(func(l nn.Layer, _ *rand.Rand) nn.Layer {
		a := l.(activation.Layer)
		a.Value = -a.Value
		return a
	})},
	{name: "slope order", kinds: []string{"slope-axis"}, at: isAct(activation.PReLU), plant: data("alpha", func(_ *nn.Node, v []float32, _ *rand.Rand) {
		slices.Reverse(v)
	})},
	{name: "slope shuffled", kinds: []string{"slope-axis"}, at: isAct(activation.PReLU), plant: data("alpha", func(_ *nn.Node, v []float32, rng *rand.Rand) {
		permuteRows(v, len(v), rng)
	})},
	{name: "slope value", kinds: []string{"slope-value"}, at: isAct(activation.PReLU), plant: data("alpha", func(_ *nn.Node, v []float32, _ *rand.Rand) {
		for i := range v {
			v[i] = 0.25
		}
	})},
	{name: "leaky value", kinds: []string{"slope-value"}, at: isAct(activation.Leaky), plant: settings(func(l nn.Layer, rng *rand.Rand) nn.Layer {
		a := l.(activation.Layer)
		a.Value = []float32{0.01, 0.2, 0.37}[rng.IntN(3)]
		return a
	})},
	{name: "slope ignored", kinds: []string{"slope-value"}, at: isAct(activation.PReLU, activation.Leaky), plant: settings(func(nn.Layer, *rand.Rand) nn.Layer {
		return activation.Layer{Func: activation.ReLU}
	})},
	{name: "beta ignored", kinds: []string{"slope-value"}, at: isAct(activation.SwishBeta), plant: settings(func(nn.Layer, *rand.Rand) nn.Layer {
		return activation.Must("swish")
	})},
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

// without is the network without a layer; its readers read its first input.
func without(t *testing.T, net *nn.Network, drop *nn.Node) *nn.Network {
	t.Helper()
	b := nn.NewBuilder(net.InputShape())
	for _, node := range net.Nodes() {
		if node == drop {
			continue
		}
		in := slices.Clone(node.Inputs)
		for i, name := range in {
			if name == drop.Name {
				in[i] = drop.Inputs[0]
			}
		}
		b.Add(node.Name, node.Layer, in...)
	}
	return copied(t, b, net)
}

// before is the network with a layer "front" in front.
func before(t *testing.T, net *nn.Network, l nn.Layer) *nn.Network {
	t.Helper()
	b := nn.NewBuilder(net.InputShape()).Add("front", l)
	for _, node := range net.Nodes() {
		in := slices.Clone(node.Inputs)
		for i, name := range in {
			if name == nn.InputName {
				in[i] = "front"
			}
		}
		b.Add(node.Name, node.Layer, in...)
	}
	return copied(t, b, net)
}

// copied builds a network with the parameters of another one.
func copied(t *testing.T, b *nn.Builder, from *nn.Network) *nn.Network {
	t.Helper()
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range m.Params() {
		if q := from.Param(p.FullName()); q != nil {
			copy(p.Data, q.Data)
		} else if p.Start != nil {
			for i := range p.Data {
				p.Data[i] = *p.Start
			}
		}
	}
	return m
}
