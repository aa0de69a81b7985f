package op

// Op is a layer bound to the shapes of its inputs. It holds no samples and no
// parameter values, so one Op serves any number of goroutines.
type Op interface {
	// Shape is the shape of the output, for one sample.
	Shape() Shape
	// Params lists the parameters, in the order of Call.W.
	Params() []ParamSpec
	// MACs is the number of multiply–accumulates of a forward pass for one sample.
	MACs() int
	// Forward computes c.Y from c.X. c.Training is nil in inference.
	Forward(c *Call)
	// Backward adds the gradient of the parameters to c.DW and overwrites c.DX with the
	// gradient of the inputs, given c.X, c.Y and the gradient of the output, c.DY.
	Backward(c *Call)
}

// Call holds the arguments of Forward and Backward. An Op does not change the Call itself;
// several goroutines may use the same Call at once.
type Call struct {
	W Weights // values of the parameters
	X []Block // inputs
	Y Block   // output
	// Prepared is what the Preparation of a Preparer has computed.
	Prepared []float32

	// DW, DY and DX are set in the backward pass only.
	DW Weights // gradients of the parameters, to be added to; nil entries are not wanted
	DY Block   // gradient of the output
	DX []Block // gradients of the inputs, to be overwritten; those without Data are not wanted
	// Accumulate has an Accumulator add to DX[0] instead.
	Accumulate bool

	// Samples is the number of lanes that hold a sample, the first ones. The executor sets it.
	Samples int
	// Training is nil in inference. Layers that behave differently in training, such as
	// Dropout, check it in Forward and in Backward.
	Training *Training
	// Scratch is the memory that a Scratcher asks for, shared by all shares of the work.
	Scratch []float32
	// Kept is the memory that a Keeper asks for; nil in a forward pass that no backward pass
	// follows.
	Kept []float32
	// Barrier synchronises the goroutines that share the work; nil if there is only one.
	Barrier Barrier
}

// Wait returns when all goroutines that share the work on the block have called it. All
// shares of an Op must call it the same number of times.
func (c *Call) Wait() {
	if c.Barrier != nil {
		c.Barrier.Wait()
	}
}

// Barrier is a point at which a fixed number of goroutines wait for each other.
type Barrier interface{ Wait() }

// Training describes a block's part in a training step.
type Training struct {
	// Key seeds the layer's random numbers. It depends on the seed of the training, the step
	// and the layer.
	Key uint64
	// First is the index in the batch of the sample in lane 0. Samples is the number of
	// lanes that hold a sample.
	First, Samples int
	// Forward and Backward are the statistics of the whole batch, for Synchronized ops.
	// BlockForward and BlockBackward are those of the block.
	Forward, Backward           []float64
	BlockForward, BlockBackward []float64
}

// Splitter is an Op whose work on a block several goroutines can share. Split returns an Op
// that does share i of n, 0 ≤ i < n: it writes only its own part of Y, DX and DW, with the
// same bits as the whole Op. The other shares write theirs concurrently. A share implements
// the same optional interfaces as the whole.
type Splitter interface {
	Op
	Split(i, n int) Op
}

// InPlace is an Op whose Forward may write Y over X[0], and whose Backward may write DX[0]
// over DY, if InPlace returns true: element i of one depends only on element i of the other. Further inputs and their
// gradients have other memory.
type InPlace interface {
	Op
	InPlace() bool
}

// View is an Op whose output is its input in another shape, if View returns true. Both may
// have the same memory, and so may their gradients: then Forward and Backward are not called.
// The answer may depend on the mode: Dropout is a view in inference only.
type View interface {
	Op
	View(training bool) bool
}

// Accumulator is an Op whose Backward can add the gradient of X[0] to what Call.DX[0] holds, if
// Accumulates returns true. So a value that several ops read needs no memory for the parts of
// its gradient.
type Accumulator interface {
	Op
	Accumulates() bool
}

// BackwardReader is an Op that declares which blocks Backward reads besides DY: X, Y. The
// memory of blocks that it does not read may be reused before. An Op that does not implement
// it is assumed to read both.
type BackwardReader interface {
	Op
	BackwardReads() (x, y bool)
}

// Scratcher is an Op that needs temporary memory during a call: Scratch float32 numbers,
// uninitialised, aligned to 64 bytes. All shares of the work get the same memory.
type Scratcher interface {
	Op
	Scratch() int
}

// Keeper is an Op whose forward pass leaves Keeps float32 numbers for the backward pass in
// Call.Kept, aligned to 64 bytes. The backward pass may overwrite them. All shares of the work get
// the same memory.
type Keeper interface {
	Op
	Keeps() int
}

// Synchronized is an Op that, in training, needs statistics of the whole batch, such as
// batch normalisation. Each block is reduced to a few numbers, the numbers of all blocks are
// merged, and then Forward is called. The backward pass does the same. PyTorch's
// SyncBatchNorm works like this across devices.
type Synchronized interface {
	Op
	// NumStatistics is the number of statistics of a block, and of the batch.
	NumStatistics() int
	// ForwardStatistics computes the statistics of a block from c.X, BackwardStatistics from
	// c.X and c.DY. It may also begin with the work of Backward, which follows: write c.DX and
	// add to c.DW. Shares of a Splitter write their own part.
	ForwardStatistics(c *Call, stats []float64)
	BackwardStatistics(c *Call, stats []float64)
	// MergeForward merges the forward statistics of the blocks, in order, into those of the
	// batch. Backward statistics are added up.
	MergeForward(blocks [][]float64, total []float64)
	// UpdateRunning updates running statistics with those of the batch, after a step.
	UpdateRunning(w Weights, total []float64)
}

// Fuser is an Op that can be fused with an op that reads its output, so that the value between
// them is not stored: a BatchNorm with its activation, for example.
type Fuser interface {
	Op
	// Fuse returns the op that computes next with o's output as its input number at, forward
	// and backward, with the same bits; the gradient of a parameter that elements share may be
	// summed up in another order, so that its last bits differ. Its inputs are those of o,
	// followed by the other inputs of next, and its parameters are those of o, followed by those
	// of next. It returns false if the two cannot be fused in training, or in inference.
	Fuse(next Op, at int, training bool) (Op, bool)
}

// NewScratch allocates Call.Scratch for an Op that is called without the executor; nil if it
// needs none.
func NewScratch(o Op) []float32 {
	if s, ok := o.(Scratcher); ok {
		return make([]float32, s.Scratch())
	}
	return nil
}

// NewKept allocates Call.Kept for an Op that is called without the executor; nil if it needs none.
func NewKept(o Op) []float32 {
	if k, ok := o.(Keeper); ok {
		return make([]float32, k.Keeps())
	}
	return nil
}
