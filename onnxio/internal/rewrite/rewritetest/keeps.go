package rewritetest

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
	"github.com/gonn-toolkit/gonn/onnxio/internal/rewrite"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// How far a cleaned model's results may be off, on the scale of the largest number on the
// way: constants are computed in float64 and stored as their own type. In broken models
// that may show, as in the reciprocal of a cosine of π/2.
const Tolerance, Loose = 1e-6, 1e-3

// Largest is the largest number of a random model that is compared.
const Largest = 100

// InputsOf makes random inputs for a model with so many samples.
func InputsOf(m *graph.Model, batch int, random *rand.Rand) map[string]*reference.Tensor {
	constants := map[string]bool{}
	for _, t := range m.Graph.Initializers {
		constants[t.Name] = true
	}
	in := map[string]*reference.Tensor{}
	for _, v := range m.Graph.Inputs {
		if constants[v.Name] {
			continue
		}
		shape, size := []int{}, 1
		for _, d := range v.Shape {
			n := batch
			if d.Known() {
				n = int(d.Size)
			}
			shape, size = append(shape, n), size*n
		}
		switch v.Type {
		case graph.Float, graph.Double, graph.Float16, graph.BFloat16:
			x := make([]float64, size)
			for i := range x {
				x[i] = float64(float32(random.NormFloat64()))
				if v.Type != graph.Float && v.Type != graph.Double { // which any type holds
					x[i] = math.Round(x[i]*8) / 8
				}
			}
			in[v.Name] = reference.FromFloat64s(v.Type, shape, x)
		case graph.String:
			in[v.Name] = &reference.Tensor{Type: v.Type, Shape: shape, Strings: make([]string, size)}
		default:
			x := make([]int64, size)
			for i := range x {
				x[i] = int64(random.IntN(2))
			}
			in[v.Name] = reference.FromInt64s(v.Type, shape, x)
		}
	}
	return in
}

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

// Outcome is what a model gives: its outputs in their order, all values, and the largest
// number among them.
type Outcome struct {
	Outputs []*reference.Tensor
	Values  map[string]*reference.Tensor
	scale   float64
	Wild    bool // some numbers are so large that rounding on the way shows
}

func Evaluate(m *graph.Model, in map[string]*reference.Tensor) (*Outcome, error) {
	e, err := reference.New(m)
	if err != nil {
		return nil, err
	}
	o := &Outcome{Values: map[string]*reference.Tensor{}, scale: 1}
	results, err := e.Observe(in, func(name string, t *reference.Tensor) {
		o.Values[name] = t
		for _, v := range t.Floats {
			o.scale = max(o.scale, math.Abs(v))
			o.Wild = o.Wild || !(math.Abs(v) < Largest)
		}
	})
	if err != nil {
		return nil, err
	}
	for _, v := range m.Graph.Outputs {
		o.Outputs = append(o.Outputs, results[v.Name])
	}
	return o, nil
}

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

var ErrNotRun = errors.New("the file itself cannot be run")

// SqueezesAll reports whether a model drops all axes of one element, whichever they are: it
// is read as if the batch, which it would drop too, were never one sample.
func SqueezesAll(m *graph.Model) bool {
	return slices.ContainsFunc(m.Graph.Nodes, func(n *graph.Node) bool {
		return n.OpType == "Squeeze" && n.Attr("axes") == nil && (len(n.Inputs) < 2 || n.Inputs[1] == "")
	})
}

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

// Operators are the operators of a model in their order.
func Operators(m *graph.Model) string {
	var all []string
	for _, n := range m.Graph.Nodes {
		all = append(all, n.OpType)
	}
	return strings.Join(all, " ")
}

// Case is a name, a small graph as parse reads it, and the operators that cleaning leaves
// of it.
type Case [3]string

// Run cleans the graphs of a table, and holds each against the file's function and
// against the operators that must be left.
func Run(t *testing.T, cases []Case) {
	t.Helper()
	for _, c := range cases {
		name, text, want := c[0], c[1], c[2]
		t.Run(name, func(t *testing.T) {
			m := Parse(t, text)
			r := rewrite.Clean(m)
			if got := Operators(r.Model); got != want {
				t.Errorf("cleaned to %q, want %q:\n%s", got, want, Print(r.Model))
			}
			if err := PreparedFacts(m, 1); err != nil {
				t.Error(err)
			}
			if err := Keeps(m, r, 1, Tolerance); err != nil {
				t.Errorf("%v\n%s", err, Print(r.Model))
			}
		})
	}
}

func Rand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 4)) }
