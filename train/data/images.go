package data

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"

	"github.com/gonn-toolkit/gonn/nn"
)

// Images is a labelled set of 8-bit pictures in memory, read by a network as
// pixel/255 (float32).
type Images struct {
	shape   nn.Shape
	pixels  []byte // N, C, H, W
	labels  []int
	classes int
}

// NewImages makes a set of pictures of shape (C, H, W) from pixels in N, C, H,
// W order, which it keeps, with one label a picture, each below classes.
func NewImages(shape nn.Shape, pixels []byte, labels []int, classes int) (*Images, error) {
	size, ok := product(shape)
	if len(shape) != 3 || !ok || size == 0 {
		return nil, fmt.Errorf("images: shape %v; need (C, H, W) with positive sizes", shape)
	}
	if len(labels) == 0 {
		return nil, fmt.Errorf("images: no labels; need one for each of at least one picture")
	}
	if len(pixels)%int(size) != 0 || len(pixels)/int(size) != len(labels) {
		return nil, fmt.Errorf("images: %d pixels for %d labels of shape %v; need %d for each label",
			len(pixels), len(labels), shape, size)
	}
	for i, l := range labels {
		if l < 0 || l >= classes {
			return nil, fmt.Errorf("images: label %d of picture %d is not in 0…%d", l, i, classes-1)
		}
	}
	return &Images{shape: shape, pixels: pixels, labels: labels, classes: classes}, nil
}

// Len is the number of pictures.
func (m *Images) Len() int { return len(m.labels) }

// Shape is (C, H, W).
func (m *Images) Shape() nn.Shape { return m.shape }

// Classes is the number of classes.
func (m *Images) Classes() int { return m.classes }

// Label is the class of picture i.
func (m *Images) Label(i int) int { return m.labels[i] }

// Pixels is picture i in C, H, W order, a view.
func (m *Images) Pixels(i int) []byte {
	n := m.shape.Size()
	return m.pixels[i*n : (i+1)*n : (i+1)*n]
}

// Fill writes the pictures idx into the lanes of dst as pixel/255.
func (m *Images) Fill(dst nn.Block, idx []int) error {
	var x [nn.Lanes][]byte
	for lane, i := range idx {
		x[lane] = m.Pixels(i)
	}
	dst.SetBytes(x, [nn.Lanes]bool{})
	return nil
}

// ReadSample writes picture i into dst as pixel/255.
func (m *Images) ReadSample(dst []float32, i int) error {
	for k, v := range m.Pixels(i) {
		dst[k] = float32(v) / 255
	}
	return nil
}

// SHA256 is a checksum of everything that the set gives a network: shape,
// number of classes, labels and pixels.
func (m *Images) SHA256() string {
	h := checksum(m)
	h.Write(m.pixels)
	return hex.EncodeToString(h.Sum(nil))
}

// checksum is that of a set's shape, number of classes and labels, to go on with.
func checksum(s nn.Samples) hash.Hash {
	h := sha256.New()
	put := func(v int) { h.Write(binary.LittleEndian.AppendUint64(nil, uint64(v))) }
	for _, d := range s.Shape() {
		put(d)
	}
	put(s.Classes())
	put(s.Len())
	for i := range s.Len() {
		put(s.Label(i))
	}
	return h
}
