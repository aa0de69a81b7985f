package model

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/parity"
)

// Fix makes a network of a file that leaves the size of its input open, for samples of a
// shape (C, H, W), or (H, W) if the file tells the channels, or (L) of a sequence. Other
// models stay as they are. A file that has no trainable form at that size stays foreign.
func (m *Model) Fix(shape nn.Shape) {
	if m.open && len(shape) > 0 && !shape.Equal(m.fixed) && (m.Foreign != nil || !shape.Equal(m.Net.InputShape())) {
		m.Close() // what ran the model at another size
		m.read(shape)
		m.fixed = slices.Clone(shape)
	}
}

func isOpenSize(err error) bool {
	var open *onnxio.OpenSizeError
	return errors.As(err, &open)
}

// Release lets go of the file, which Fix and ONNX need, for those who go on with Net.
func (m *Model) Release() { m.file, m.open = nil, false }

// CheckSize says what is wrong with a size that a user asks for, in the forms of Fix. It is
// an onnxio.ErrFixedSize if the model leaves none open.
func (m *Model) CheckSize(size nn.Shape) error {
	if m.file == nil {
		return fmt.Errorf("%s takes samples of shape %v: %w", m.Name, m.Net.InputShape(), onnxio.ErrFixedSize)
	}
	var fixed error
	feeds := m.file.Graph.Feeds()
	for _, in := range feeds {
		err := onnxio.CheckSize(onnxio.KnownInput(m.file, in), size)
		switch {
		case errors.Is(err, onnxio.ErrFixedSize):
			fixed = err
		case len(feeds) > 1: // each takes of it what it needs
			return nil
		case err != nil:
			return fmt.Errorf("%s: %w", m.Name, err)
		}
	}
	if fixed != nil {
		return fmt.Errorf("%s: %w", m.Name, fixed)
	}
	return nil
}

// AnySize reports whether the model takes pictures of any size: its file leaves that open.
func (m *Model) AnySize() bool {
	if m.open || m.Foreign == nil {
		return m.open
	}
	feeds := m.Foreign.Model.Graph.Feeds()
	return len(feeds) == 1 && len(feeds[0].Shape) == 4 && slices.ContainsFunc(feeds[0].Shape[1:], func(d graph.Dim) bool { return !d.Known() })
}

// LacksSize reports whether it is only known at another size whether the file has a trainable
// form: it leaves sizes open that Fix has not given.
func (m *Model) LacksSize() bool { return m.Foreign != nil && isOpenSize(m.Foreign.Why) }

// Obstacle finds why a file that leaves the size of its input open has no trainable form at
// any size, nil if it may have one.
func (m *Model) Obstacle() error {
	if !m.LacksSize() {
		return nil
	}
	return onnxio.Obstacle(m.Foreign.Model)
}

// SampleShape is the shape of the samples that the model takes. height and width are what it
// may take where that is open, 0 if they are not known.
func (m *Model) SampleShape(height, width int) (nn.Shape, error) {
	if m.Foreign == nil {
		return m.Net.InputShape(), nil
	}
	if shape := m.Foreign.Head.Shape; shape != nil && !slices.Contains(shape, 0) {
		return shape, nil
	}
	shape, err := m.Foreign.Head.ShapeFor(height, width)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.Name, err)
	}
	return shape, nil
}

// SampleOf is the shape of a sample, (C, H, W), in what was recorded for the only input of a
// file that leaves its size open; nil if that is not of pictures or not recorded.
func (m *Model) SampleOf(set *parity.Recorded) nn.Shape {
	if !m.open {
		return nil
	}
	ends := parity.EndsOf(m.file)
	inputs, err := set.InputsFor(ends)
	if err != nil || len(ends.Inputs) != 1 {
		return nil
	}
	shape := nn.Shape(inputs[ends.Inputs[0]].Shape)
	dims := m.file.Graph.Feeds()[0].Shape
	switch {
	case len(shape) < 2 || len(dims) != len(shape):
		return nil
	case len(shape) == 4 && dims[3].Known() && !dims[1].Known():
		return nn.Shape{shape[3], shape[1], shape[2]}
	}
	return shape[1:]
}

// CheckSamples says whether samples of a shape, those of a data set of that name, are what
// the model takes, after Prepare. What its file leaves open is not held against them.
func (m *Model) CheckSamples(set string, shape nn.Shape) error {
	var takes nn.Shape
	who := "the network"
	switch {
	case m.Foreign == nil:
		takes = m.Net.InputShape()
	case m.Foreign.Head != nil:
		takes = m.Foreign.Head.Shape
		who = fmt.Sprintf("input %q", m.Foreign.Model.Graph.Feeds()[0].Name)
	}
	same := len(takes) == len(shape)
	for i, size := range takes {
		same = same && (size == 0 || size == shape[i])
	}
	if takes == nil || same {
		return nil
	}
	err := fmt.Errorf("%s takes samples of shape %v, those of %s have %v", who, takes, set, shape)
	if len(takes) == 3 && len(shape) == 3 && (shape[0] == 1 || shape[0] == 3) && (takes[0] == 0 || takes[0] == shape[0]) {
		h, w := cmp.Or(takes[1], shape[1]), cmp.Or(takes[2], shape[2])
		err = fmt.Errorf("%w: pictures get that size by --resize squash:%dx%d", err, h, w)
		if h*shape[2] != w*shape[1] {
			err = fmt.Errorf("%w, or by crop or pad, which keep their proportions", err)
		}
		return err
	}
	return fmt.Errorf("%w: choose data of that shape", err)
}
