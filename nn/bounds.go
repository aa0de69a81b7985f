package nn

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/layer"
)

// bounds limits all elements of a value, whatever the network's input.
type bounds struct {
	low, high float64
	// probable: they come from a softmax, sigmoid or tanh, and from nothing that is not
	// bounded by one.
	probable bool
	softmax  bool // and all of these are softmaxes over the whole sample
}

var unbounded = bounds{low: math.Inf(-1), high: math.Inf(1)}

// boundsOf propagates bounds through the network by interval arithmetic. Layers other than
// those that keep or combine bounded values have unbounded outputs.
func (n *Network) boundsOf() bounds {
	known := make([]bounds, len(n.nodes))
	for i, node := range n.nodes {
		in := make([]bounds, len(node.in))
		for k, from := range node.in {
			if in[k] = unbounded; from >= 0 {
				in[k] = known[from]
			}
		}
		known[i] = node.bounds(in)
	}
	return known[n.outputs[0]]
}

// bounds are those of a layer's result.
func (n *Node) bounds(in []bounds) bounds {
	switch n.Layer.(type) {
	case layer.Softmax:
		return bounds{0, 1, true, overSample(n.Shape)}
	case activation.Layer:
		return n.activationBounds(in[0])
	}
	if slices.ContainsFunc(in, func(b bounds) bool { return !b.probable }) {
		return unbounded
	}
	b := in[0]
	switch l := n.Layer.(type) {
	case layer.Flatten, layer.Reshape, layer.Dropout, layer.MaxPool, layer.GlobalMaxPool, layer.GlobalAveragePool:
		return b
	case layer.AveragePool:
		if l.CountPads && l.Pads != [4]int{} {
			b = b.with(0)
		}
		return b
	case layer.Pad:
		return b.with(float64(l.Value))
	case layer.Concat:
		return combined(in, func(a, b bounds) (float64, float64) { return min(a.low, b.low), max(a.high, b.high) })
	case layer.Add:
		return combined(in, func(a, b bounds) (float64, float64) { return a.low + b.low, a.high + b.high })
	case layer.Mul:
		return combined(in, func(a, b bounds) (float64, float64) {
			corners := []float64{a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high}
			return slices.Min(corners), slices.Max(corners)
		})
	case layer.Rescaling:
		return n.rescaledBounds(l, b)
	case layer.Conv:
		if l.Pads != [4]int{} {
			b = b.with(0)
		}
		return n.weightedBounds(b, l.Out, !l.NoBias)
	case layer.Dense:
		return n.weightedBounds(b, l.Out, !l.NoBias)
	}
	return unbounded
}

// with is a range that holds v too.
func (b bounds) with(v float64) bounds {
	b.low, b.high = min(b.low, v), max(b.high, v)
	return b
}

// combined combines the ranges of several inputs, one after the other.
func combined(in []bounds, by func(a, b bounds) (low, high float64)) bounds {
	all := in[0]
	for _, b := range in[1:] {
		all.low, all.high = by(all, b)
		all.probable, all.softmax = all.probable && b.probable, all.softmax && b.softmax
	}
	return all
}

func (n *Node) activationBounds(b bounds) bounds {
	act := n.Layer.(activation.Layer)
	switch act.Func {
	case activation.Sigmoid, activation.HardSigmoid:
		return bounds{0, 1, true, false}
	case activation.Tanh:
		return bounds{-1, 1, true, false}
	}
	if !b.probable {
		return unbounded
	}
	switch act.Func {
	case activation.Linear:
		return b
	case activation.ReLU:
		b.low, b.high = max(b.low, 0), max(b.high, 0)
		return b
	case activation.ReLU6:
		top := float64(act.Value)
		b.low, b.high = min(max(b.low, 0), top), min(max(b.high, 0), top)
		return b
	}
	return unbounded
}

// rescaledBounds are those of b times fixed factors plus fixed offsets.
func (n *Node) rescaledBounds(l layer.Rescaling, b bounds) bounds {
	out := b
	out.low, out.high = math.Inf(1), math.Inf(-1)
	err := l.Factors(n.Shape, n.weights, func(_, _ int, scale, offset float32) {
		x, y := b.low*float64(scale)+float64(offset), b.high*float64(scale)+float64(offset)
		out.low, out.high = min(out.low, x, y), max(out.high, x, y)
	})
	if err != nil {
		return unbounded
	}
	return out
}

// weightedBounds are those of sums of b, weighted by the rows of the first parameter, one an
// output.
func (n *Node) weightedBounds(b bounds, outputs int, bias bool) bounds {
	w := n.weights[0]
	row := len(w) / outputs
	out := b
	out.low, out.high, out.softmax = math.Inf(1), math.Inf(-1), b.softmax
	for k := range outputs {
		low, high := 0.0, 0.0
		if bias {
			low, high = float64(n.weights[1][k]), float64(n.weights[1][k])
		}
		for _, v := range w[k*row : (k+1)*row] {
			x, y := b.low*float64(v), b.high*float64(v)
			low, high = low+min(x, y), high+max(x, y)
		}
		out.low, out.high = min(out.low, low), max(out.high, high)
	}
	return out
}

// ofBounds is what the output means by its bounds: probabilities, if they are within 0 and 1
// and come from such. They are one distribution if they come from softmaxes alone and add up
// to 1, as far as a clip leaves them.
func (n *Network) ofBounds() Output {
	b := n.boundsOf()
	if !b.probable || !(b.low >= -rounding && b.high <= 1+rounding) {
		return OutputLogits
	}
	if !b.softmax || !overSample(n.OutputShape()) && len(n.OutputShape()) > 1 || n.OutputShape().Size() < 2 {
		return OutputSigmoids
	}
	rng := rand.New(rand.NewPCG(1, 2))
	x := NewTensor(append([]int{4}, n.InputShape()...)...)
	for i := range x.Data {
		x.Data[i] = rng.Float32()
	}
	y, err := n.Forward(x)
	if err != nil {
		return OutputSigmoids
	}
	for i := range 4 {
		sum := 0.0
		for _, v := range y.Sample(i) {
			sum += float64(v)
		}
		if !(math.Abs(sum-1) < 0.1) {
			return OutputSigmoids
		}
	}
	return OutputProbabilities
}
