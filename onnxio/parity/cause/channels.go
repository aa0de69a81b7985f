package cause

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

// arrangement is an order of channels that is tried.
type arrangement struct {
	order []int
	text  string
}

// arrangements are the orders that mistakes make: reversed, rotated, interleaved, with neighbours
// or halves swapped; all orders of up to four channels.
func arrangements(n int) []arrangement {
	var list []arrangement
	add := func(text string, at func(i int) int) {
		order := make([]int, n)
		for i := range order {
			order[i] = at(i)
		}
		if !slices.IsSorted(order) && !slices.ContainsFunc(list, func(a arrangement) bool { return slices.Equal(a.order, order) }) {
			list = append(list, arrangement{order, text})
		}
	}
	add("reversed", func(i int) int { return n - 1 - i })
	add("rotated by one", func(i int) int { return (i + 1) % n })
	add("rotated by one", func(i int) int { return (i + n - 1) % n })
	if n%2 == 0 {
		add("swapped by halves", func(i int) int { return (i + n/2) % n })
		add("swapped in pairs", func(i int) int { return i ^ 1 })
	}
	for g := 2; g <= n/2; g++ {
		if n%g == 0 {
			add(fmt.Sprintf("interleaved by %d", g), func(i int) int { return i%g*(n/g) + i/g })
		}
	}
	if n <= 4 {
		for _, order := range permutations(n) {
			add(fmt.Sprintf("taken as %v", order), func(i int) int { return order[i] })
		}
	}
	return list
}

// swaps are the orders with two of n channels exchanged.
func swaps(n int) []arrangement {
	var list []arrangement
	for i := range n {
		for k := i + 1; k < n; k++ {
			order := identity(n)
			order[i], order[k] = k, i
			list = append(list, arrangement{order, fmt.Sprintf("taken with %d and %d exchanged", i, k)})
		}
	}
	return list
}

// channelsPermuted tries usual orders of the channels that a layer reads and gives.
func channelsPermuted(p *place) {
	in, out := p.channels()
	for _, a := range arrangements(out) {
		p.permutedOut(a)
	}
	for _, a := range arrangements(in) {
		p.try(p.permutedIn(a))
	}
}

// channelSwaps tries to exchange two channels.
func channelSwaps(p *place) {
	in, out := p.channels()
	if out == 0 {
		return
	}
	if _, ok := p.batchNorm(); !ok && out <= mostSwapped && p.affordable(out*out/2) {
		for _, a := range swaps(out) {
			p.try(p.valueOut(a))
		}
	}
	if in <= mostSwapped && p.affordable(in*in/2) {
		for _, a := range swaps(in) {
			p.try(p.permutedIn(a))
		}
	}
}

// affordable reports whether as many passes from the place on are few enough. Where the
// reference's value is known a pass is one layer.
func (p *place) affordable(passes int) bool {
	const most = 3e9 // multiply–accumulates
	return float64(passes)*float64(p.macs()) <= most
}

// macs are those of the place and of the layers behind it, for one sample, and what else a pass
// takes.
func (p *place) macs() int {
	macs := 5000
	if p.node != nil {
		macs += p.node.MACs()
	}
	for name := range p.patch.behind {
		macs += p.whole.c.Net.Node(name).MACs()
	}
	return macs
}

// channels are the numbers of channels that a layer with weights reads and gives; 0 for other
// layers. A dense layer behind a map reads those of the map.
func (p *place) channels() (in, out int) {
	if p.node == nil || len(p.node.Inputs) != 1 {
		return 0, 0
	}
	in = p.inputShape()[0]
	switch p.node.Layer.(type) {
	case layer.Conv, layer.ConvTranspose:
	case layer.Dense:
		if m := p.flattened(); m != nil {
			in = m[0]
		}
	case layer.BatchNorm:
		return 0, p.shape[0]
	default:
		return 0, 0
	}
	return in, p.shape[0]
}

// permutedOut tries an order of the channels that a layer gives: of all, of the weights without
// the bias, and of the bias alone.
func (p *place) permutedOut(a arrangement) {
	if _, ok := p.batchNorm(); ok {
		params := map[string][]float32{}
		for name, v := range paramsOf(p.node) {
			params[name] = permuted(v, a.order)
		}
		p.replace("channels-permuted", "its parameters are of other channels: they have to be "+a.text, p.node.Layer, params)
		return
	}
	p.try(p.valueOut(a))
	if b := p.param("bias"); b != nil && !constant(b) && !p.transposing() {
		p.with("channels-permuted", "the output channels of its weights are permuted, not those of its bias: they have to be "+a.text,
			"weight", permuted(p.param("weight"), a.order))
		p.with("channels-permuted", "its biases are permuted: they have to be "+a.text, "bias", permuted(b, a.order))
	}
}

// transposing reports whether the node is a transposed convolution, whose output channels are not
// the first axis of its weight.
func (p *place) transposing() bool {
	_, ok := p.node.Layer.(layer.ConvTranspose)
	return ok
}

// grouped reports whether an output channel of the node reads only some input channels.
func (p *place) grouped() bool {
	l, ok := p.node.Layer.(layer.Conv)
	return ok && l.Groups > 1
}

func constant(v []float32) bool {
	for _, x := range v {
		if x != v[0] {
			return false
		}
	}
	return true
}

// valueOut is the layer's value with the channels of its weights and its bias in another order:
// its channels in another order, unless they read different inputs.
func (p *place) valueOut(a arrangement) value {
	text := "its output channels are permuted: they have to be " + a.text
	if p.grouped() {
		params := map[string][]float32{}
		for name, v := range paramsOf(p.node) {
			params[name] = permuted(v, a.order)
		}
		return p.replacement("channels-permuted", text, p.node.Layer, params)
	}
	return value{
		kind: "channels-permuted", text: text,
		compute: func(values batch) (*nn.Tensor, error) {
			y := values[p.name]
			if y == nil {
				return nil, errNoValue
			}
			return permuteChannels(y, a.order), nil
		},
	}
}

// permutedIn is the layer's value if it reads its channels in another order.
func (p *place) permutedIn(a arrangement) value {
	return value{
		kind: "channels-permuted", text: "its input channels are permuted: they have to be " + a.text,
		compute: func(values batch) (*nn.Tensor, error) {
			x := values[p.node.Inputs[0]]
			if x == nil {
				return nil, errNoValue
			}
			return apply(p.node.Layer, paramsOf(p.node), permuteChannels(x, a.order))
		},
	}
}
