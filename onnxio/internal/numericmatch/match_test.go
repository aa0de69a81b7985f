package numericmatch

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

var constants = map[string]*graph.Tensor{
	"half":   graph.Float32Tensor("half", nil, []float32{0.5}),
	"one":    graph.Float32Tensor("one", nil, []float32{1}),
	"√2":     graph.Float32Tensor("√2", nil, []float32{1.4142135}),
	"slopes": graph.Float32Tensor("slopes", []int64{3, 1, 1}, []float32{0.3, -0.45, 2}),
	"minus":  graph.Float32Tensor("minus", []int64{3, 1, 1}, []float32{-0.3, 0.45, -2}),
	"third":  graph.Float32Tensor("third", nil, []float32{0.34}),
	"bounds": graph.Float32Tensor("bounds", []int64{8, 1, 1}, []float32{0, 0, 0, 0, -0.07, -0.07, -0.07, -0.07}),
	"zero":   graph.Float32Tensor("zero", nil, []float32{0}),
	"far":    graph.Float32Tensor("far", nil, []float32{500}),
	"Inf":    {Name: "Inf", Type: graph.Float, Raw: []byte{0, 0, 0x80, 0x7f}},
	"NaN":    {Name: "NaN", Type: graph.Float, Raw: []byte{0, 0, 0xc0, 0x7f}},
}

// partOf makes a part of statements like "n = Mul x slopes", of which the last is the result.
func partOf(text, learned string, dims ...int) Part {
	p := Part{X: "x", Dims: append(nn.Shape{}, dims...), Learned: learned}
	for statement := range strings.SplitSeq(text, "; ") {
		out, right, _ := strings.Cut(statement, " = ")
		words := strings.Fields(right)
		p.Nodes = append(p.Nodes, &graph.Node{Name: out, OpType: words[0], Inputs: words[1:], Outputs: []string{out}})
	}
	slices.Reverse(p.Nodes)
	return p
}

// beyond are ways to be infinite or no number from a point on, however far out.
var beyond = []string{
	"d = Sub far x; r = Relu d; q = Div zero r; z = Mul q zero; ", // 0/0
	"d = Sub far x; l = Log d; z = Mul l zero; ",                  // no number
	"d = Sub far x; r = Sqrt d; z = Mul r zero; ",                 // no number
	"p = Pow x far; z = Mul p zero; ",                             // ∞·0
}

// A part is an activation only if it is one at all points: what is no number anywhere is none.
func TestOnlyFiniteValuesMatch(t *testing.T) {
	tried, matched := 0, 0
	for _, f := range []string{"Relu", "Tanh", "Sigmoid", "Softplus", "Mish", "HardSwish"} {
		if m := matcher().Match(partOf("a = "+f+" x; z = Mul x zero; y = Add a z", "")); m == nil {
			t.Errorf("%s + 0·x is not recognised", f)
		}
		for _, to := range beyond {
			tried++
			if m := matcher().Match(partOf("a = "+f+" x; "+to+"y = Add a z", "")); m != nil {
				matched++
				t.Errorf("%s with %q is read as %s", f, to, m.Func.Name)
			}
		}
	}
	t.Logf("promise U9: %d of %d parts that are not finite at one of %d points are recognised by their values", matched, tried, len(Points))
}

func matcher() *Matcher {
	return New(20, constants, func(name string) bool { return len(constants[name].Dims) > 0 })
}

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		text, learned string
		dims          []int
		want          string
	}{
		{"m = Neg x; e = Exp m; d = Add e one; y = Div x d", "", nil, "swish [1]  0"},
		{"h = Mul x half; t = Tanh h; p = Add t one; y = Mul p half", "", nil, "sigmoid []  0"},
		{"r = Relu x; m = Sub x r; n = Mul m slopes; y = Add r n", "slopes", []int{3, 1, 1}, "prelu [0.3 -0.45 2] slopes 0"},
		{"r = Relu x; m = Sub r x; n = Mul m minus; y = Add r n", "minus", []int{3, 1, 1}, "prelu [0.3 -0.45 2] minus 0"},
		{"d = Div x √2; e = Erf d; p = Add e one; y = Mul x p", "", nil, "gelu []  2"},
		{"a = Abs x; y = Add x a", "", nil, "relu []  2"},
		{"y = Mul x half", "", nil, "none"}, // linear
		{"y = Sin x", "", nil, "none"},
		{"p = Greater x bounds; n = Mul x half; y = Where p x n", "", []int{8, 1, 1}, "none"},                  // another one from the fifth on
		{"p = Greater x third; q = Less x half; a = And p q; w = Where a zero x; y = Relu w", "", nil, "none"}, // a band
		{"y = Add x NaN", "", nil, "none"},
		{"l = Log x; y = Exp l", "", nil, "none"}, // not a number on the left
		{"t = Tanh x; y = Add t Inf", "", nil, "none"},
		{"t = Tanh x; z = Sub one one; q = Div one z; y = Add t q", "", nil, "none"},
	} {
		got := "none"
		if m := matcher().Match(partOf(c.text, c.learned, c.dims...)); m != nil {
			got = fmt.Sprint(m.Func.Name, " ", m.Values, " ", m.Param, " ", m.Factor)
		}
		if got != c.want {
			t.Errorf("%s is %s, want %s", c.text, got, c.want)
		}
	}
}

// Once the steps are spent nothing is matched, and each match spends some.
func TestStepsAreSpent(t *testing.T) {
	m := matcher()
	p := partOf("m = Neg x; e = Exp m; d = Add e one; y = Div x d", "")
	before := m.Steps()
	if m.Match(p) == nil || m.Steps() >= before {
		t.Fatalf("%d steps are left of %d", m.Steps(), before)
	}
	m.Limit(0)
	if found := m.Match(p); found != nil {
		t.Errorf("matched as %s without a step left", found.Func.Name)
	}
}
