package match

import "github.com/gonn-toolkit/gonn/nn"

// Result is how two networks correspond. The first is A, the second B.
type Result struct {
	// Layers are the convolutions and dense layers of both networks that correspond, in the
	// order of A.
	Layers []Layer
	// Activations are those of both networks that correspond.
	Activations []Activation
	// OnlyA and OnlyB are the names of layers with parameters that the other network lacks.
	OnlyA, OnlyB []string
	// Equal reports whether all parameters are equal to the bit, with the channels in the
	// order found, and no layer with parameters is in one network only.
	Equal bool
	// MaxError is the largest difference between parameters of layers that correspond, with
	// the channels in the order found. Infinite if one is NaN or infinite and the other is
	// not the same.
	MaxError float64
	// Notes say what could not be compared, and why.
	Notes []string
}

// Layer is a convolution or dense layer of both networks.
type Layer struct {
	A, B string // names
	Kind string
	// Shapes of the weights. They are equal unless Why is set.
	ShapeA, ShapeB nn.Shape
	// Why says why the filters are not compared; "" if they are.
	Why string
	// Perm is the order of the output channels: channel i of A is channel Perm[i] of B.
	Perm []int
	// Fixed reports whether the order was given, as for the outputs of a network.
	Fixed bool
	// Moved is the number of channels with Perm[i] ≠ i.
	Moved int
	// Before is the mean cosine similarity of the filters, with their biases, of the two
	// networks in their own order; After is that in the order found.
	Before, After float64
	// Chance is what After is if the weights of B stand in a random order: matching makes
	// short filters alike whatever they are.
	Chance float64
	// Alike is the number of filters with a similarity of at least AlikeFrom after matching.
	Alike int
	// MaxError is as in Result.
	MaxError float64
}

// AlikeFrom is the cosine similarity from which Layer.Alike counts filters.
const AlikeFrom = 0.9
