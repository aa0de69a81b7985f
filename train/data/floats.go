package data

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"

	"github.com/gonn-toolkit/gonn/nn"
)

// Floats is a labelled set of pictures of floating-point numbers in memory,
// which a network reads as they are. Norm and Augment take them for pixel/255,
// with black at 0 and white at 1.
type Floats struct{ *nn.TensorSamples }

// NewFloats makes a set of pictures (N, C, H, W), which it keeps, with one label a
// picture, each below classes. Every number must be finite.
func NewFloats(x *nn.Tensor, labels []int, classes int) (*Floats, error) {
	if len(x.Shape) != 4 || nn.Shape(x.Shape).Size() == 0 {
		return nil, fmt.Errorf("pictures of shape %v; need (N, C, H, W) with positive sizes", nn.Shape(x.Shape))
	}
	s, err := nn.NewTensorSamples(x, labels, classes)
	if err != nil {
		return nil, err
	}
	if err := checkFinite(x.Data, 0); err != nil {
		return nil, err
	}
	return &Floats{s}, nil
}

// checkFinite checks some numbers, the first of which has the given number.
func checkFinite(v []float32, first int) error {
	for i, x := range v {
		if !finite(x) {
			return fmt.Errorf("element %d is %v; need finite numbers", first+i, x)
		}
	}
	return nil
}

// SHA256 is a checksum of everything that the set gives a network: shape,
// number of classes, labels and the bits of the numbers.
func (f *Floats) SHA256() string {
	h := checksum(f)
	h.Write([]byte("float32"))
	buf := make([]byte, 0, 4<<10)
	for i, v := range f.X.Data {
		buf = binary.LittleEndian.AppendUint32(buf, math.Float32bits(v))
		if len(buf) == cap(buf) || i == len(f.X.Data)-1 {
			h.Write(buf)
			buf = buf[:0]
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}
