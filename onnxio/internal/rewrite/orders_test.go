package rewrite_test

import (
	"fmt"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/rewrite"
	"github.com/gonn-toolkit/gonn/onnxio/internal/rewrite/rewritetest"
)

// orders are some orders for the axes of an input with so many; those in which the batch is
// not the first are for a model that has none.
func orders(v *graph.Value) [][]int {
	all := map[int][][]int{
		2: {{0, 3}, {0, 1}},
		3: {{0, 1, 3}, {0, 3, 1}, {0, 2, 3}, {0, 1, 2}},
		4: {{0, 2, 3, 1}, {0, 1, 2, 3}, {0, 1, 4, 2}},
	}[len(v.Shape)]
	if v.Shape[0].Known() {
		all = append(all, [][]int{2: {1, 2}, 3: {1, 2, 3}, 4: {1, 2, 3, 4}}[len(v.Shape)])
		if len(v.Shape) == 3 {
			all = append(all, []int{2, 3, 1}, []int{3, 1, 2})
		}
	}
	return all
}

// Cleaning keeps the function of random models whichever order the axes of their input are
// given.
func TestCleanAsKeepsRandomModels(t *testing.T) {
	count := uint64(1500)
	if testing.Short() {
		count = 200
	}
	failed := 0
	for seed := uint64(1 << 20); seed < 1<<20+count; seed++ {
		m := randomModel(seed)
		if len(m.Graph.Inputs) != 1 {
			continue
		}
		for _, order := range orders(m.Graph.Inputs[0]) {
			if err := cleanAsKeeps(m, order, seed); err != nil {
				r := rewrite.CleanAs(m, order)
				t.Errorf("seed %d, input %v: %v\n%s\ncleaned:\n%soutput %v", seed, order, err, rewritetest.Print(m), rewritetest.Print(r.Model), r.Output)
				if failed++; failed == 3 {
					t.Fatal("that is enough")
				}
			}
		}
	}
}

func cleanAsKeeps(m *graph.Model, order []int, seed uint64) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	r := rewrite.CleanAs(m, order)
	if notUpgraded(r.Model) {
		return nil
	}
	return rewritetest.Keeps(m, r, seed, rewritetest.Tolerance)
}

// The results of one Prepared for several orders are those of cleaning for each, also after
// others were asked for.
func TestPreparedAsEachOrder(t *testing.T) {
	several := 0
	for seed := range uint64(200) {
		m := randomModel(seed)
		if len(m.Graph.Inputs) != 1 || notUpgraded(rewrite.Clean(m).Model) {
			continue
		}
		all := append([][]int{nil}, orders(m.Graph.Inputs[0])...)
		p := rewrite.Prepare(m)
		var results []*rewrite.Result
		for _, order := range all {
			results = append(results, p.As(order))
		}
		for i, order := range all {
			if got, want := told(results[i], m), told(rewrite.CleanAs(m, order), m); got != want {
				t.Fatalf("seed %d, input %v: %s\nwant %s", seed, order, got, want)
			}
		}
		several++
	}
	if several < 100 {
		t.Errorf("only %d models", several)
	}
}

// told is all that a result says.
func told(r *rewrite.Result, m *graph.Model) string {
	s := fmt.Sprintln(rewritetest.Print(r.Model), r.Input, r.Output, r.Roots, labels(r.Folded), labels(r.Moved), r.Notes)
	for _, n := range r.Model.Graph.Nodes {
		s += fmt.Sprintln(labels(r.From[n]))
		for _, v := range n.Outputs {
			s += fmt.Sprintln(r.Fact(v).Type, r.Fact(v).Shape)
		}
	}
	for _, n := range m.Graph.Nodes {
		for _, v := range n.Outputs {
			s += fmt.Sprintln(r.Place(v))
		}
	}
	return s
}

func labels(nodes []*graph.Node) (all []string) {
	for _, n := range nodes {
		all = append(all, n.Label())
	}
	return all
}

// sequenceNode works along the last axis of (N, C, L).
func sequenceNode(g *generator) {
	x := g.any()
	if len(x.shape()) != 3 || x.shape()[1] > 40 {
		return
	}
	c, m, k := x.shape()[1], 1+g.IntN(4), int64(1+g.IntN(3))
	kernel := graph.IntsAttr("kernel_shape", k)
	attrs := []*graph.Attr{graph.IntsAttr("strides", int64(1+g.IntN(2))), graph.IntsAttr("pads", int64(g.IntN(2)), 0)}
	switch g.IntN(6) {
	case 0, 1:
		g.put("Conv", []*sample{x, g.constant(g.tensor([]int{m, c, int(k)})), g.constant(g.tensor([]int{m}))}, append(attrs, kernel)...)
	case 2:
		extra := graph.IntsAttr("output_padding", attrs[0].Value.([]int64)[0]-1)
		g.put("ConvTranspose", []*sample{x, g.constant(g.tensor([]int{c, m, int(k)}))}, append(attrs, kernel, extra)...)
	case 3:
		g.put("MaxPool", []*sample{x}, kernel, graph.IntsAttr("dilations", int64(1+g.IntN(2))), attrs[0])
	case 4:
		g.put("AveragePool", []*sample{x}, kernel, graph.StringAttr("auto_pad", "SAME_LOWER"), attrs[0])
	case 5:
		g.put([]string{"GlobalAveragePool", "GlobalMaxPool"}[g.IntN(2)], []*sample{x})
	}
}

// vectorNode is a product with a constant of one axis, or of a value of one axis.
func vectorNode(g *generator) {
	x := g.any()
	shape := x.shape()
	if len(shape) == 0 {
		return
	}
	w := []int{shape[len(shape)-1]}
	if len(shape) == 1 && g.IntN(2) == 0 {
		w = append(w, 1+g.IntN(3))
	}
	g.put("MatMul", []*sample{x, g.constant(g.tensor(w))})
}

// An order that the input cannot have is not taken.
func TestCleanAsOfOtherInputs(t *testing.T) {
	for _, text := range []string{
		`in x [N,3,M,4]; y = Relu(x)`, `in x [N,3,0,4]; y = Relu(x)`, `in x [N,3]; y = Relu(x)`, `in x [N,3,4,4]; in z [N,3,4,4]; y = Add(x, z)`,
	} {
		m := rewritetest.Parse(t, text)
		r := rewrite.CleanAs(m, []int{0, 2, 3, 1})
		if err := rewritetest.Keeps(m, r, 1, rewritetest.Tolerance); err != nil || r.Input != nil {
			t.Errorf("%s: input %v, %v", text, r.Input, err)
		}
	}
}
