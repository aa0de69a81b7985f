package ir

import (
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// pair is y = Relu(x + w), in two nodes.
func pair() *graph.Model {
	return &graph.Model{Opsets: []graph.Opset{{Version: 11}}, Graph: &graph.Graph{
		Nodes: []*graph.Node{
			{OpType: "Add", Inputs: []string{"x", "w"}, Outputs: []string{"a"}},
			{OpType: "Relu", Inputs: []string{"a"}, Outputs: []string{"y"}},
		},
		Inputs:       []*graph.Value{{Name: "x", Type: graph.Float}, {Name: "w", Type: graph.Float}},
		Outputs:      []*graph.Value{{Name: "y", Type: graph.Float}},
		Initializers: []*graph.Tensor{graph.Float32Tensor("w", []int64{2}, []float32{1, 2})},
	}}
}

func TestNew(t *testing.T) {
	g := New(pair())
	if g.Opset != 11 || g.Target != Opset || len(g.Inputs) != 1 || g.Inputs[0].Name != "x" {
		t.Errorf("opset %d to %d, inputs %v", g.Opset, g.Target, g.Inputs)
	}
	if m := g.Model(); m.Opset("") != Opset || len(m.Graph.Initializers) != 1 || g.File.Opset("") != 11 {
		t.Errorf("model of opset %d with %d initializers; the file has %d", m.Opset(""), len(m.Graph.Initializers), g.File.Opset(""))
	}
}

func TestUniqueNames(t *testing.T) {
	g := New(pair())
	var got []string
	for range 2 {
		for _, name := range []string{"x", "w", "y", "z"} {
			got = append(got, g.Unique(name))
		}
	}
	if want := []string{"x_2", "w_2", "y_2", "z", "x_3", "w_3", "y_3", "z_2"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestLinks(t *testing.T) {
	g := New(pair())
	g.Index()
	add, relu := g.Nodes[0], g.Nodes[1]
	if g.Maker["a"] != add || !slices.Equal(g.Readers["a"], []*graph.Node{relu}) || g.Uses["a"] != 1 || g.Uses["y"] != 1 || g.Place[relu] != 1 {
		t.Errorf("links are %+v", g.Links)
	}
	g.Unlink(relu)
	if g.Linked(relu) || !g.Linked(add) || g.Maker["y"] != nil || g.Uses["a"] != 0 {
		t.Errorf("without Relu links are %+v", g.Links)
	}
	g.Nodes, g.Outputs = []*graph.Node{add, relu}, []*graph.Value{{Name: "a"}}
	if dropped := g.DropUnread(); !slices.Equal(dropped, []*graph.Node{relu}) || !slices.Equal(g.Nodes, []*graph.Node{add}) {
		t.Errorf("dropped %v of %v", dropped, g.Nodes)
	}
}

// A clone may be changed in all that a pass changes.
func TestCloneStaysApart(t *testing.T) {
	g := New(pair())
	c := g.Clone()
	name := c.AddConstant(graph.Float32Tensor("", nil, []float32{3}), "k", "w")
	n := c.CopyOf(c.Nodes[1])
	c.Nodes[1] = n
	c.AddComputed("a", c.Consts[name], n)
	c.Folded, c.Moved, c.Notes = append(c.Folded, n), append(c.Moved, n), append(c.Notes, "a note")
	c.Spend(5, 5)
	c.Outputs[0], c.Inputs[0] = c.Inputs[0], c.Outputs[0]
	if c.Roots[name][0] != "w" || c.From[n][0] != g.File.Graph.Nodes[1] || !c.IsScalar("a", 3) {
		t.Errorf("%s comes from %v, %v from %v", name, c.Roots[name], n, c.From[n])
	}
	fresh := New(pair())
	if g.Nodes[1] == n || g.Outputs[0].Name != "y" || g.Inputs[0].Name != "x" || g.Budget != fresh.Budget || g.Unique("k") != "k" ||
		len(g.Consts) != 1 || len(g.Roots) != 1 || len(g.ComputedBy) != 0 || len(g.Facts) != 0 || len(g.From) != 2 ||
		len(g.Folded)+len(g.Moved)+len(g.Notes) != 0 {
		t.Errorf("the graph has become %+v", g)
	}
}

func TestBudget(t *testing.T) {
	b := newBudget(map[string]*graph.Tensor{"w": graph.Float32Tensor("w", []int64{2}, []float32{1, 2})})
	if want := (Budget{leastFolded + 8, leastSteps + 256, mostFilled}); b != want {
		t.Fatalf("%v, want %v", b, want)
	}
	for _, c := range []struct {
		elements, steps int64
		ok              bool
	}{{leastFolded, 0, true}, {9, 0, false}, {8, leastSteps + 257, false}, {8, leastSteps + 256, true}, {0, 1, false}} {
		if ok := b.Spend(c.elements, c.steps); ok != c.ok {
			t.Errorf("spending %d and %d: %v, and %v are left", c.elements, c.steps, ok, b)
		}
	}
}
