package onnxio

import (
	"fmt"
	"strings"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/checker"
)

// ContradictionError lists what a model says that contradicts ONNX or itself: operators that
// its opset does not have, types and shapes that its values do not have. The evaluator of
// package onnxio/reference may still run such a model.
type ContradictionError struct {
	Problems []string // each with its place, such as node "act1" (Gelu)
	unknown  bool     // all are operators that ONNX has in no version
}

// Error lists the first of them.
func (e *ContradictionError) Error() string {
	text := strings.Join(e.Problems[:min(len(e.Problems), mostNamed)], "; ")
	if more := len(e.Problems) - mostNamed; more > 0 {
		text += fmt.Sprintf("; and %d more", more)
	}
	return "the file contradicts ONNX or itself: " + text
}

// contradictions is nil for a checked model that has none.
func contradictions(m *graph.Model) *ContradictionError {
	problems := checker.Check(m)
	if len(problems) == 0 {
		return nil
	}
	e := &ContradictionError{unknown: true}
	for _, p := range problems {
		e.Problems = append(e.Problems, p.Error())
		e.unknown = e.unknown && p.Unknown
	}
	return e
}

// join tells of contradictions behind another error, if there is one: which nodes are no
// layers may be what matters, or follow from them.
func join(err error, wrong *ContradictionError) error {
	switch {
	case err == nil:
		return wrong
	case wrong.unknown: // which the error lists as no layers
		return err
	}
	return fmt.Errorf("%w; %w", err, wrong)
}
