package reference_test

import (
	_ "embed"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/conformance"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

//go:embed testdata/unsupported.txt
var unsupported string

func prepare(m *graph.Model) (conformance.Run, error) {
	e, err := reference.New(m)
	if err != nil {
		return nil, err
	}
	return e.Run, nil
}

// TestConformance holds the evaluator against ONNX's own cases.
func TestConformance(t *testing.T) {
	conformance.Test(t, prepare, unsupported)
}
