package op

import "github.com/gonn-toolkit/gonn/nn/internal/kernel"

// Lanes is the number of samples that a network processes together: one AVX-512 register
// of float32, two of AVX2, or four of NEON.
const Lanes = 16

// Block holds the feature maps of up to Lanes samples, one sample in each lane: element i
// of sample l, in C, H, W order, is Data[i*Lanes+l].
//
// With this layout a layer is written as if for one image, with a vector of Lanes numbers in
// place of each number. Strides, dilation, groups and padding need no rearranged copy.
// In training, lanes without a sample repeat lane 0 at the network's input, and have zero
// gradient at its output: what they compute is as finite as a sample. In inference they may hold
// anything.
type Block struct {
	Shape Shape
	Data  []float32
}

// NewBlock returns a block of zeros for samples of the given shape.
func NewBlock(s Shape) Block {
	return Block{Shape: s, Data: make([]float32, s.Size()*Lanes)}
}

// SetSample writes one sample (row-major, C, H, W) to a lane.
func (b Block) SetSample(lane int, v []float32) {
	for i, x := range v {
		b.Data[i*Lanes+lane] = x
	}
}

// SetSamples writes up to Lanes samples, contiguous in rows (each row-major, C, H, W), to the
// first lanes, and zero to the others.
func (b Block) SetSamples(rows []float32) {
	size := b.Shape.Size()
	n := len(rows) / size
	if n >= Lanes {
		kernel.Transpose(b.Data, rows[:Lanes*size], Lanes, size)
		return
	}
	clear(b.Data)
	for i := range size {
		pixel := b.Data[i*Lanes : i*Lanes+n]
		for l := range pixel {
			pixel[l] = rows[l*size+i]
		}
	}
}

// SetBytes writes samples of 8-bit numbers (row-major, C, H, W) to the lanes: v becomes
// v/255, or (255−v)/255 where inverted is set, correctly rounded. Lanes whose sample is nil
// become zero.
func (b Block) SetBytes(x [Lanes][]byte, inverted [Lanes]bool) {
	kernel.FromBytes(b.Data, x, inverted)
}

// SetRows writes Lanes samples, contiguous in v (each row-major, C, H, W), to the lanes.
// Rows is its inverse.
func (b Block) SetRows(v []float32) { kernel.Transpose(b.Data, v, Lanes, b.Shape.Size()) }

// Rows reads all lanes into v, one sample after the other, including lanes without a sample.
func (b Block) Rows(v []float32) { kernel.Transpose(v, b.Data, b.Shape.Size(), Lanes) }

// Sample reads one lane into v (row-major, C, H, W).
func (b Block) Sample(lane int, v []float32) {
	for i := range v {
		v[i] = b.Data[i*Lanes+lane]
	}
}

// Samples reads the first lanes into rows, as many samples as it holds.
func (b Block) Samples(rows []float32) {
	size := b.Shape.Size()
	if n := len(rows) / size; n < Lanes {
		for l := range n {
			b.Sample(l, rows[l*size:(l+1)*size])
		}
		return
	}
	b.Rows(rows[:Lanes*size])
}

// RepeatLane sets lanes n and above to lane 0, n being at least 1. v is as for ClearLanes.
func RepeatLane(v []float32, n int) {
	if n == Lanes {
		return
	}
	for i := 0; i < len(v); i += Lanes {
		pixel := v[i : i+Lanes]
		for l := n; l < Lanes; l++ {
			pixel[l] = pixel[0]
		}
	}
}

// ClearLanes sets lanes n and above to zero. v is the data of a block, or of some of its
// channels.
func ClearLanes(v []float32, n int) {
	for i := 0; i < len(v); i += Lanes {
		clear(v[i+n : i+Lanes])
	}
}
