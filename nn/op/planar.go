package op

// Planar is an Op that can also run on a single sample, in inference, where sixteen lanes
// would do sixteen times the work. A network runs single samples this way if all of its ops
// are Planar.
type Planar interface {
	Op
	// Planar returns the steps for inputs of the given layouts. The first step reads the
	// inputs, each other step the output of the step before it. The channels, height and
	// width of the last step's output are those of PlanesOf(Shape()). A View may return no
	// steps: the output is the memory of the input. Planar returns false if the Op cannot
	// run on these inputs.
	Planar(in []Planes) ([]PlanarStep, bool)
}

// PlanarStep computes feature maps of a single sample. The goroutines that share the work
// divide the channels by Planes.Share: a share owns those channels of each input, and writes
// those of To.
type PlanarStep struct {
	To Planes // layout of the output
	// Run computes a share of y from x. It may read up to PlanarSlack floats past the last
	// plane of x. The contents of y and of the padding between planes are undefined before.
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
}

// Planes is the memory layout of the feature maps of a single sample: each map is contiguous,
// and starts Plane floats after the one before it, a multiple of Lanes. The padding between
// maps has undefined contents.
type Planes struct {
	Channels, H, W int
	Plane          int // floats from one map to the next
	Grain          int // shares are multiples of so many channels, which divides Channels
}

// NewPlanes is the layout of maps of height h and width w, with a Grain of 1.
func NewPlanes(channels, h, w int) Planes {
	return Planes{channels, h, w, (h*w + Lanes - 1) / Lanes * Lanes, 1}
}

// PlanesOf is the layout of a sample of a shape: one plane a channel for (C, H, W), otherwise
// a single plane for all elements.
func PlanesOf(s Shape) Planes {
	if len(s) == 3 {
		return NewPlanes(s[0], s[1], s[2])
	}
	return NewPlanes(1, 1, s.Size())
}

// PlanarSlack is the number of floats past the last plane that may be read.
const PlanarSlack = 2 * Lanes

// Size is the number of floats of the maps, including PlanarSlack.
func (p Planes) Size() int { return p.Channels*p.Plane + PlanarSlack }

// Write copies maps, in C, H, W order, to memory of this layout.
func (p Planes) Write(memory, maps []float32) {
	for c := range p.Channels {
		copy(memory[c*p.Plane:], maps[c*p.H*p.W:][:p.H*p.W])
	}
}

// Read copies maps from memory of this layout, in C, H, W order.
func (p Planes) Read(memory, maps []float32) {
	for c := range p.Channels {
		copy(maps[c*p.H*p.W:][:p.H*p.W], memory[c*p.Plane:])
	}
}

// Share is the range of channels lo…hi−1 of a share of the work.
func (p Planes) Share(s Share) (lo, hi int) {
	lo, hi = s.Of(p.Channels / p.Grain)
	return lo * p.Grain, hi * p.Grain
}
