package nn

import (
	"math"
	"math/rand/v2"
)

// keeping says which values a layer lets pass as they are, in their order, when a network
// answers.
type keeping struct {
	everything    bool // in training too: the layer changes the shape at most
	probabilities bool // clipped at most
	logarithms    bool // of probabilities, clipped at most
}

// mostKept bounds the elements of a layer that is tried out.
const mostKept = 1 << 16

// keeps runs a layer on numbers to see what it keeps. Layers that training changes are no
// such thing, but for activations: their parameters are about other numbers.
func (n *Network) keeps(node *Node) keeping {
	_, act := node.Layer.(Activation)
	if len(node.in) != 1 || len(node.Params) > 0 && !act || node.Shape.Size() > mostKept {
		return keeping{}
	}
	shape := n.input
	if i := node.in[0]; i >= 0 {
		shape = n.nodes[i].Shape
	}
	if shape.Size() != node.Shape.Size() {
		return keeping{}
	}
	_, trains := node.op.(trainingOp)
	try := func(low, high float64) (same, clipped bool) {
		x, y := NewBlock(shape), NewBlock(node.Shape)
		rng := rand.New(rand.NewPCG(1, 1))
		for i := range x.Data {
			x.Data[i] = float32(low + (high-low)*rng.Float64())
		}
		node.op.Forward(node.weights, []Block{x}, y)
		return sameValues(x.Data, y.Data), clips(x.Data, y.Data)
	}
	var k keeping
	k.everything, _ = try(-50, 50)
	k.everything = k.everything && !trains && !act
	_, k.probabilities = try(0, 1)
	_, k.logarithms = try(-50, 0)
	return k
}

func sameValues(x, y []float32) bool {
	for i, v := range x {
		if y[i] != v {
			return false
		}
	}
	return true
}

// clips reports whether y is x, or x between two bounds.
func clips(x, y []float32) bool {
	low, high := float32(math.Inf(1)), float32(math.Inf(-1))
	for _, v := range y {
		low, high = min(low, v), max(high, v)
	}
	if !(low < high) {
		return false
	}
	for i, v := range x {
		if y[i] != min(max(v, low), high) {
			return false
		}
	}
	return true
}
