package rewritetest

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
	"github.com/gonn-toolkit/gonn/onnxio/internal/rewrite"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// holds tells why a fact is not true of a value that was computed.
func holds(f ir.Fact, v *reference.Tensor, batch int) error {
	if f.Type != graph.Undefined && f.Type != v.Type {
		return fmt.Errorf("it is said to be %v, and is %v", f.Type, v.Type)
	}
	if f.Shape[0] == nil || f.Shape[1] == nil {
		return nil
	}
	if len(f.Shape[0]) != len(v.Shape) || len(f.Shape[1]) != len(v.Shape) {
		return fmt.Errorf("it is said to be %v, and is %v", f.Shape, v.Shape)
	}
	for i, d := range v.Shape {
		want := f.Shape[0][i]
		if f.Shape[1][i] != want {
			if want%ir.Batches[0] != 0 || f.Shape[1][i]%ir.Batches[1] != 0 || want/ir.Batches[0] != f.Shape[1][i]/ir.Batches[1] {
				continue // no multiple of the batch
			}
			want = want / ir.Batches[0] * batch
		}
		if want != d {
			return fmt.Errorf("it is said to be %v, and is %v for a batch of %d", f.Shape, v.Shape, batch)
		}
	}
	return nil
}

// PreparedFacts tells which facts about the file's own values are not true.
func PreparedFacts(m *graph.Model, seed uint64) error {
	p := rewrite.Prepare(m)
	for _, batch := range []int{2, 5} {
		o, err := Evaluate(m, InputsOf(m, batch, Rand(seed+uint64(batch))))
		if err != nil {
			continue
		}
		for name, v := range o.Values {
			if err := holds(p.Fact(name), v, batch); err != nil {
				return fmt.Errorf("value %s of the file: %w", name, err)
			}
		}
	}
	return nil
}
