package exec

// Usage is the memory of an executor, in float32 numbers.
type Usage struct {
	Values    int // of layers' outputs and their gradients, for the blocks that are under way
	Gradients int // of parameters, for each block
}

// Usage is what runs of so many samples take, beside the parameters.
func (e *Executor) Usage(samples int, inBlocks bool) Usage {
	if e.alone(samples, inBlocks) {
		return Usage{Values: e.planar.size}
	}
	blocks := Blocks(samples)
	u := Usage{Values: e.needed(blocks) * e.plan.memory.size}
	if len(e.cfg.Seeds) > 0 {
		u.Gradients = blocks * e.graph.numGradients()
	}
	return u
}

// alone reports whether so many samples run one by one.
func (e *Executor) alone(samples int, inBlocks bool) bool {
	return e.planar != nil && samples <= fewSamples && !inBlocks
}
