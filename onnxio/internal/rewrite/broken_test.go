package rewrite_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/rewrite"
	"github.com/gonn-toolkit/gonn/onnxio/internal/rewrite/rewritetest"
	"github.com/gonn-toolkit/gonn/onnxio/internal/schema"
)

// Models in which something has been broken come to no panic. Where the reference can still
// run one, cleaning keeps what it computes.
func TestCleanSurvivesBrokenModels(t *testing.T) {
	first, count := seeds(3000)
	ran := 0
	for seed := first; seed < first+count; seed++ {
		r := rewritetest.Rand(seed)
		m := randomModel(seed)
		for range 1 + r.IntN(3) {
			breakSomething(r, m)
		}
		if err := survives(m, seed, &ran); err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, rewritetest.Print(m))
		}
	}
	t.Logf("%d models could still be run", ran)
}

func survives(m *graph.Model, seed uint64, ran *int) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	before := rewritetest.Print(m)
	r := rewrite.Clean(m)
	if rewritetest.Print(m) != before {
		return fmt.Errorf("the model was changed")
	}
	rewrite.Constants(m)
	if m.Check() != nil {
		return nil
	}
	if err := r.Model.Check(); err != nil {
		return fmt.Errorf("what comes out cannot be used: %w\n%s", err, rewritetest.Print(r.Model))
	}
	if notUpgraded(r.Model) || !small(m) || rewritetest.SqueezesAll(m) {
		return nil
	}
	switch err := cleanKeeps(m, seed, rewritetest.Loose); err {
	case rewritetest.ErrNotRun:
		return nil
	default:
		*ran++
		return err
	}
}

// small reports whether the inputs of a model can be made.
func small(m *graph.Model) bool {
	for _, v := range m.Graph.Inputs {
		n := 1.0
		for _, d := range v.Shape {
			n *= max(1, float64(d.Size))
		}
		if n > 1e4 {
			return false
		}
	}
	return true
}

// breakSomething changes one thing of a model.
func breakSomething(r *rand.Rand, m *graph.Model) {
	g := m.Graph
	if len(g.Nodes) == 0 {
		return
	}
	n := g.Nodes[r.IntN(len(g.Nodes))]
	switch r.IntN(12) {
	case 0: // another operator
		n.OpType = schema.Operators()[r.IntN(len(schema.Operators()))]
	case 1:
		if len(n.Inputs) > 0 {
			n.Inputs[r.IntN(len(n.Inputs))] = ""
		}
	case 2:
		if len(n.Inputs) > 0 {
			n.Inputs = n.Inputs[:r.IntN(len(n.Inputs))]
		}
	case 3:
		n.Inputs = append(n.Inputs, g.Inputs[0].Name)
	case 4:
		if len(n.Inputs) > 0 && len(g.Initializers) > 0 {
			n.Inputs[r.IntN(len(n.Inputs))] = g.Initializers[r.IntN(len(g.Initializers))].Name
		}
	case 5: // more results, fewer, or one without a name
		switch r.IntN(3) {
		case 0:
			n.Outputs = append(n.Outputs, fmt.Sprintf("more%d", r.IntN(1e6)))
		case 1:
			n.Outputs = nil
		case 2:
			n.Outputs = append([]string{""}, n.Outputs...)
		}
	case 6:
		if len(n.Attrs) > 0 {
			a := *n.Attrs[r.IntN(len(n.Attrs))]
			a.Value = oddValue(r)
			n.Attrs = append(slices.DeleteFunc(n.Attrs, func(b *graph.Attr) bool { return b.Name == a.Name }), &a)
		}
	case 7:
		names := strings.Fields("axis axes pads strides dilations kernel_shape group keepdims min max value to alpha auto_pad ceil_mode perm shape allowzero training_mode noop_with_empty_axes")
		n.Attrs = append(n.Attrs, &graph.Attr{Name: names[r.IntN(len(names))], Value: oddValue(r)})
	case 8:
		n.Attrs = nil
	case 9:
		breakTensor(r, m)
	case 10:
		v := g.Inputs[r.IntN(len(g.Inputs))]
		if v.Shape = slices.Clone(v.Shape); len(v.Shape) == 0 {
			return
		}
		switch i := r.IntN(len(v.Shape)); r.IntN(4) {
		case 0:
			v.Shape[i] = graph.Dim{Size: []int64{0, 1, 1 << 20, 1 << 40, math.MaxInt64}[r.IntN(5)]}
		case 1:
			v.Shape[i] = graph.Dim{Param: "M"}
		case 2:
			v.Shape = v.Shape[:i]
		case 3:
			v.HasShape = false
		}
	case 11:
		v := g.Inputs[r.IntN(len(g.Inputs))]
		v.Type = []graph.DataType{graph.Double, graph.Int64, graph.String, graph.Bool}[r.IntN(4)]
	}
}

// breakTensor changes the numbers, the shape or the type of a constant.
func breakTensor(r *rand.Rand, m *graph.Model) {
	g := m.Graph
	if len(g.Initializers) == 0 {
		return
	}
	i := r.IntN(len(g.Initializers))
	t := *g.Initializers[i]
	size, err := t.Len()
	if err != nil || size > 1e4 {
		return
	}
	switch r.IntN(5) {
	case 0:
		if t.Type == graph.Int64 {
			v, _ := t.Int64s()
			for k := range v {
				v[k] = oddInt(r)
			}
			t = *graph.Int64Tensor(t.Name, t.Dims, v)
		}
	case 1:
		t.Dims = append([]int64{1}, t.Dims...)
	case 2:
		t = *graph.Float32Tensor(t.Name, []int64{0, 2}, nil)
	case 3:
		t.Dims = append([]int64{oddInt(r)}, t.Dims...) // its numbers do not fit
	case 4:
		if d, err := graph.FromFloat64s(t.Name, graph.Double, t.Dims, make([]float64, size)); err == nil {
			t = *d
		}
	}
	g.Initializers[i] = &t
}

func oddInt(r *rand.Rand) int64 {
	return []int64{0, 1, -1, 2, -2, 3, 7919, 1 << 31, -1 << 31, 1 << 40, math.MaxInt64, math.MinInt64}[r.IntN(12)]
}

func oddValue(r *rand.Rand) any {
	switch r.IntN(7) {
	case 0:
		return float32(r.NormFloat64())
	case 1:
		return "SAME_UPPER"
	case 2:
		return graph.Int64Tensor("", []int64{2}, []int64{1, 2})
	case 3:
		return []float32{1, 2}
	case 4:
		v := make([]int64, r.IntN(6))
		for i := range v {
			v[i] = oddInt(r)
		}
		return v
	}
	return oddInt(r)
}
