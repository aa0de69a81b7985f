package op

// Planar is an Op that can also run on a single sample, in inference, where sixteen lanes
// would do sixteen times the work. A network runs single samples this way if all of its ops
// are Planar.
type Planar interface {
	// Shape is the shape of the output, and MACs the number of multiply–accumulates.
	Shape() Shape
	MACs() int
	// Planar returns the steps for inputs of the given layouts. The first step reads the
	// inputs. Each other step reads the output of the step before it in place of the first
	// input. The channels, height and
	// width of the last step's output are those of PlanesOf(Shape()). If it is packed, border
	// is the Border that its readers want. A View may return no steps: the output is the
	// memory of the input. Planar returns false if the Op cannot run on these inputs.
	Planar(in []Planes, border int) ([]PlanarStep, bool)
}

// PackedReader is a Planar op that can read packed inputs. Inputs of other ops are unpacked.
type PackedReader interface {
	Planar
	// ReadsPacked reports whether the inputs may be packed, and returns the Border that the
	// op wants around them. It may get a larger one.
	ReadsPacked() (border int, ok bool)
}

// PlanarFuser is an Op that can take over the work of an op that reads its output, so that
// values are changed before they are stored. BatchNorm becomes part of a convolution's weights
// this way. The result is that of the two ops up to rounding.
type PlanarFuser interface {
	Planar
	// FusePlanar returns the op that computes next with o's output as its input number at. Its
	// inputs are those of o, followed by the other inputs of next, and its parameters are those
	// of o, followed by those of next. It returns false if the two cannot be fused.
	FusePlanar(next Planar, at int) (Planar, bool)
}

// PlanarStep computes feature maps of a single sample. The goroutines that share the work
// divide the channels by Planes.Share: a share owns those channels of each input, and writes
// those of To.
type PlanarStep struct {
	To Planes // layout of the output
	// Run computes a share of y from x. It is called for several samples at once. It may read
	// up to PlanarSlack floats past the last plane of x. The contents of y and of the padding
	// between planes are undefined before, except that the border of a packed layout is 0. It
	// must be 0 again after the step.
	Run func(s Share, w Weights, x [][]float32, y []float32)
	// Mixes is set if a share reads channels of x that it does not own, so that it must wait
	// until the other shares have written them.
	Mixes bool
	// Scatters is set if a share writes channels of y that it does not own, such as some
	// pixels of all channels, so that the next step must wait.
	Scatters bool
	// InPlace is set if y may be the memory of x[0], which has the same layout. Steps that mix
	// cannot set it.
	InPlace bool
	// MACs is the number of multiply–accumulates of the step, including wasted ones. The
	// executor estimates from it how many samples to run one by one.
	MACs int
	// Scratch is the number of temporary floats, which follow y from y[To.Size()] on.
	Scratch int
	// Prepare, if it computes anything, is called when parameters have changed. Run then gets
	// the result as its only weights, aligned to 64 bytes.
	Prepare Preparation
}
