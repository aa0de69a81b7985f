package exec

// Job is what a run asks of its caller. Several goroutines call its functions at once, for
// different units.
type Job struct {
	// Load writes the samples of a unit into the values of the inputs.
	Load func(u *Unit) error
	// Turn reads the outputs and, if there are seeds, writes their gradients: zero in lanes
	// without a sample. nil: nothing.
	AfterForward func(u *Unit) error
	// Observe is shown a value as soon as it has been computed, Gradient a gradient. What
	// they are shown is overwritten afterwards.
	Observe  func(u *Unit, v Value)
	Gradient func(u *Unit, v Value)
	// InBlocks is for a Load that writes blocks: a sample never runs alone.
	InBlocks bool
	// ForwardOnly leaves the seeds aside: nothing runs back.
	ForwardOnly bool
	// First is the place of the first sample in a larger batch of which this is a part.
	First int
	// Key decides what layers leave to chance.
	Key uint64
}
