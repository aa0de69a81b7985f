package rewritetest

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
	"github.com/gonn-toolkit/gonn/onnxio/internal/rewrite"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// Tolerance and Loose are how far a cleaned model's results may be off, on the scale of the
// largest number on the way: constants are computed in float64 and stored as their own type.
// In broken models that may show, as in the reciprocal of a cosine of π/2.
const Tolerance, Loose = 1e-6, 1e-3

// Keeps tells why a cleaned model does not compute what the file does, for batches of
// some sizes.
func Keeps(m *graph.Model, r *rewrite.Result, seed uint64, tolerance float64) error {
	ran := false
	for _, batch := range []int{2, 5, 1} {
		if batch == 1 && SqueezesAll(m) {
			continue
		}
		in := InputsOf(m, batch, Rand(seed+uint64(batch)))
		want, err := Evaluate(m, in)
		if err != nil {
			continue // the file may have a batch of its own without saying so
		}
		ran = true
		if want.Wild {
			continue
		}
		cleaned := map[string]*reference.Tensor{}
		for _, v := range r.Model.Graph.Inputs {
			cleaned[v.Name] = permuted(in[v.Name], r.Input, len(v.Shape))
		}
		got, err := Evaluate(r.Model, cleaned)
		if err != nil {
			return fmt.Errorf("batch %d: cleaned: %w", batch, err)
		}
		for i, w := range want.Outputs {
			if err := same(got.Outputs[i], permuted(w, r.Output, got.Outputs[i].Rank()), tolerance*want.scale); err != nil {
				return fmt.Errorf("batch %d: output %d: %w", batch, i, err)
			}
		}
		for name, v := range got.Values {
			if err := holds(r.Fact(name), v, batch); err != nil {
				return fmt.Errorf("batch %d: cleaned value %s: %w", batch, name, err)
			}
		}
	}
	if !ran {
		return ErrNotRun
	}
	return nil
}

// ErrNotRun is what Keeps gives for a file that the evaluator cannot run itself.
var ErrNotRun = errors.New("the file itself cannot be run")

// same tells how two tensors differ; nil if they are the same but for what is allowed.
func same(got, want *reference.Tensor, allowed float64) error {
	if got.Type != want.Type || !slices.Equal(got.Shape, want.Shape) {
		return fmt.Errorf("%v%v, want %v%v", got.Type, got.Shape, want.Type, want.Shape)
	}
	if !slices.Equal(got.Ints, want.Ints) || !slices.Equal(got.Strings, want.Strings) {
		return fmt.Errorf("%v, want %v", got.Ints, want.Ints)
	}
	for i, v := range want.Floats {
		g := got.Floats[i]
		if d := math.Abs(g - v); !(d <= allowed) && g != v && !(g != g && v != v) {
			return fmt.Errorf("element %d of %v is %g, want %g (±%.2g)", i, want.Shape, g, v, allowed)
		}
	}
	return nil
}

// permuted gives a value of the file with its axes as the cleaned model has them, which are
// so many: axis i where order says. −1 is an axis of one element that is not there, and axes
// that are not named have one element.
func permuted(x *reference.Tensor, order []int, rank int) *reference.Tensor {
	if order == nil {
		return x
	}
	shape := slices.Repeat([]int{1}, rank)
	perm := make([]int64, len(order))
	for i := range perm {
		perm[i] = int64(i)
		if order[i] >= 0 {
			shape[order[i]] = x.Shape[i]
		} else if x.Shape[i] != 1 {
			panic(fmt.Sprintf("order %v of a value of shape %v", order, x.Shape))
		}
	}
	slices.SortFunc(perm, func(i, k int64) int { return order[i] - order[k] })
	out, err := reference.Eval(&graph.Node{OpType: "Transpose", Outputs: []string{"y"}, Attrs: []*graph.Attr{graph.IntsAttr("perm", perm...)}}, ir.Opset, []*reference.Tensor{x})
	if err != nil {
		panic(err)
	}
	y := *out[0]
	y.Shape = shape
	return &y
}

// SqueezesAll reports whether a model drops all axes of one element, whichever they are: it
// is read as if the batch, which it would drop too, were never one sample.
func SqueezesAll(m *graph.Model) bool {
	return slices.ContainsFunc(m.Graph.Nodes, func(n *graph.Node) bool {
		return n.OpType == "Squeeze" && n.Attr("axes") == nil && (len(n.Inputs) < 2 || n.Inputs[1] == "")
	})
}
