package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/engine"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/parity"
)

// foreign is a file that has no trainable form. The reference evaluator still runs it, as
// far as it knows the operators.
type foreign struct {
	Model *graph.Model
	Why   error // it has no trainable form
	// Head runs all of the model but the end, which is source.Net; nil until runnable.
	Head *engine.Classifier
}

var layoutFlag = &cli.StringFlag{Name: "layout", Usage: "how a file that has no trainable form takes pictures: `nchw|nhwc`", DefaultText: "by its input's shape"}

// ranOn says in reports what ran a model, if it was not gonn's kernels.
func ranOn(name string) string {
	if name == (engine.Reference{}).Name() {
		return ", on the reference evaluator, float64"
	}
	return ""
}

// openRunnable is openSource for commands that run samples: where the file has no
// trainable form its evaluation is prepared.
func openRunnable(c *cli.Context, model string) (*source, error) {
	src, err := openSource(c, model)
	if err != nil {
		return nil, err
	}
	return src, makeRunnable(c, src)
}

// makeRunnable prepares the evaluation of those sources that have no trainable form.
func makeRunnable(c *cli.Context, sources ...*source) error {
	layout := c.String("layout")
	if layout != "" && layout != "nchw" && layout != "nhwc" {
		return usage("--layout %s: choose nchw or nhwc", layout)
	}
	used := false
	for _, s := range sources {
		if s.Foreign == nil {
			continue
		}
		head, err := engine.NewClassifier(engine.Reference{}, s.Foreign.Model, engine.Options{Layout: layout, Raw: c.IsSet("scale")})
		if err != nil {
			return fmt.Errorf("%s has no trainable form, and the reference evaluator cannot run it on data: %w", s.Name, oneSentence(err))
		}
		s.Foreign.Head, s.Net, used = head, head.End, true
	}
	if layout != "" && !used {
		return usage("--layout is for files that have no trainable form: how %s takes pictures is known", sources[0].Name)
	}
	return nil
}

// open makes a session for data as the file takes and gives it.
func (s *source) open() (engine.Session, error) {
	if s.Foreign == nil {
		return engine.Recovered(s.File), nil
	}
	session, err := engine.Reference{}.Open(s.Foreign.Model)
	if err != nil {
		return nil, fmt.Errorf("%s has no trainable form, and the reference evaluator cannot run it: %w", s.Name, oneSentence(err))
	}
	return engine.InPieces(session, s.Foreign.Model), nil
}

// ends are the names that a file gives its input and output.
func (s *source) ends() parity.Ends {
	if s.Foreign == nil {
		return parity.Ends{Inputs: []string{s.File.Input}, Outputs: []string{s.File.Output}}
	}
	return parity.EndsOf(s.Foreign.Model)
}

// layout says how the file takes its input, "" if as a network takes it.
func (s *source) layout() string {
	switch {
	case s.File != nil:
		return layoutText(s.File.InputOrder)
	case s.Foreign != nil && s.Foreign.Head != nil:
		return layoutText(s.Foreign.Head.Order)
	}
	return ""
}

// engine names what runs the source.
func (s *source) engine() string {
	if s.Foreign != nil {
		return engine.Reference{}.Name()
	}
	return engine.Gonn{}.Name()
}

// untrainable is the error of commands that need a trainable form.
func (s *source) untrainable() error {
	return fmt.Errorf("%s: %w; %s", s.Name, s.Foreign.Why, stillRuns(s.Foreign.Model))
}

// stillRuns says which commands take a file that has no trainable form.
func stillRuns(m *graph.Model) string {
	t := engine.Try(m)
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

// noteForeign warns on stderr, before the work, that it takes long and why.
func (s *source) noteForeign(w io.Writer) {
	if s.Foreign == nil {
		return
	}
	how := ""
	if head := s.Foreign.Head; head != nil {
		switch {
		case head.Order != nil:
			how = ", fed " + head.Order.String()
		case len(head.Shape) == 3:
			how = ", fed NCHW"
		}
	}
	fmt.Fprintf(w, "note: %s has no trainable form (gonn inspect tells why): it runs on the reference evaluator, float64 and slow%s\n", s.Name, how)
	notes := engine.Notes(s.Foreign.Model)
	if s.Foreign.Head != nil {
		notes = s.Foreign.Head.Notes
	}
	for _, note := range notes {
		fmt.Fprintf(w, "note: %s: %s\n", s.Name, note)
	}
}

// pictureShape is the shape of the samples that a source takes.
func (s *source) pictureShape() (nn.Shape, error) {
	if s.Foreign == nil {
		return s.Net.InputShape(), nil
	}
	shape := s.Foreign.Head.Shape
	if shape == nil || slices.Contains(shape, 0) {
		v := valuesOf(s.Foreign.Model.Graph.Feeds())[0]
		return nil, fmt.Errorf("%s: its input %q leaves a size open, %s: pictures need a fixed one", s.Name, v.Name, v.shape())
	}
	return shape, nil
}
