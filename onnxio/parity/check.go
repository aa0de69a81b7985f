package parity

import (
	"context"
	"fmt"
	"strings"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// Model is a network with the ONNX graph that says where its layers come from.
type Model struct {
	Graph    *graph.Model
	Imported *onnxio.Imported
}

// OpenModel reads an ONNX file that has a trainable form.
func OpenModel(path string) (*Model, error) {
	g, err := graph.ReadFile(path)
	if err != nil {
		return nil, err
	}
	im, err := onnxio.Import(g)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return &Model{g, im}, nil
}

// ModelOf is a network as onnxio.Export writes it: values are named by their layers, and axes
// are the network's.
func ModelOf(net *nn.Network) (*Model, error) {
	g, err := onnxio.Export(net, onnxio.EncodeOptions{})
	if err != nil {
		return nil, err
	}
	im, err := onnxio.Import(g)
	if err != nil {
		return nil, err
	}
	return &Model{g, im}, nil
}

// TB is the part of testing.TB that Check uses.
type TB interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// Check fails a test unless a model computes what a framework recorded, and in all ways in
// which gonn runs it. The failure says which layer is wrong by itself, and why if a correction
// is known. Without recorded values (Recorded.Expected nil) it is held against its own file in
// float64. The zero Options.Tolerance is "close" here: |a − b| ≤ 1e-5 + 1e-5·max|b|. What
// cannot be compared fails the test at once.
func Check(t TB, m *Model, r *Recorded, o Options) *Report {
	t.Helper()
	if o.Tolerance == (Tolerance{}) {
		o.Tolerance = presets["close"]
	}
	o.Truth, o.Plans, o.Why = true, true, true
	report, err := Layers(context.Background(), m, r, o)
	if err != nil {
		t.Fatalf("parity: %v", err)
		return nil
	}
	if !report.Equal {
		t.Errorf("%s", report)
	}
	return report
}

// String is the answer, and under it each layer with its error by itself and accumulated.
func (r *Report) String() string {
	var b strings.Builder
	fmt.Fprintln(&b, r.Answer)
	for _, l := range r.Layers {
		if l.Isolated == nil {
			continue
		}
		name := l.Layer
		if name == "" {
			name = l.Reference
		}
		fmt.Fprintf(&b, "  %-20s %-9s by itself %.1e, accumulated %.1e\n", name, l.Verdict, float64(l.Isolated.relative()), float64(l.Accumulated.relative()))
	}
	if c := r.Cause; c != nil {
		fmt.Fprintf(&b, "  cause: %s\n", c.Text)
	}
	return b.String()
}
