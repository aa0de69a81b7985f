package op

// Preparation computes numbers from parameters: folded and transformed weights, for example.
type Preparation struct {
	Floats  int                           // how many
	Compute func(w Weights, to []float32) // nil if there is nothing to prepare
}

// Preparer is an Op that computes numbers from its parameters before the blocks of a run, which
// all read them as Call.Prepared, aligned to 64 bytes. They are computed again when parameters
// have changed.
type Preparer interface {
	Op
	Prepare() Preparation
}

// FastOp is an Op, or one fused by a PlanarFuser, that has another form for blocks, whose
// results differ by rounding and which takes less time.
type FastOp interface {
	// Fast returns that form for training, forward and backward, or for inference. It returns
	// false if there is none.
	Fast(training bool) (Op, bool)
}
