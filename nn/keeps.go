package nn

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// keeping says which meanings of its input a layer keeps in inference.
type keeping struct {
	everything    bool // in training too: the layer changes the shape at most
	probabilities bool // they pass in their order, clipped at most
	logarithms    bool // so do those of probabilities
	means         bool // each number is one of the input's, clipped at most, or a mean of some
	distributions bool // what adds up to 1 over the channels of a pixel still does
}

// A tried layer is what it was seen to keep with the constants that it had.
type tried struct {
	keeping
	constants []float32
}

// keeps is what a layer keeps, which is seen by running it on numbers. It is remembered as
// long as the constants of the layer stay what they are.
func (n *Network) keeps(node *Node) keeping {
	var constants []float32
	for _, p := range node.Params {
		if p.Role == Constant {
			constants = append(constants, p.Data...)
		}
	}
	if t := node.kept.Load(); t != nil && slices.Equal(t.constants, constants) {
		return t.keeping
	}
	t := &tried{n.try(node), constants}
	node.kept.Store(t)
	return t.keeping
}

// inputOf is the shape of what a layer of one input reads.
func (n *Network) inputOf(node *Node) Shape {
	return n.shapeOf(node.in[0])
}

// try runs a layer. Layers that training changes keep nothing, but for activations: their
// parameters are about other numbers than probabilities.
func (n *Network) try(node *Node) (k keeping) {
	_, act := node.Layer.(activation.Layer)
	trained := slices.ContainsFunc(node.Params, func(p *Param) bool { return p.Role != Constant })
	if len(node.in) != 1 || trained && !act {
		return k
	}
	t := trial{node: node, shape: n.inputOf(node), rng: rand.New(rand.NewPCG(1, 1))}
	if t.shape.Size() == node.Shape.Size() {
		x, y := t.run(-50, 50)
		if !trained && OutputLogits.Keeps(x, y) {
			return keeping{!act && t.sameInTraining(x, y), true, true, true, t.shape[0] == node.Shape[0]}
		}
		x, y = t.run(0, 1)
		k.probabilities = OutputProbabilities.Keeps(x, y)
		x, y = t.run(-50, 0)
		k.logarithms = !trained && OutputLogProbabilities.Keeps(x, y)
	}
	k.means = k.probabilities || t.means()
	k.distributions = k.means && t.distributions()
	return k
}

// trial runs a layer of one input on made-up numbers.
type trial struct {
	node  *Node
	shape Shape // of the input
	rng   *rand.Rand
}

// run gives the layer numbers between two bounds.
func (t trial) run(low, high float64) (x, y []float32) {
	in := NewBlock(t.shape)
	for i := range in.Data {
		in.Data[i] = float32(low + (high-low)*t.rng.Float64())
	}
	return in.Data, t.forward(in)
}

func (t trial) forward(x Block) []float32 { return t.call(x, nil) }

func (t trial) call(x Block, training *op.Training) []float32 {
	y := NewBlock(t.node.Shape)
	t.node.op.Forward(&op.Call{
		W: t.node.weights, X: []Block{x}, Y: y, Training: training, Scratch: op.NewScratch(t.node.op),
	})
	return y.Data
}

// sameInTraining reports whether a layer makes y of x in training too.
func (t trial) sameInTraining(x, y []float32) bool {
	if _, ok := t.node.op.(op.Synchronized); ok {
		return false
	}
	return slices.Equal(t.call(Block{Shape: t.shape, Data: x}, &op.Training{Samples: Lanes}), y)
}

// rounding is how far sums of many numbers may be off.
const rounding = 1e-3

// means reports whether a layer gives equal numbers back, and others no larger and no
// smaller: then each is one of them or a mean.
func (t trial) means() bool {
	for _, c := range []float64{0.125, 0.5, 0.875} {
		_, y := t.run(c, c)
		if !between(y, float32(c), float32(c)) {
			return false
		}
	}
	x, y := t.run(0, 1)
	return between(y, slices.Min(x), slices.Max(x))
}

// between reports whether all numbers are between two bounds, as far as rounding goes.
func between(y []float32, low, high float32) bool {
	return !slices.ContainsFunc(y, func(v float32) bool { return !(v >= low-rounding && v <= high+rounding) })
}

// distributions reports whether a layer makes distributions over its channels of those.
func (t trial) distributions() bool {
	if t.shape[0] != t.node.Shape[0] {
		return false
	}
	x := NewBlock(t.shape)
	for i := range x.Data {
		x.Data[i] = t.rng.Float32()
	}
	over := len(x.Data) / t.shape[0]
	for i, sum := range channelSums(x.Data, over) {
		for k := i; k < len(x.Data); k += over {
			x.Data[k] /= sum
		}
	}
	y := t.forward(x)
	return between(channelSums(y, len(y)/t.shape[0]), 1, 1)
}

// channelSums adds up what is so many elements apart.
func channelSums(x []float32, over int) []float32 {
	sums := make([]float32, over)
	for i, v := range x {
		sums[i%over] += v
	}
	return sums
}

// Keeps reports whether the numbers y, which come from x in its order, mean what x means:
// they are x as it is, or if that is no logits, x between two bounds, as a clip gives it.
// Zeros alone say nothing.
func (o Output) Keeps(x, y []float32) bool {
	if len(x) != len(y) || !slices.ContainsFunc(y, func(v float32) bool { return v != 0 }) {
		return false
	}
	return slices.Equal(x, y) || o != OutputLogits && clips(x, y)
}

// clips reports whether y is x between two bounds. Some numbers must lie between these.
func clips(x, y []float32) bool {
	const least = 3
	low, high := float32(math.Inf(1)), float32(math.Inf(-1))
	for _, v := range y {
		low, high = min(low, v), max(high, v)
	}
	inside := 0
	for i, v := range x {
		if y[i] != min(max(v, low), high) {
			return false
		}
		if low < v && v < high {
			inside++
		}
	}
	return inside >= least
}
