package nn

// Training tells a layer about the step of training at hand and the block it works on.
type Training struct {
	// Key decides what the layer leaves to chance. It follows from the seed of the
	// training, the number of the step, and the layer.
	Key uint64
	// First is the place in the batch of the sample in lane 0, Samples the number of
	// lanes that hold one.
	First, Samples int
	// Forward and Backward are what the whole batch adds up to, of layers that couple
	// its samples.
	Forward, Backward []float64

	own [2][]float64 // what this block adds up to, forward and back
}

// trainingOp is an Op that does something else in training than when a network answers.
type trainingOp interface {
	Op
	// ForwardTraining and BackwardTraining stand for Forward and Backward in a step of
	// training.
	ForwardTraining(t *Training, w Weights, x []Block, y Block)
	BackwardTraining(t *Training, w, dw Weights, x []Block, y, dy Block, dx []Block)
}

// coupledOp is a trainingOp whose result for a sample depends on the whole batch: each
// block is summed up to a few numbers, those of all blocks are joined, and only then the
// layer can be computed. The same happens in the backward pass.
type coupledOp interface {
	trainingOp
	// NumSums is how many numbers a block is summed up to.
	NumSums() int
	// SumForward and SumBackward write what the samples of a block add up to.
	SumForward(t *Training, x []Block, sums []float64)
	SumBackward(t *Training, x []Block, dy Block, sums []float64)
	// JoinForward joins the sums of the blocks, in their order, to those of the batch.
	// In the backward pass they are added up.
	JoinForward(blocks [][]float64, total []float64)
	// Follow lets running statistics follow those of a batch, after a step.
	Follow(w Weights, total []float64)
}

// tell tells the layers of a pass about the block at hand.
func (p *pass) tell(key uint64, b, samples int) {
	for i, t := range p.training {
		if t != nil {
			t.Key, t.First, t.Samples = mix(key+uint64(i)), b*Lanes, samples
		}
	}
}

// mix spreads a number over all bits (SplitMix64, Steele et al. 2014).
func mix(v uint64) uint64 {
	v += 0x9e3779b97f4a7c15
	v = (v ^ v>>30) * 0xbf58476d1ce4e5b9
	v = (v ^ v>>27) * 0x94d049bb133111eb
	return v ^ v>>31
}
