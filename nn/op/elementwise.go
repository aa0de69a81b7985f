package op

// Elementwise is an op that computes each number of its output from the same number of its
// input, y = f(x; a). Such an op can be applied to numbers that another op is about to store.
type Elementwise interface {
	Planar
	// Elementwise returns f for slices of numbers, and the number of values of a: 0, 1, or one
	// a channel, in which case f takes as many as there are numbers. It returns −1 if a differs
	// within a channel. y may be x.
	Elementwise() (f func(y, x, a []float32), values int)
	// Parameter returns the values of a.
	Parameter(w Weights) []float32
	// IsReLU reports whether f is max(x, 0), which kernels can compute in registers.
	IsReLU() bool
}
