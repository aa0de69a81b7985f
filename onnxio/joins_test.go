package onnxio

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// Inputs keep their order, whatever the order of the nodes.
func TestJoinsAreRead(t *testing.T) {
	a := node("Tanh", "x", "a")
	b := node("Relu", "x", "b")
	for _, c := range []struct {
		name string
		n    *graph.Node
		want string
	}{
		{"Add", node("Add", "b a", "y"), "[act2 act1] add=Add{}(2, 3, 4)"},
		{"Add of the input", node("Add", "x a", "y"), "[input act1] add=Add{}(2, 3, 4)"},
		{"Sum", node("Sum", "a x b", "y"), "[act1 input act2] add=Add{}(2, 3, 4)"},
		{"Mul", node("Mul", "b x", "y"), "[act2 input] mul=Mul{}(2, 3, 4)"},
		{"Mul by itself", node("Mul", "a a", "y"), "[act1 act1] mul=Mul{}(2, 3, 4)"},
		{"Concat", node("Concat", "b a x", "y", graph.IntAttr("axis", 1)), "[act2 act1 input] concat=Concat{}(6, 3, 4)"},
		{"Concat from the end", node("Concat", "b a", "y", graph.IntAttr("axis", -3)), "[act2 act1] concat=Concat{}(4, 3, 4)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			used := map[string]bool{}
			for _, in := range c.n.Inputs {
				used[in] = true
			}
			var nodes []*graph.Node
			for _, n := range []*graph.Node{a, b} {
				if used[n.Outputs[0]] {
					nodes = append(nodes, n)
				}
			}
			want := c.want
			if len(nodes) == 1 { // the bare stem
				want = strings.NewReplacer("act1", "act", "act2", "act").Replace(want)
			}
			net := imports(t, model(nn.Shape{2, 3, 4}, nil, append(nodes, c.n)...)).Network
			last := net.Nodes()[len(net.Nodes())-1]
			got := fmt.Sprintf("%v %s=%s%v", last.Inputs, last.Name, settings(last.Layer), last.Shape)
			if got != want {
				t.Errorf("read as %s, want %s", got, want)
			}
		})
	}
}

func TestJoinsAreRefused(t *testing.T) {
	axis := func(v int64) *graph.Attr { return graph.IntAttr("axis", v) }
	for _, c := range []struct {
		name string
		n    *graph.Node
		want string
	}{
		{"Add of a constant", node("Add", "x wide", "y"), `its input "wide" is a constant`},
		{"constant first", node("Add", "wide x", "y"), `its input "wide" is a constant`},
		{"Mul by a constant", node("Mul", "x wide", "y"), `its input "wide" is a constant`},
		{"Add of one", node("Add", "x", "y"), "has 1 inputs and 1 outputs; need 2 to 2 and 1"},
		{"Mul of three", node("Mul", "x h x", "y"), "has 3 inputs"},
		{"Add of other shapes", node("Add", "x p", "y"), "got inputs (2, 3, 4) and (2, 2, 3), need one shape"},
		{"left out", node("Sum", "x -", "y"), "its input 1 is left out"},
		{"attribute", node("Add", "x h", "y", axis(1)), `attribute "axis" is not known for it`},
		{"Concat without axis", node("Concat", "x h", "y"), "attribute axis is 0; only 1 joins channels"},
		{"Concat of rows", node("Concat", "x h", "y", axis(2)), "attribute axis is 2; only 1 joins channels, of inputs like (N, 2, 3, 4)"},
		{"Concat of samples", node("Concat", "x h", "y", axis(-4)), "attribute axis is 0; only 1 joins channels"},
		{"Concat of other maps", node("Concat", "x p", "y", axis(1)), "differ in more than their first axis"},
		{"Concat of a constant", node("Concat", "x c", "y", axis(1)), `its input "c" is a constant`},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := model(nn.Shape{2, 3, 4}, []*graph.Tensor{tensor("c", 1, 2, 3, 4), tensor("wide", 5, 1, 1, 1, 1)},
				node("Tanh", "x", "h"), node("MaxPool", "x", "p", kernelShape(2, 2)), c.n)
			if got := problems(t, refuses(t, m, ` "y"`, c.want)); len(got) != 1 {
				t.Errorf("listed: %v", got)
			}
		})
	}
}

// In a stranger's file x·sigmoid(x) is an activation; as gonn writes two layers they stay
// two, whoever is named as the producer.
func TestAGateIsNoActivationInItsOwnFile(t *testing.T) {
	m, err := graph.Read(encode(t, layerNets(t)["gate"], EncodeOptions{}))
	if err != nil {
		t.Fatal(err)
	}
	for _, producer := range []string{Producer, "another"} {
		m.Producer = producer
		if got, want := describe(imports(t, m).Network), "gate=sigmoid(2, 3, 4) mul=Mul{}(2, 3, 4)"; got != want {
			t.Errorf("read as %s, want %s", got, want)
		}
	}
	m.Producer = Producer
	m.Graph.Nodes[0].Name = "renamed"
	if got, want := describe(imports(t, m).Network), "act=swish(2, 3, 4)"; got != want {
		t.Errorf("with another name inside it is read as %s, want %s", got, want)
	}
}
