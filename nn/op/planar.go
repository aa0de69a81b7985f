package op

// Planar is an Op that can also run on one sample alone, in inference: sixteen lanes would
// do sixteen times the work for it. A network of which every Op is Planar runs a single
// sample so.
type Planar interface {
	Op
	// Planar plans for inputs that lie in memory like this. The first step reads the inputs,
	// each further one what the step before it wrote. What the last one writes is laid out
	// by channels, height and width as PlanesOf(Shape()) says. No steps, of a View: the
	// output has the memory of the input. false: this Op cannot.
	Planar(in []Planes) ([]PlanarStep, bool)
}

// PlanarStep computes maps. Those who share the work cut channels by Planes.Share: that of
// each input says which of its channels are a share's own, that of To which ones it writes.
type PlanarStep struct {
	To Planes // where y lies
	// Run computes a share of y from x, of which it may read up to PlanarSlack floats behind
	// the last plane. What y and the space between planes held before is not known.
	Run func(s Share, w Weights, x [][]float32, y []float32)
	// Mixes reports whether a share reads more than the channels of x that are its own, so
	// that it must wait for the others.
	Mixes bool
	// Scatters reports whether a share writes other than its own channels of y, such as some
	// pixels of all, so that the next step must wait.
	Scatters bool
	// InPlace reports whether y may be the memory of x[0], which is laid out like it. A step
	// that mixes cannot.
	InPlace bool
	// MACs is the number of multiply–accumulates of the step, with those that give no pixel.
	// From it follows how many samples go alone.
	MACs int
	// Scratch is how many floats behind y, from To.Size() on, the step has for itself.
	Scratch int
}

// Planes says how the feature maps of one sample lie in memory when it goes through a
// network alone: each map's pixels side by side, the maps Plane floats apart, which are
// whole vectors. What lies between holds no pixel, but some number.
type Planes struct {
	Channels, H, W int
	Plane          int
	Grain          int // channels that only one goroutine can compute, of all those there are
}

// NewPlanes lays out maps.
func NewPlanes(channels, h, w int) Planes {
	return Planes{channels, h, w, (h*w + Lanes - 1) / Lanes * Lanes, 1}
}

// PlanesOf lays out a sample of a shape: maps, or all elements in one plane if it has other
// than three axes.
func PlanesOf(s Shape) Planes {
	if len(s) == 3 {
		return NewPlanes(s[0], s[1], s[2])
	}
	return NewPlanes(1, 1, s.Size())
}

// PlanarSlack is how far behind its last plane memory of planes may be read.
const PlanarSlack = 2 * Lanes

// Size is the number of floats that the maps take, with the slack behind them.
func (p Planes) Size() int { return p.Channels*p.Plane + PlanarSlack }

// Write writes maps in C, H, W order into memory that is laid out so; Read reads them.
func (p Planes) Write(memory, maps []float32) {
	for c := range p.Channels {
		copy(memory[c*p.Plane:], maps[c*p.H*p.W:][:p.H*p.W])
	}
}

// Read reads maps in C, H, W order.
func (p Planes) Read(memory, maps []float32) {
	for c := range p.Channels {
		copy(maps[c*p.H*p.W:][:p.H*p.W], memory[c*p.Plane:])
	}
}

// Share cuts the channels between those who share the work.
func (p Planes) Share(s Share) (lo, hi int) {
	lo, hi = s.Of(p.Channels / p.Grain)
	return lo * p.Grain, hi * p.Grain
}
