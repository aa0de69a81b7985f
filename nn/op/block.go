package op

import "github.com/gonn-toolkit/gonn/nn/internal/kernel"

// Lanes is the number of samples that travel together through a network: one
// AVX-512 register of float32, two AVX2 ones, or four NEON ones.
const Lanes = 16

// Block holds the feature maps of up to Lanes samples, sample by sample in the
// lanes: element i of the shape (in C, H, W order) of sample l is
// Data[i*Lanes+l].
//
// In this layout every layer is written as if for one image, with a vector of
// Lanes numbers in place of each number: strides, dilation, groups and padding
// need no rearranging of memory. Lanes that carry no sample hold zero at the
// input, and zero gradient at the output.
type Block struct {
	Shape Shape
	Data  []float32
}

// NewBlock returns a block of zeros for samples of the given shape.
func NewBlock(s Shape) Block {
	return Block{Shape: s, Data: make([]float32, s.Size()*Lanes)}
}

// SetSample writes one sample (row-major, C, H, W) into a lane.
func (b Block) SetSample(lane int, v []float32) {
	for i, x := range v {
		b.Data[i*Lanes+lane] = x
	}
}

// SetSamples writes up to Lanes samples, which lie one after the other in rows (each
// row-major, C, H, W), into the lanes, and zero into those for which there is none.
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

// SetBytes writes samples of 8-bit numbers (row-major, C, H, W) into the lanes, each v as
// v/255, or as (255−v)/255 where inverted, and zero into the lanes whose sample is nil.
// It is exact: the float32 that is nearest to the quotient.
func (b Block) SetBytes(x [Lanes][]byte, inverted [Lanes]bool) {
	kernel.FromBytes(b.Data, x, inverted)
}

// SetRows writes Lanes samples, which lie one after the other in v (each row-major, C, H,
// W), into the lanes; Rows reads them.
func (b Block) SetRows(v []float32) { kernel.Transpose(b.Data, v, Lanes, b.Shape.Size()) }

// Rows reads all lanes into v, sample after sample, also those that carry none.
func (b Block) Rows(v []float32) { kernel.Transpose(v, b.Data, b.Shape.Size(), Lanes) }

// Sample reads one lane into v (row-major, C, H, W).
func (b Block) Sample(lane int, v []float32) {
	for i := range v {
		v[i] = b.Data[i*Lanes+lane]
	}
}

// Samples reads the first lanes, as many samples as rows holds, one after the other.
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

// ClearLanes sets the lanes from n on to zero, in the data of a block or of some of its
// channels.
func ClearLanes(v []float32, n int) {
	for i := 0; i < len(v); i += Lanes {
		clear(v[i+n : i+Lanes])
	}
}
