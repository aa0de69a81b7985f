package op

// Op is a layer bound to the shapes of its inputs. It holds no samples and no
// parameter values, so one Op serves any number of goroutines.
type Op interface {
	// Shape is the shape of the output, for one sample.
	Shape() Shape
	// Params lists the parameters, in the order of Weights.
	Params() []ParamSpec
	// MACs is the number of multiply–accumulates of a forward pass for one sample.
	MACs() int
	// Forward computes c.Y from c.X. In training c.Training is there.
	Forward(c *Call)
	// Backward adds to c.DW the gradient of the parameters and overwrites c.DX with the
	// gradient of the inputs, given c.X, c.Y and the output's gradient c.DY.
	Backward(c *Call)
}

// Call is what an Op works on. The Op only reads it and what it says is read; several
// goroutines may be handed the same Call.
type Call struct {
	W Weights // values of the parameters
	X []Block // inputs
	Y Block   // output

	// The rest of the blocks is there in the backward pass only.
	DW Weights // gradients of the parameters, to be added to; one that is nil is not wanted
	DY Block   // gradient of the output
	DX []Block // gradients of the inputs, to be overwritten; one without data is not wanted

	// Training is the block's place in a step of training; nil in inference. A layer that
	// does something else in training, such as Dropout, asks for it in Forward and Backward.
	Training *Training
	// Scratch is the memory that a Scratcher has asked for, one for all who share the work.
	Scratch []float32
	// Barrier is where those who share the work wait for each other; nil if there is one.
	Barrier Barrier
}

// Wait returns when all goroutines that share the work on the block have called it. All
// shares of an Op must call it equally often.
func (c *Call) Wait() {
	if c.Barrier != nil {
		c.Barrier.Wait()
	}
}

// Barrier is a point that a number of goroutines pass together.
type Barrier interface{ Wait() }

// Training is a block's place in a step of training.
type Training struct {
	// Key decides what the layer leaves to chance. It follows from the seed of the
	// training, the number of the step, and the layer.
	Key uint64
	// First is the place in the batch of the sample in lane 0, Samples the number of
	// lanes that hold one.
	First, Samples int
	// Forward and Backward are the statistics of the whole batch, of Synchronized layers;
	// BlockForward and BlockBackward those of the block.
	Forward, Backward           []float64
	BlockForward, BlockBackward []float64
}

// Splitter is an Op whose work several goroutines can share. Split gives an Op that does
// share i of n, 0 ≤ i < n: of Y, DX and DW it writes its part alone, to the bits that the
// whole would. The others are written by the other shares, at the same time. What else the Op
// can do its shares can too.
type Splitter interface {
	Op
	Split(i, n int) Op
}

// InPlace is an Op that may be given X[0]'s memory as Y in Forward and DY's as DX[0] in
// Backward, if InPlace reports so: element i of one depends on element i of the other alone.
type InPlace interface {
	Op
	InPlace() bool
}

// View is an Op whose output is its input in another shape. Both may have the same memory,
// and so may their gradients; then Forward and Backward have nothing to do. In inference
// View may report so of an Op that does something in training.
type View interface {
	Op
	View(training bool) bool
}

// BackwardReader is an Op that says which blocks Backward reads beside DY: those of the
// inputs, that of the output. Others may have been overwritten by then. An Op that does not
// say is taken to read all.
type BackwardReader interface {
	Op
	BackwardReads() (x, y bool)
}

// Scratcher is an Op that needs memory for the time of a call: so many float32, with any
// values, aligned to 64 bytes. Who shares the work shares the memory too.
type Scratcher interface {
	Op
	Scratch() int
}

// Synchronized is an Op whose result for a sample depends, in training, on the whole batch:
// each block is summed up to a few numbers, those of all blocks are merged, and only then
// Forward is called. The same happens in the backward pass. PyTorch's SyncBatchNorm does so
// over devices.
type Synchronized interface {
	Op
	// NumStatistics is how many numbers a block is summed up to.
	NumStatistics() int
	// ForwardStatistics and BackwardStatistics write what the samples of a block add up to:
	// from c.X, and from c.X and c.DY. Shares of a Splitter write their own part.
	ForwardStatistics(c *Call, stats []float64)
	BackwardStatistics(c *Call, stats []float64)
	// MergeForward merges the statistics of the blocks, in their order, to those of the
	// batch. In the backward pass they are added up.
	MergeForward(blocks [][]float64, total []float64)
	// UpdateRunning lets running statistics follow those of the batch, after a step.
	UpdateRunning(w Weights, total []float64)
}

// NewScratch is memory for a call of an Op outside the executor: what a Scratcher asks for, or
// none.
func NewScratch(o Op) []float32 {
	if s, ok := o.(Scratcher); ok {
		return make([]float32, s.Scratch())
	}
	return nil
}
