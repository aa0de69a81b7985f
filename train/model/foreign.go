package model

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/engine"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// Foreign is a file that has no trainable form. The reference evaluator still runs it, as
// far as it knows the operators.
type Foreign struct {
	Model *graph.Model
	Why   error // it has no trainable form
	// Head runs all of the model but the end, which is Model.Net; nil before Prepare.
	Head *engine.Classifier
}

// Prepare makes a model ready for samples, with what its file may leave open.
func (m *Model) Prepare(o engine.Options) error {
	if m.Foreign == nil {
		return nil
	}
	head, err := engine.NewClassifier(engine.Reference{}, m.Foreign.Model, o)
	if err != nil {
		return fmt.Errorf("%s has no trainable form, and the reference evaluator cannot run it on data: %w", m.Name, oneSentence(err))
	}
	m.Foreign.Head, m.Net = head, head.End
	return nil
}

// Untrainable is the error of what needs a trainable form.
func (m *Model) Untrainable() error {
	return fmt.Errorf("%s: %w; %s", m.Name, m.Foreign.Why, StillRuns(m.Foreign.Model))
}

// StillRuns says which commands take a file that has no trainable form, after trying it.
func StillRuns(g *graph.Model) string {
	t := engine.Try(g)
	if t.Err != nil {
		t.Err = oneSentence(t.Err)
	}
	return t.String()
}

// oneSentence gives the first of joined errors, which stand in lines, and their number.
func oneSentence(err error) error {
	first, rest, more := strings.Cut(err.Error(), "\n")
	if !more {
		return err
	}
	return fmt.Errorf("%s (and %d more)", first, strings.Count(rest, "\n")+1)
}

// Notes are what a user should know before the model runs: that it takes long, and why.
func (m *Model) Notes() []string {
	if m.Foreign == nil {
		return nil
	}
	how := ""
	if head := m.Foreign.Head; head != nil {
		switch {
		case head.Order != nil:
			how = ", fed " + head.Order.String()
		case len(head.Shape) == 3:
			how = ", fed NCHW"
		}
	}
	notes := []string{fmt.Sprintf("%s has no trainable form (gonn inspect tells why): it runs on the reference evaluator, float64 and slow%s", m.Name, how)}
	more := engine.Notes(m.Foreign.Model)
	if head := m.Foreign.Head; head != nil {
		more = head.Notes
	}
	for _, note := range more {
		notes = append(notes, m.Name+": "+note)
	}
	return notes
}

// SampleShape is the shape of the samples that the model takes.
func (m *Model) SampleShape() (nn.Shape, error) {
	if m.Foreign == nil {
		return m.Net.InputShape(), nil
	}
	shape := m.Foreign.Head.Shape
	if shape == nil || slices.Contains(shape, 0) {
		v := m.Foreign.Model.Graph.Feeds()[0]
		return nil, fmt.Errorf("%s: its input %q leaves a size open, %s: pictures need a fixed one", m.Name, v.Name, v.ShapeText())
	}
	return shape, nil
}

// InputOrder says how the axes of the file's input lie in a sample's, nil if as a network
// takes them.
func (m *Model) InputOrder() onnxio.AxisOrder {
	switch {
	case m.File != nil:
		return m.File.InputOrder
	case m.Foreign != nil && m.Foreign.Head != nil:
		return m.Foreign.Head.Order
	}
	return nil
}

// InputLayout names InputOrder, "" if the file takes samples as a network does.
func (m *Model) InputLayout() string {
	if o := m.InputOrder(); o != nil {
		return o.String()
	}
	return ""
}

// OutputOrder says how the axes of the file's output lie in those of the network's.
func (m *Model) OutputOrder() onnxio.AxisOrder {
	if m.File != nil {
		return m.File.OutputOrder
	}
	return nil
}
