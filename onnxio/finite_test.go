package onnxio

import (
	"math"
	"testing"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// Nothing is recognised in numbers that are not finite, and no network is made of them: the
// nodes are named.
func TestNumbersThatAreNotFinite(t *testing.T) {
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	shape := nn.Shape{3, 2, 2}
	one := func(name string, v float32) *graph.Tensor { return graph.Float32Tensor(name, nil, []float32{v}) }
	each := func(name string, v ...float32) *graph.Tensor {
		return graph.Float32Tensor(name, []int64{int64(len(v)), 1, 1}, v)
	}
	row := func(name string, v ...float32) *graph.Tensor {
		return graph.Float32Tensor(name, []int64{int64(len(v))}, v)
	}
	weight := func(v float32) *graph.Tensor {
		t := tensor("w", 2, 3, 1, 1)
		t.Raw = graph.Float32Tensor("", []int64{6}, []float32{1, 2, 3, v, 5, 6}).Raw
		return t
	}
	tanh, relu := node("Tanh", "x", "t"), node("Relu", "x", "t")
	normal := func(eps float32) *graph.Node {
		return node("BatchNormalization", "x g g g v", "y", graph.FloatAttr("epsilon", eps))
	}
	g := row("g", 1, 1, 1)
	for name, c := range map[string]struct {
		inits []*graph.Tensor
		nodes []*graph.Node
		want  string
	}{
		"tanh + ∞":              {[]*graph.Tensor{one("c", inf)}, []*graph.Node{tanh, node("Add", "t c", "y")}, `Add "y" (its constant "c" is +Inf at element 0`},
		"tanh − ∞":              {[]*graph.Tensor{one("c", inf)}, []*graph.Node{tanh, node("Sub", "t c", "y")}, `Sub "y" (its constant "c" is +Inf`},
		"tanh + NaN":            {[]*graph.Tensor{one("c", nan)}, []*graph.Node{tanh, node("Add", "c t", "y")}, `Add "y" (its constant "c" is NaN`},
		"relu · −∞":             {[]*graph.Tensor{one("c", -inf)}, []*graph.Node{relu, node("Mul", "t c", "y")}, `Mul "y" (its constant "c" is -Inf`},
		"one channel · ∞":       {[]*graph.Tensor{each("c", 1, inf, 1)}, []*graph.Node{relu, node("Mul", "t c", "y")}, `is +Inf at element 1`},
		"by 0":                  {[]*graph.Tensor{one("c", 0)}, []*graph.Node{tanh, node("Div", "t c", "y")}, `Div "y" (1 by its constant "c" is +Inf at element 0`},
		"one channel by 0":      {[]*graph.Tensor{each("c", 1, 1, 0)}, []*graph.Node{relu, node("Div", "t c", "y")}, `is +Inf at element 2`},
		"at least ∞":            {[]*graph.Tensor{one("c", inf)}, []*graph.Node{tanh, node("Max", "t c", "y")}, `Max "y"`},
		"−∞ where x is below 0": {[]*graph.Tensor{one("z", 0), one("c", -inf)}, []*graph.Node{node("Greater", "x z", "p"), node("Where", "p x c", "y")}, `Where "y"`},
		"at most x·0 + ∞": {[]*graph.Tensor{one("z", 0), one("c", inf)}, []*graph.Node{node("Mul", "x z", "a"), node("Add", "a c", "b"), node("Min", "b x", "d"), node("Relu", "d", "y")},
			`Add "b" (its constant "c" is +Inf`},
		"a PReLU":             {[]*graph.Tensor{each("s", 1, -inf, 1)}, []*graph.Node{node("PRelu", "x s", "y")}, `PRelu "y" (its alpha is -Inf at element 1`},
		"a LeakyReLU":         {nil, []*graph.Node{node("LeakyRelu", "x", "y", graph.FloatAttr("alpha", nan))}, `LeakyRelu "y" (its alpha is NaN`},
		"an ELU":              {nil, []*graph.Node{node("Elu", "x", "y", graph.FloatAttr("alpha", inf))}, `Elu "y" (its alpha is +Inf`},
		"a threshold":         {nil, []*graph.Node{node("ThresholdedRelu", "x", "y", graph.FloatAttr("alpha", -inf))}, `ThresholdedRelu "y" (its alpha is -Inf`},
		"a swish":             {[]*graph.Tensor{row("b", inf)}, []*graph.Node{node("Mul", "x b", "a"), node("Sigmoid", "a", "s"), node("Mul", "x s", "y")}, `Mul "y" (its beta is +Inf`},
		"a weight":            {[]*graph.Tensor{weight(nan)}, []*graph.Node{node("Conv", "x w", "y")}, `Conv "y" (its weight is NaN at element 3`},
		"a bias":              {[]*graph.Tensor{weight(4), row("b", 0, inf)}, []*graph.Node{node("Conv", "x w b", "y")}, `Conv "y" (its bias is +Inf at element 1`},
		"a weight by a scale": {[]*graph.Tensor{weight(1e30), one("c", 1e30)}, []*graph.Node{node("Conv", "x w", "t"), node("Mul", "t c", "y")}, `Conv "t" (its weight is +Inf at element 3`},
		"a weight by scales": {[]*graph.Tensor{weight(1e30), each("c", 1, 1e30), each("b", 1, 1)}, []*graph.Node{node("Conv", "x w", "t"), node("Mul", "t c", "a"), node("Add", "a b", "y")},
			`(its weight is +Inf at element 3`},
		"a negative variance": {[]*graph.Tensor{g, row("v", 1, -1, 1)}, []*graph.Node{normal(0.1)}, `BatchNormalization "y" (its running_var is -1 at element 1: with epsilon 0.1 it must be above 0`},
		"a variance":          {[]*graph.Tensor{g, row("v", 1, 1, inf)}, []*graph.Node{normal(0.1)}, `its running_var is +Inf at element 2`},
		"an epsilon":          {[]*graph.Tensor{g, row("v", 1, 1, 1)}, []*graph.Node{normal(nan)}, `ε is NaN, need a finite number above 0`},
	} {
		t.Run(name, func(t *testing.T) { refuses(t, model(shape, c.inits, c.nodes...), c.want) })
	}
}

// What has no effect is left out, though it is infinite.
func TestBoundsThatAreNone(t *testing.T) {
	inf := float32(math.Inf(1))
	inits := []*graph.Tensor{graph.Float32Tensor("lo", nil, []float32{-inf}), graph.Float32Tensor("hi", nil, []float32{inf}),
		graph.Float32Tensor("most", nil, []float32{math.MaxFloat32}), graph.Float32Tensor("zero", nil, []float32{0}), graph.Float32Tensor("six", nil, []float32{6})}
	for _, c := range []struct {
		n    *graph.Node
		want string
	}{
		{node("Clip", "t lo hi", "y"), "tanh"},
		{node("Clip", "t - hi", "y"), "tanh"},
		{node("Clip", "t lo most", "y"), "tanh"},
		{node("Clip", "t zero hi", "y"), "tanh relu"},
		{node("Clip", "t zero six", "y"), "tanh relu6"},
		{node("Max", "t lo", "y"), "tanh"},
		{node("Max", "lo t", "y"), "tanh"},
		{node("Min", "t hi", "y"), "tanh"},
	} {
		m := model(nn.Shape{2, 3, 4}, inits, node("Tanh", "x", "t"), c.n)
		im := imports(t, m)
		if got := activationsOf(im.Network); got != c.want {
			t.Errorf("%s %v: read as %s, want %s", c.n.OpType, c.n.Inputs, got, c.want)
		}
		sameAsEvaluator(t, m, im)
	}
}

// Numbers near the end of float32 are not put together: the steps overflow where the file's
// do.
func TestLargeStepsStayApart(t *testing.T) {
	m := model(nn.Shape{2, 3, 4}, []*graph.Tensor{graph.Float32Tensor("c", nil, []float32{3e38})},
		node("Tanh", "x", "t"), node("Add", "t c", "a"), node("Add", "a c", "b"), node("Sub", "b c", "d"), node("Sub", "d c", "y"))
	im := imports(t, m)
	if got := activationsOf(im.Network); got != "tanh Rescaling Rescaling Rescaling Rescaling" {
		t.Errorf("read as %s", got)
	}
	y, err := im.Network.Forward(nn.NewTensor(1, 2, 3, 4))
	if err != nil || !math.IsInf(float64(y.Data[0]), 1) {
		t.Errorf("the result is %v and error %v, want +Inf", y, err)
	}
}
