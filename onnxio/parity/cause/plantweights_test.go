package cause

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

// weightBugs are in weights and slopes.
var weightBugs = []bug{
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
}
