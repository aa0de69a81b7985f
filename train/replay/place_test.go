package replay

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/train/bundle"
)

// Every tag occurs once, and tells which it is, negated too.
func TestTagsAreTheirOwnInverse(t *testing.T) {
	seen := map[float32]bool{}
	for i := 0; i < numTags; i += 977 {
		v := tag(i)
		if seen[v] || !(v >= 0.25 && v < 1) {
			t.Fatalf("tag %d is %g", i, v)
		}
		seen[v] = true
		for _, sign := range []float32{1, -1} {
			if k, s, ok := untag(sign * v); k != i || s != sign || !ok {
				t.Fatalf("tag %d times %g reads as %d times %g, %v", i, sign, k, s, ok)
			}
		}
	}
	for _, v := range []float32{0, 1, 0.2, -1, 7} {
		if _, _, ok := untag(v); ok {
			t.Errorf("%g is taken for a tag", v)
		}
	}
}

// changed is a copy of a golden bundle, changed in its model or its description.
func changed(t *testing.T, model func(*graph.Model), describe func(*bundle.Bundle)) error {
	t.Helper()
	dir, golden := t.TempDir(), filepath.Join("..", "..", "testdata", "golden", "bundles", "pytorch", "sgd")
	for _, name := range []string{bundle.ModelFile, bundle.DescriptionFile, bundle.StepsFile} {
		b, err := os.ReadFile(filepath.Join(golden, name))
		if err != nil {
			t.Fatal(err)
		}
		if name == bundle.ModelFile && model != nil {
			m, err := graph.Read(b)
			if err != nil {
				t.Fatal(err)
			}
			model(m)
			b = m.Bytes()
		}
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	b, err := bundle.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if describe != nil {
		describe(b)
	}
	_, err = Run(context.Background(), b, Options{Steps: 1})
	return err
}

// through puts an operator between the first weight and its layer.
func through(op, with string, constants ...*graph.Tensor) func(*graph.Model) {
	return func(m *graph.Model) {
		m.Graph.Initializers = append(m.Graph.Initializers, constants...)
		for _, n := range m.Graph.Nodes {
			for i, in := range n.Inputs {
				if in == "0.weight" {
					n.Inputs[i] = "changed"
				}
			}
		}
		n := &graph.Node{OpType: op, Inputs: []string{"0.weight", with}, Outputs: []string{"changed"}}
		m.Graph.Nodes = append([]*graph.Node{n}, m.Graph.Nodes...)
	}
}

// A constant that import makes part of a parameter does not hide the parameter.
func TestParametersWithConstantsInThem(t *testing.T) {
	one := func(v float32) *graph.Tensor { return graph.Float32Tensor("c", nil, []float32{v}) }
	for name, c := range map[string]struct {
		change        func(*graph.Model)
		factor, shift float64
	}{
		"scale":    {through("Mul", "c", one(-0.3)), -0.3, 0},
		"quotient": {through("Div", "c", one(7)), 1. / 7, 0},
		"shift":    {through("Add", "c", one(0.1)), 1, 0.1},
		"less":     {through("Sub", "c", one(3)), 1, -3},
	} {
		placed := false
		err := changed(t, c.change, func(b *bundle.Bundle) {
			p, err := place(b)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			for _, s := range p.params {
				if s.name != "0.weight" {
					continue
				}
				placed = true
				for k := range s.at {
					if math.Abs(float64(s.factor[k])-c.factor) > 1e-6 || math.Abs(float64(s.shift[k])-c.shift) > 1e-6 {
						t.Fatalf("%s: element %d is v·%g + %g", name, s.at[k], s.factor[k], s.shift[k])
					}
				}
			}
		})
		if err != nil || !placed {
			t.Errorf("%s: %v; placed %v", name, err, placed)
		}
	}
}

// What cannot be replayed is an error that says what and where, not a difference.
func TestWhatCannotBeReplayed(t *testing.T) {
	squared := through("Mul", "0.weight") // the first weight
	for word, c := range map[string]struct {
		model    func(*graph.Model)
		describe func(*bundle.Bundle)
	}{
		"0.weight: the network that was recovered has no parameter with these values": {model: squared},
		"it has no initializers extra, which are recorded parameters": {describe: func(b *bundle.Bundle) {
			b.Parameters = append(b.Parameters, bundle.Parameter{Name: "extra", Shape: []int{1}})
		}},
		"but the parameter is of shape (7)": {describe: func(b *bundle.Bundle) { b.Parameters[0].Shape = []int{7} }},
		`unknown optimizer "lion"`:          {describe: func(b *bundle.Bundle) { b.Optimizer.Name = "lion" }},
		`unknown loss "hinge"`:              {describe: func(b *bundle.Bundle) { b.Loss.Form = "hinge" }},
		"batch normalisations were recorded, the recovered": {describe: func(b *bundle.Bundle) {
			b.BatchNorm = []bundle.BatchNorm{{Name: "n", Mean: "0.bias", Variance: "0.bias"}}
		}},
		`it has no ratio "dropout/0" of a Dropout`:           {describe: func(b *bundle.Bundle) { b.Dropout = []bundle.Dropout{{Name: "dropout/0", Rate: 0.5}} }},
		"of the network's Dropout layers are among the 1 re": {describe: func(b *bundle.Bundle) { b.Dropout = []bundle.Dropout{{Name: "m", Layer: "none"}} }},
	} {
		err := changed(t, c.model, c.describe)
		var typed *bundle.Error
		if err == nil || !strings.Contains(err.Error(), word) || !errors.As(err, &typed) {
			t.Errorf("error %v, want a *bundle.Error with %q", err, word)
		}
	}
}
