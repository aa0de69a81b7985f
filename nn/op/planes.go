package op

// Planes is the memory layout of the feature maps of a single sample: each map is contiguous,
// and starts Plane floats after the one before it, a multiple of Lanes. The padding between
// maps has undefined contents.
//
// In a packed layout, the nChw16c of oneDNN, Lanes channels are interleaved: the number of
// channel c in row y and column x is at
//
//	c/Lanes·Plane + ((y + Border)·(W + 2·Border) + x + Border)·Lanes + c%Lanes
//
// Channels is a multiple of Lanes then, and the pixels of the border are 0, so that convolutions
// need not pad.
type Planes struct {
	Channels, H, W int
	Plane          int // floats from one map to the next, or from one pack of Lanes channels
	Grain          int // shares are multiples of so many channels, which divides Channels
	Packed         bool
	Border         int // pixels on each side; 0 unless packed
}

// NewPlanes is the layout of maps of height h and width w, with a Grain of 1.
func NewPlanes(channels, h, w int) Planes {
	return Planes{Channels: channels, H: h, W: w, Plane: (h*w + Lanes - 1) / Lanes * Lanes, Grain: 1}
}

// NewPacked is the packed layout of maps of height h and width w.
func NewPacked(channels, h, w, border int) Planes {
	return Planes{
		Channels: channels, H: h, W: w, Plane: (h + 2*border) * (w + 2*border) * Lanes, Grain: Lanes,
		Packed: true, Border: border,
	}
}

// PlanesOf is the layout of a sample of a shape that is not packed: one plane a channel for
// (C, H, W), otherwise a single plane for all elements.
func PlanesOf(s Shape) Planes {
	if len(s) == 3 {
		return NewPlanes(s[0], s[1], s[2])
	}
	return NewPlanes(1, 1, s.Size())
}

// PlanarSlack is the number of floats past the last plane that may be read.
const PlanarSlack = 2 * Lanes

// Size is the number of floats of the maps, including PlanarSlack.
func (p Planes) Size() int {
	if p.Packed {
		return p.Channels/Lanes*p.Plane + PlanarSlack
	}
	return p.Channels*p.Plane + PlanarSlack
}

// Row is where row y of channel c begins. The next pixel is one float on, or Lanes if the layout
// is packed.
func (p Planes) Row(c, y int) int {
	if p.Packed {
		return c/Lanes*p.Plane + ((y+p.Border)*p.Pitch()+p.Border)*Lanes + c%Lanes
	}
	return c*p.Plane + y*p.W
}

// Pitch is the number of pixels from one row to the next.
func (p Planes) Pitch() int { return p.W + 2*p.Border }

// Write copies maps, in C, H, W order, to memory of this layout. It does not write the border.
func (p Planes) Write(memory, maps []float32) {
	for c := range p.Channels {
		from := maps[c*p.H*p.W:][:p.H*p.W]
		if !p.Packed {
			copy(memory[c*p.Plane:], from)
			continue
		}
		for y := range p.H {
			to := memory[p.Row(c, y):]
			for x, v := range from[y*p.W:][:p.W] {
				to[x*Lanes] = v
			}
		}
	}
}

// Read copies maps from memory of this layout, in C, H, W order.
func (p Planes) Read(memory, maps []float32) {
	for c := range p.Channels {
		to := maps[c*p.H*p.W:][:p.H*p.W]
		if !p.Packed {
			copy(to, memory[c*p.Plane:])
			continue
		}
		for y := range p.H {
			from := memory[p.Row(c, y):]
			row := to[y*p.W:][:p.W]
			for x := range row {
				row[x] = from[x*Lanes]
			}
		}
	}
}

// Share is the range of channels lo…hi−1 of a share of the work.
func (p Planes) Share(s Share) (lo, hi int) {
	lo, hi = s.Of(p.Channels / p.Grain)
	return lo * p.Grain, hi * p.Grain
}
