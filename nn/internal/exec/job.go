package exec

// Job is the input and output of a run, as callbacks. They are called concurrently, for
// different units.
type Job struct {
	// Load writes the samples of a unit to the values of the inputs. What it leaves in lanes
	// without a sample does not matter.
	Load func(u *Unit) error
	// AfterForward, if not nil, reads the outputs. If there are seeds it writes their
	// gradients, zero in lanes without a sample.
	AfterForward func(u *Unit) error
	// Observe is called with a value when it has been computed, Gradient with a value whose
	// gradient has been computed. Their memory is reused afterwards.
	Observe  func(u *Unit, v Value)
	Gradient func(u *Unit, v Value)
	// LoadsBlocks is set if Load writes blocks, and AfterForward reads them.
	LoadsBlocks bool
	// InBlocks has all layers run in blocks, so that few samples give the same bits as many.
	InBlocks bool
	// ForwardOnly skips the backward pass.
	ForwardOnly bool
	// First is the index of the first sample in a larger batch, of which the run is a part.
	First int
	// Key seeds the random numbers of layers.
	Key uint64
}
