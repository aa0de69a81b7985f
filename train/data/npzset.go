package data

import (
	"archive/zip"
	"fmt"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
)

// openNPZ reads a training set and a test set from a .npz file of the arrays
// x_train, y_train, x_test and y_test, as Keras's mnist.npz has them. Pictures are
// (N, H, W), (N, H, W, C) or (N, C, H, W) with one or three channels; bytes are
// read as pixel/255, floating-point numbers as they are. Labels are integers (N)
// or (N, 1). Other arrays are passed over with a note.
func (o Options) openNPZ(path string) (*Set, error) {
	f, size, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	entries, err := openZip(f, size, MaxArrays)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	s := npzSet{options: o}
	stray := passedOver{}
	for _, e := range entries {
		if i := slices.Index(npzNames, arrayName(e)); i >= 0 {
			s.entries[i] = e
		} else {
			stray.add(arrayName(e), "")
		}
	}
	train, test, err := s.open(size)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	set, err := NewSet(path, train, test)
	if err == nil {
		set.Notes = append(stray.notes("array that is no part of the set", "arrays that are no part of the set"), s.scaleNotes()...)
	}
	return set, err
}

// npzNames are the arrays of a set, pictures and labels for training, then for testing.
var npzNames = []string{"x_train", "y_train", "x_test", "y_test"}

// npzSet is a set whose arrays are checked before they are read.
type npzSet struct {
	options Options
	entries [4]*zip.File // in the order of npzNames
	heads   [4]*npyArray
	shapes  [2]nn.Shape // of pictures
	last    [2]bool     // whether their channels are the last axis
	largest [2]float32  // of pictures of floating-point numbers
	classes int
}

// scaleNotes tell of numbers that look like bytes: pictures that are classified later are read as
// pixel/255.
func (s *npzSet) scaleNotes() (notes []string) {
	for part, v := range s.largest {
		if v > 2 {
			notes = append(notes, fmt.Sprintf("%s has numbers up to %.4g, which are read as they are; pictures are read as pixel/255: save bytes, or divide by 255", npzNames[2*part], v))
		}
	}
	return notes
}

// open checks all that can be wrong, headers first, and only then takes memory for the arrays.
func (s *npzSet) open(size int64) (train, test Pictures, err error) {
	for i, e := range s.entries {
		if e == nil {
			return nil, nil, fmt.Errorf("no array %q; need %s", npzNames[i], strings.Join(npzNames, ", "))
		}
	}
	for i, e := range s.entries {
		if s.heads[i], err = headOf(e); err != nil {
			return nil, nil, err
		}
	}
	for part := range 2 {
		if err := s.checkHeads(part); err != nil {
			return nil, nil, err
		}
	}
	if !s.shapes[0].Equal(s.shapes[1]) {
		return nil, nil, fmt.Errorf("training pictures of shape %v and test pictures of shape %v; need the same", s.shapes[0], s.shapes[1])
	}
	if err := checkSizes(s.entries[:], MaxBytes, size); err != nil {
		return nil, nil, err
	}
	for _, i := range []int{1, 3, 0, 2} { // labels are shorter than pictures
		if err := s.walk(i); err != nil {
			return nil, nil, err
		}
	}
	if train, err = s.read(0); err != nil {
		return nil, nil, err
	}
	test, err = s.read(1)
	return train, test, err
}

// checkHeads holds the headers of a part's pictures and labels to each other.
func (s *npzSet) checkHeads(part int) (err error) {
	x, y := s.heads[2*part], s.heads[2*part+1]
	if len(y.shape) != 1 && !(len(y.shape) == 2 && y.shape[1] == 1) {
		return fmt.Errorf("%s: labels of shape %v; need (N) or (N, 1)", npzNames[2*part+1], nn.Shape(y.shape))
	}
	if y.as == asFloats {
		return fmt.Errorf("%s: an array of floating-point numbers; need integers", npzNames[2*part+1])
	}
	if s.shapes[part], s.last[part], err = pictureShape(x.shape); err == nil {
		switch {
		case x.shape[0] != y.n:
			err = fmt.Errorf("%d pictures for %d labels; need one for each", x.shape[0], y.n)
		case x.as == asIntegers:
			err = fmt.Errorf("pictures of integers that are not bytes; need uint8 (0…255) or floating point (0…1)")
		case x.as == asFloats && s.options.Resize != Resize{}:
			err = errResizeFloats
		}
	}
	if err != nil {
		return fmt.Errorf("%s: %w", npzNames[2*part], err)
	}
	return nil
}

// walk checks an array element by element, if there are values that it may not have.
func (s *npzSet) walk(i int) error {
	var check func(piece *Array, first int) error
	switch x := s.heads[i]; {
	case i%2 == 1:
		check = func(piece *Array, first int) error {
			labels, err := labelsOf(piece, first)
			if err == nil {
				s.classes = max(s.classes, slices.Max(labels)+1)
			}
			return err
		}
	case x.as == asFloats:
		check = func(piece *Array, first int) error {
			t, err := piece.Tensor()
			if err != nil {
				return err
			}
			for _, v := range t.Data {
				s.largest[i/2] = max(s.largest[i/2], v)
			}
			return checkFinite(t.Data, first)
		}
	}
	return walk(s.entries[i], check)
}

// read reads a part that has been checked.
func (s *npzSet) read(part int) (Pictures, error) {
	x, err := decodeEntry(s.entries[2*part])
	if err != nil {
		return nil, err
	}
	y, err := decodeEntry(s.entries[2*part+1])
	if err != nil {
		return nil, err
	}
	labels, err := labelsOf(y, 0)
	if err != nil {
		return nil, err
	}
	shape := s.shapes[part]
	if x.Uint8 != nil {
		if s.last[part] {
			x.Uint8 = channelsFirst(x.Uint8, shape)
		}
		return NewImages(shape, x.Uint8, labels, s.classes)
	}
	t, err := x.Tensor()
	if err != nil {
		return nil, err
	}
	if s.last[part] {
		t.Data = channelsFirst(t.Data, shape)
	}
	t.Shape = append([]int{len(labels)}, shape...)
	return NewFloats(t, labels, s.classes)
}

// labelsOf gives the labels in an array, the first of which is that of the given picture.
func labelsOf(a *Array, first int) ([]int, error) {
	ints, err := a.Ints()
	if err != nil {
		return nil, err
	}
	labels := make([]int, len(ints))
	for i, l := range ints {
		if l < 0 || l >= MaxClasses {
			return nil, fmt.Errorf("label %d of picture %d; need 0 to %d", l, first+i, MaxClasses-1)
		}
		labels[i] = int(l)
	}
	return labels, nil
}

// pictureShape is the shape (C, H, W) of the pictures in an array, and whether the
// array has their channels last.
func pictureShape(dims []int) (shape nn.Shape, last bool, err error) {
	channels := func(n int) bool { return n == 1 || n == 3 }
	if slices.Contains(dims, 0) {
		return nil, false, fmt.Errorf("pictures of shape %v; need at least one, with positive sizes", nn.Shape(dims))
	}
	switch {
	case len(dims) == 3:
		return nn.Shape{1, dims[1], dims[2]}, false, nil
	case len(dims) != 4 || !channels(dims[1]) && !channels(dims[3]):
		return nil, false, fmt.Errorf("pictures of shape %v; need (N, H, W), or (N, H, W, C) or (N, C, H, W) with 1 or 3 channels", nn.Shape(dims))
	case channels(dims[1]) && channels(dims[3]):
		return nil, false, fmt.Errorf("pictures of shape %v: the channels may be axis 1 or axis 3; need pictures that are wider and higher than that", nn.Shape(dims))
	case channels(dims[1]):
		return nn.Shape(dims[1:]), false, nil
	}
	return nn.Shape{dims[3], dims[1], dims[2]}, true, nil
}

// channelsFirst turns pictures in H, W, C order into C, H, W order.
func channelsFirst[T any](v []T, shape nn.Shape) []T {
	channels, plane := shape[0], shape[1]*shape[2]
	if channels == 1 {
		return v
	}
	out := make([]T, len(v))
	for first := 0; first < len(v); first += channels * plane {
		for i := range plane {
			for c := range channels {
				out[first+c*plane+i] = v[first+i*channels+c]
			}
		}
	}
	return out
}
