package model

import (
	"errors"
	"fmt"
	"strings"

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

// Prepare makes a model ready for samples, with what its file may leave open. It may be
// called again for other samples; Close ends it.
func (m *Model) Prepare(o engine.Options) error {
	if err := m.Close(); err != nil {
		return fmt.Errorf("%s: %w", m.Name, err)
	}
	m.Fix(o.Sample)
	if m.Foreign == nil {
		return nil
	}
	head, err := engine.NewClassifier(m.Evaluator, m.Foreign.Model, o)
	if err != nil {
		return fmt.Errorf("%s has no trainable form, and the reference evaluator cannot run it on data: %w", m.Name, oneSentence(err))
	}
	m.Foreign.Head, m.Net = head, head.End
	return nil
}

// Close gives back what the engine holds that Prepare has opened. Of a model that has none
// it does nothing.
func (m *Model) Close() error {
	if m.Foreign == nil || m.Foreign.Head == nil {
		return nil
	}
	head := m.Foreign.Head
	m.Foreign.Head = nil
	return head.Close()
}

// Untrainable is the error of what needs a trainable form.
func (m *Model) Untrainable() error {
	why := m.Foreign.Why
	if obstacle := m.Obstacle(); obstacle != nil {
		why = obstacle
	}
	return fmt.Errorf("%s: %w; %s", m.Name, why, StillRuns(m.Foreign.Model))
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

// Notes are what a user should know before the model runs: that it takes long, and why, and
// what of its metadata is not used.
func (m *Model) Notes() []string {
	notes := m.metadataNotes()
	if m.Foreign == nil {
		return notes
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
	notes = append(notes, fmt.Sprintf("%s has no trainable form (gonn inspect tells why): it runs on the reference evaluator, float64 and slow%s", m.Name, how))
	var wrong *onnxio.ContradictionError
	if errors.As(m.Foreign.Why, &wrong) {
		notes = append(notes, fmt.Sprintf("%s: %v; it is run as its nodes say", m.Name, wrong))
	}
	more := engine.Notes(m.Foreign.Model)
	if head := m.Foreign.Head; head != nil {
		more = head.Notes
	}
	for _, note := range more {
		notes = append(notes, m.Name+": "+note)
	}
	return notes
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

// metadataNotes tell what the metadata says that does not go with the network, and is not
// used.
func (m *Model) metadataNotes() (notes []string) {
	if m.Net == nil {
		return nil
	}
	if _, err := m.metaClassNames(); err != nil {
		notes = append(notes, fmt.Sprintf("%s: class_names in its metadata are not used: %v", m.Name, err))
	}
	if _, err := m.metaResize(); err != nil {
		notes = append(notes, fmt.Sprintf("%s: resize in its metadata is not used: %v", m.Name, err))
	}
	if m.Foreign == nil {
		if _, err := m.metaLoss(); err != nil {
			notes = append(notes, fmt.Sprintf("%s: loss and class_weights in its metadata are not used: %v", m.Name, err))
		}
		if err := m.checkMetaNormalize(); err != nil {
			notes = append(notes, fmt.Sprintf("%s: normalize in its metadata is not used: %v", m.Name, err))
		}
	}
	return notes
}
