package onnxio

import (
	"errors"
	"fmt"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// ErrFixedSize is the error of CheckSize for an input that leaves no size open.
var ErrFixedSize = errors.New("its size is fixed")

// CheckSize says what is wrong with a size that a user gives for an input: (L) of a sequence,
// (H, W) or (C, H, W) of pictures. It must have as many numbers as the open axes need, and
// what the file fixes must be as there. An input of another kind takes any.
func CheckSize(in *graph.Value, size nn.Shape) error {
	if !in.HasShape {
		return nil
	}
	open := openAxes(in.Shape)
	need := ""
	switch rank := len(in.Shape); {
	case len(open) == 0:
		return fmt.Errorf("input %q has shape %s: %w", in.Name, in.ShapeText(), ErrFixedSize)
	case rank == 4 && len(size) < 2:
		need = "HEIGHTxWIDTH, as in 224x224"
	case rank == 3 && len(open) == 1 && len(size) != 1:
		need = "a LENGTH, as in 128"
	case rank == 3 && len(open) == 2 && len(size) != 2:
		need = "two numbers, as in 28x28"
	case rank == 4 && !fitsSize(in.Shape, size):
		return fmt.Errorf("input %q has shape %s, which it does not fit", in.Name, in.ShapeText())
	}
	if need != "" {
		return fmt.Errorf("input %q has shape %s: need %s", in.Name, in.ShapeText(), need)
	}
	return nil
}

// fitsSize reports whether a size agrees with the known axes of pictures, in one of the
// orders that they may have.
func fitsSize(dims []graph.Dim, size nn.Shape) bool {
	for _, sizes := range placed(dims, size) {
		fits := true
		for i, d := range dims[1:] {
			fits = fits && (!d.Known() || sizes[i] == 0 || int64(sizes[i]) == d.Size)
		}
		if fits {
			return true
		}
	}
	return false
}
