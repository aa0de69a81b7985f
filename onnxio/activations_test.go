package onnxio

import (
	"math"
	"slices"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

func TestEveryActivationIsInBothTables(t *testing.T) {
	var here []string
	for _, row := range activations {
		here = append(here, row.name)
		if len(row.spellings) == 0 {
			t.Errorf("%s has no spelling", row.name)
		}
	}
	for _, row := range registered.spellings { // by the examples
		here = append(here, row.fn.Name)
	}
	there := activation.Names()
	slices.Sort(here)
	slices.Sort(there)
	if !slices.Equal(here, there) {
		t.Errorf("spelled here: %v; in activation.Funcs: %v", here, there)
	}
}

// A spelling with an operator that came after opset 16 says so, and each activation has one
// that does without.
func TestSpellingsTellTheirOpset(t *testing.T) {
	younger := map[string]int64{"Mish": 18, "Gelu": 20, "Swish": 24}
	for _, row := range allSpellings() {
		everywhere := false
		for _, s := range row.spellings {
			if operand := s.undefined(); operand != "" {
				t.Errorf("%s: nothing in a spelling gives its %q", row.fn.Name, operand)
			}
			from := int64(0)
			for _, n := range s.nodes {
				from = max(from, younger[n.op])
			}
			if s.from != from {
				t.Errorf("%s: a spelling is marked as from opset %d, its operators are from %d", row.fn.Name, s.from, from)
			}
			everywhere = everywhere || s.from == 0
		}
		if !everywhere {
			t.Errorf("%s cannot be written in opset 16", row.fn.Name)
		}
	}
}

// From opset 7 on the slope broadcasts to x as in NumPy, aligned at the last axis.
func TestSlopeBroadcasts(t *testing.T) {
	for _, c := range []struct {
		slope []int64
		x     nn.Shape
		want  string // activation; or what the error says
	}{
		{nil, nn.Shape{2, 3, 4}, "prelu:one"},
		{[]int64{1}, nn.Shape{2, 3, 4}, "prelu:one"},
		{[]int64{1, 1, 1}, nn.Shape{2, 3, 4}, "prelu:one"},
		{[]int64{1, 1, 1, 1}, nn.Shape{2, 3, 4}, "prelu:one"},
		{[]int64{2, 1, 1}, nn.Shape{2, 3, 4}, "prelu:channel"},
		{[]int64{1, 2, 1, 1}, nn.Shape{2, 3, 4}, "prelu:channel"},
		{[]int64{1, 1, 1}, nn.Shape{1, 3, 4}, "prelu:channel"},
		{[]int64{2, 3, 4}, nn.Shape{2, 3, 4}, "prelu:element"},
		{[]int64{1, 2, 3, 4}, nn.Shape{2, 3, 4}, "prelu:element"},
		{[]int64{4}, nn.Shape{2, 3, 4}, "prelu:4"},
		{[]int64{3, 4}, nn.Shape{2, 3, 4}, "prelu:3x4"},
		{[]int64{3, 1}, nn.Shape{2, 3, 4}, "prelu:3x1"},
		{[]int64{2, 1, 4}, nn.Shape{2, 3, 4}, "prelu:2x1x4"},
		{[]int64{4}, nn.Shape{4, 4, 4}, "prelu:4"}, // the width, not the channels
		{[]int64{5}, nn.Shape{5}, "prelu:element"},
		{[]int64{1, 5}, nn.Shape{5}, "prelu:element"},

		{[]int64{2}, nn.Shape{2, 3, 4}, "does not broadcast to (2, 3, 4)"},
		{[]int64{2, 2, 3, 4}, nn.Shape{2, 3, 4}, "does not broadcast to (2, 3, 4)"},
		{[]int64{1, 1, 2, 1, 1}, nn.Shape{2, 3, 4}, `"alpha" has shape (1, 1, 2, 1, 1), which has more axes than (N, 2, 3, 4)`},
		{[]int64{5, 1}, nn.Shape{1}, "does not broadcast to (1)"},
		{[]int64{0}, nn.Shape{1}, "shape (0) has no elements"},
	} {
		slope := tensor("alpha", c.slope...)
		m := model(c.x, []*graph.Tensor{slope}, node("PRelu", "x alpha", "y"))
		if c.want[:5] != "prelu" {
			refuses(t, m, `PRelu "y"`, c.want)
			continue
		}
		net := imports(t, m).Network
		if got := settings(net.Nodes()[0].Layer); got != c.want {
			t.Errorf("slope %v on %v is read as %s, want %s", c.slope, c.x, got, c.want)
		}
		v, _ := slope.Float32s()
		sameBits(t, "slope", net.Params()[0].Data, v)
	}
}

func TestActivationErrorsNameTheField(t *testing.T) {
	x := nn.Shape{2, 3, 4}
	nan := float32(math.NaN())
	var bounds []*graph.Tensor
	for name, v := range map[string]float32{"lo": -1, "zero": 0, "hi": 6, "nan": nan, "far": -1000, "farther": 1000} {
		bounds = append(bounds, graph.Float32Tensor(name, nil, []float32{v}))
	}
	double := &graph.Tensor{Name: "alpha", Type: graph.Double, Dims: []int64{1}, Raw: make([]byte, 8)}
	beta := node("Constant", "", "beta", graph.TensorAttr("value", tensor("", 1, 1, 1, 1, 1)))
	for _, c := range []struct {
		name  string
		inits []*graph.Tensor
		nodes []*graph.Node
		want  string
	}{
		{"unknown attribute", nil, []*graph.Node{node("Relu", "x", "y", graph.IntAttr("axis", 1))}, `Relu "y" (attribute "axis" is not known for it)`},
		{"alpha of kind INT", nil, []*graph.Node{node("LeakyRelu", "x", "y", graph.IntAttr("alpha", 1))}, `attribute "alpha" is of kind INT, it must be FLOAT`},
		{"no slope", nil, []*graph.Node{node("PRelu", "x", "y")}, `PRelu "y" (has 1 inputs and 1 outputs; need 2 to 2 and 1)`},
		{"slope of another type", []*graph.Tensor{double}, []*graph.Node{node("PRelu", "x alpha", "y")}, `PRelu "y" (its alpha "alpha" is not an initializer of type FLOAT)`},
		{"left out input", nil, []*graph.Node{node("Relu", "-", "y")}, `Relu "y" (its input 0 is left out)`},
		{"no input", nil, []*graph.Node{node("Identity", "", "y")}, `Identity "y" (has 0 inputs`},
		{"constant input", []*graph.Tensor{tensor("alpha", 2)}, []*graph.Node{node("Tanh", "alpha", "y")}, `output "y" is not the result of a layer`},
		{"parameter that must be above 0", nil, []*graph.Node{node("Celu", "x", "y", graph.FloatAttr("alpha", -1))}, `Celu "y" (its alpha is -1, it must be above 0)`},
		{"attribute of another value", nil, []*graph.Node{node("HardSigmoid", "x", "y", graph.FloatAttr("alpha", 0), graph.FloatAttr("beta", 0.25))}, `HardSigmoid "y" (its alpha is 0: its result is the same for every input)`},
		{"beta that is no number", nil, []*graph.Node{node("HardSigmoid", "x", "y", graph.FloatAttr("beta", nan))}, `HardSigmoid "y" (its beta is NaN: a network`},
		{"beta over alpha", nil, []*graph.Node{node("HardSigmoid", "x", "y", graph.FloatAttr("alpha", 1e-30), graph.FloatAttr("beta", 1e10))}, `HardSigmoid "y" ((beta - 0.5)/alpha, by which its input is moved, is +Inf`},
		{"alpha below 0", nil, []*graph.Node{node("HardSigmoid", "x", "y", graph.FloatAttr("alpha", -1), graph.FloatAttr("beta", 0.25))}, `HardSigmoid "y" (its alpha is -1, it must be above 0)`},
		{"alpha that is no number", nil, []*graph.Node{node("Selu", "x", "y", graph.FloatAttr("alpha", nan))}, `Selu "y" (its alpha is NaN: a network`},
		{"limits the wrong way round", bounds, []*graph.Node{node("Clip", "x hi lo", "y")}, `Clip "y" (its min, 6, is not below its max, -1: its result is the same for every input)`},
		{"min that is no number", bounds, []*graph.Node{node("Clip", "x nan hi", "y")}, `Clip "y" (its min is NaN: a network`},
		{"max that is no number", bounds, []*graph.Node{node("Clip", "x zero nan", "y")}, `Clip "y" (its max is NaN: a network`},
		{"min that is far", bounds, []*graph.Node{node("Clip", "x far hi", "y")}, `Clip "y" (its min is -1000: beside a number of more than 64`},
		{"max that is far", bounds, []*graph.Node{node("Clip", "x - farther", "y")}, `Clip "y" (its max is 1000: beside`},
		{"min that is computed", bounds, []*graph.Node{node("Tanh", "x", "h"), node("Clip", "x h hi", "y")}, `Clip "y" (its min "h" is not a constant of one FLOAT)`},
		{"min of several numbers", []*graph.Tensor{tensor("min", 4)}, []*graph.Node{node("Clip", "x min", "y")}, `Clip "y" (its min "min" is not a constant of one FLOAT)`},
		{"fixed number that is computed", bounds, []*graph.Node{node("Tanh", "x", "h"), node("Clip", "x zero h", "y")}, `Clip "y" (its max "h" is not a constant of one FLOAT)`},
		{"text of another value", nil, []*graph.Node{node("Gelu", "x", "y", graph.StringAttr("approximate", "no"))}, `Gelu "y" (its approximate is no; need "none")`},
		{"fixed number with more axes than x", nil, []*graph.Node{beta, node("Mul", "x beta", "b"), node("Sigmoid", "b", "s"), node("Mul", "x s", "y")},
			`Mul "y" (its constant "beta" has shape (1, 1, 1, 1, 1), which has more axes than (N, 2, 3, 4))`},
	} {
		t.Run(c.name, func(t *testing.T) { refuses(t, model(x, c.inits, c.nodes...), c.want) })
	}
	old := model(x, nil, node("Clip", "x", "y", graph.FloatAttr("min", 2), graph.FloatAttr("max", 2)))
	refuses(t, inOpset(old, 10), `Clip "y" (its min, 2, is not below its max, 2: `)
}

// ONNX's own definitions of functions have a CastLike behind every number.
func TestNumbersBehindACastLike(t *testing.T) {
	one := node("Constant", "", "one", graph.TensorAttr("value", graph.Float32Tensor("", nil, []float32{1})))
	whole := node("Constant", "", "whole", graph.TensorAttr("value", graph.Int64Tensor("", nil, []int64{1})))
	softsign := func(castLike *graph.Node) *graph.Model {
		return model(nn.Shape{3}, nil, one, whole, castLike,
			node("Abs", "x", "a"), node("Add", "c a", "p"), node("Div", "x p", "y"))
	}
	net := imports(t, softsign(node("CastLike", "one x", "c"))).Network
	if got := settings(net.Nodes()[0].Layer); len(net.Nodes()) != 1 || got != "softsign" {
		t.Errorf("read as %s", describe(net))
	}
	refuses(t, softsign(node("CastLike", "one whole", "c")), `Div "y"`)
}
