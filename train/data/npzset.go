package data

import (
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
func openNPZ(path string) (*Set, error) {
	want := []string{"x_train", "y_train", "x_test", "y_test"}
	arrays, others, err := readEntries(path, want)
	if err != nil {
		return nil, err
	}
	for _, name := range want {
		if arrays[name] == nil {
			return nil, fmt.Errorf("%s: no array %q; need %s", path, name, strings.Join(want, ", "))
		}
	}
	train, test, err := pairOf(arrays)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	set, err := NewSet(path, train, test)
	if err == nil {
		stray := passedOver{}
		for _, name := range others {
			stray.add(name, "")
		}
		set.Notes = stray.notes("array that is no part of the set", "arrays that are no part of the set")
	}
	return set, err
}

func pairOf(arrays map[string]*Array) (train, test Pictures, err error) {
	var labels [2][]int
	classes := 0
	for i, name := range []string{"y_train", "y_test"} {
		if labels[i], err = labelsOf(arrays[name]); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", name, err)
		}
		for _, l := range labels[i] {
			classes = max(classes, l+1)
		}
	}
	if train, err = picturesOf(arrays["x_train"], labels[0], classes); err != nil {
		return nil, nil, fmt.Errorf("x_train: %w", err)
	}
	if test, err = picturesOf(arrays["x_test"], labels[1], classes); err != nil {
		return nil, nil, fmt.Errorf("x_test: %w", err)
	}
	return train, test, nil
}

func labelsOf(a *Array) ([]int, error) {
	if len(a.Shape) != 1 && !(len(a.Shape) == 2 && a.Shape[1] == 1) {
		return nil, fmt.Errorf("labels of shape %v; need (N) or (N, 1)", nn.Shape(a.Shape))
	}
	ints, err := a.Ints()
	if err != nil {
		return nil, err
	}
	labels := make([]int, len(ints))
	for i, l := range ints {
		if l < 0 || l >= MaxClasses {
			return nil, fmt.Errorf("label %d of picture %d; need 0 to %d", l, i, MaxClasses-1)
		}
		labels[i] = int(l)
	}
	return labels, nil
}

func picturesOf(a *Array, labels []int, classes int) (Pictures, error) {
	shape, last, err := pictureShape(a.Shape)
	if err != nil {
		return nil, err
	}
	if a.Shape[0] != len(labels) {
		return nil, fmt.Errorf("%d pictures for %d labels; need one for each", a.Shape[0], len(labels))
	}
	if a.Uint8 != nil {
		if last {
			a.Uint8 = channelsFirst(a.Uint8, shape)
		}
		return NewImages(shape, a.Uint8, labels, classes)
	}
	if a.Int64 != nil {
		return nil, fmt.Errorf("pictures of integers that are not bytes; need uint8 (0…255) or floating point (0…1)")
	}
	x, err := a.Tensor()
	if err != nil {
		return nil, err
	}
	if last {
		x.Data = channelsFirst(x.Data, shape)
	}
	x.Shape = append([]int{len(labels)}, shape...)
	return NewFloats(x, labels, classes)
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
