package rewrite_test

import (
	"math"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

func sliceNode(g *generator) {
	x := g.any()
	axis := g.IntN(len(x.shape()))
	if x.follows(axis) {
		return
	}
	from, to := g.IntN(3)-1, g.IntN(6)-1
	switch g.IntN(4) {
	case 0:
		from, to = 0, math.MaxInt
	case 1:
		from, to = -1, math.MinInt
	}
	if g.m.Opset("") < 10 {
		g.put("Slice", []*sample{x}, graph.IntsAttr("starts", int64(from)), graph.IntsAttr("ends", int64(to)), graph.IntsAttr("axes", int64(axis)))
		return
	}
	in := []*sample{x, g.ints(from), g.ints(to), g.ints(axis)}
	if g.IntN(3) == 0 {
		in = append(in, g.ints([]int{1, 2, -1, -2}[g.IntN(4)]))
	}
	g.put("Slice", in)
}

func gatherNode(g *generator) {
	x := g.any()
	axis := g.IntN(len(x.shape()))
	if x.follows(axis) {
		return
	}
	at := g.scalarInt(g.IntN(2))
	if g.IntN(2) == 0 {
		at = g.ints(0, g.IntN(2))
	}
	g.put("Gather", []*sample{x, at}, graph.IntAttr("axis", int64(axis)))
}

func preluNode(g *generator) {
	x := g.any()
	slope := g.like(x)
	if g.m.Opset("") < 7 && len(x.shape()) > 1 {
		slope = g.constant(g.tensor([]int{x.shape()[1]}))
	}
	g.put("PRelu", []*sample{x, slope})
}

// whereNode is a slope written out.
func whereNode(g *generator) {
	x := g.any()
	if g.m.Opset("") < 9 {
		r := g.put("Relu", []*sample{x})
		m := g.put("Relu", []*sample{g.put("Neg", []*sample{x})})
		g.put([]string{"Sub", "Add"}[g.IntN(2)], []*sample{r, g.put("Mul", g.either(m, g.like(x)))})
		return
	}
	p := g.try("Greater", []*sample{x, g.number(0)})
	g.put("Where", []*sample{p, x, g.put("Mul", g.either(x, g.like(x)))})
}

func castNode(g *generator) {
	if g.IntN(2) == 0 && g.m.Opset("") >= 15 {
		g.put("CastLike", []*sample{g.any(), g.any()})
		return
	}
	g.put("Cast", []*sample{g.any()}, graph.IntAttr("to", int64(graph.Float)))
}

// expandNode is zeros or numbers like x, beside x.
func expandNode(g *generator) {
	x := g.any()
	if g.m.Opset("") < 9 {
		return
	}
	shape := g.try("Shape", []*sample{x})
	var zeros *sample
	if g.IntN(2) == 0 {
		zeros = g.try("ConstantOfShape", []*sample{shape})
	} else {
		zeros = g.try("Expand", []*sample{g.number(0.5), shape})
	}
	if g.IntN(2) == 0 && zeros != nil {
		zeros = g.try("Exp", []*sample{zeros})
	}
	g.put([]string{"Add", "Mul", "Max"}[g.IntN(3)], []*sample{x, zeros})
}

func splitNode(g *generator) {
	x := g.any()
	axis := g.IntN(len(x.shape()))
	if x.follows(axis) || x.shape()[axis] < 2 || g.m.Opset("") >= 18 {
		return
	}
	parts := []int{1, x.shape()[axis] - 1}
	g.with("Split", 13, x, "split", parts[:1+g.IntN(2)], graph.IntAttr("axis", int64(axis)))
}

// constantArithmetic is what folding takes away.
func constantArithmetic(g *generator) {
	x := g.any()
	c := g.like(x)
	for range 1 + g.IntN(2) {
		if d := g.try([]string{"Neg", "Exp", "Identity", "Abs"}[g.IntN(4)], []*sample{c}); d != nil {
			c = d
		}
	}
	g.joined(x, c)
}

func writtenSoftmax(g *generator) {
	x := g.any()
	axis := g.IntN(len(x.shape()))
	keep := graph.IntAttr("keepdims", 1)
	if g.IntN(2) == 0 {
		top := g.with("ReduceMax", 18, x, "axes", []int{axis}, keep)
		if top == nil || g.m.Opset("") < 7 {
			return
		}
		x = g.put("Sub", []*sample{x, top})
	}
	if x == nil {
		return
	}
	e := g.put("Exp", []*sample{x})
	if e == nil || g.m.Opset("") < 7 {
		return
	}
	g.put("Div", []*sample{e, g.with("ReduceSum", 13, e, "axes", []int{axis}, keep)})
}

// lastChannels is a layer of Keras: pictures as (N, H, W, C), with a bias and a slope along
// the last axis.
func lastChannels(g *generator) {
	x := g.any()
	if len(x.shape()) != 4 || g.m.Opset("") < 7 {
		return
	}
	c := x.shape()[3]
	y := g.put("Transpose", []*sample{x}, graph.IntsAttr("perm", 0, 3, 1, 2))
	if c > 40 || y == nil {
		return
	}
	if y = g.put("Conv", []*sample{y, g.constant(g.tensor([]int{2, c, 1, 1}))}); y == nil {
		return
	}
	if y = g.put("Transpose", []*sample{y}, graph.IntsAttr("perm", 0, 2, 3, 1)); y == nil {
		return
	}
	if y = g.put("Add", g.either(y, g.constant(g.tensor([]int{2})))); y != nil {
		g.put("PRelu", []*sample{y, g.like(y)})
	}
}

// batchSlice takes some samples.
func batchSlice(g *generator) {
	x := g.any()
	if g.IntN(4) > 0 || !x.follows(0) || g.m.Opset("") < 10 {
		return
	}
	g.put("Slice", []*sample{x, g.ints(0), g.ints(1 + g.IntN(6)), g.ints(0)})
}

// typedNode goes through another element type.
func typedNode(g *generator) {
	types := []graph.DataType{graph.Double, graph.Float}
	y := g.put("Cast", []*sample{g.any()}, graph.IntAttr("to", int64(types[g.IntN(2)])))
	if y != nil {
		y = g.put([]string{"Relu", "Neg", "Add"}[g.IntN(3)], []*sample{y, y}[:1+g.IntN(2)])
	}
	if y != nil && g.IntN(2) == 0 {
		g.put("Cast", []*sample{y}, graph.IntAttr("to", int64(graph.Float)))
	}
}

// wideNode is an operator that the passes do not move.
func wideNode(g *generator) {
	x := g.any()
	switch g.IntN(4) {
	case 0:
		g.put("CumSum", []*sample{x, g.scalarInt(g.IntN(2))})
	case 1:
		g.put("LRN", []*sample{x}, graph.IntAttr("size", 3))
	case 2:
		g.put("LpPool", []*sample{x}, graph.IntsAttr("kernel_shape", 2, 2))
	case 3:
		if len(x.shape()) == 4 && x.shape()[1] < 20 {
			g.put("ConvTranspose", []*sample{x, g.constant(g.tensor([]int{x.shape()[1], 2, 2, 2}))}, graph.IntsAttr("strides", int64(1+g.IntN(2)), 1))
		}
	}
}

// transposedProduct is a matrix of each sample with each.
func transposedProduct(g *generator) {
	x := g.any()
	if len(x.shape()) == 2 {
		y := g.put("MatMul", []*sample{x, g.try("Transpose", []*sample{x})})
		if y != nil && g.IntN(2) == 0 {
			g.put("MatMul", []*sample{y, x})
		}
	}
}

// secondResult reads what some operators give besides.
func secondResult(g *generator) {
	op, attrs := "Dropout", []*graph.Attr(nil)
	x := g.any()
	if g.IntN(2) == 0 && len(x.shape()) == 4 {
		op, attrs = "MaxPool", []*graph.Attr{graph.IntsAttr("kernel_shape", 2, 2)}
	}
	if s := g.try(op, []*sample{x}, attrs...); s != nil {
		n := g.m.Graph.Nodes[len(g.m.Graph.Nodes)-1]
		second := &sample{name: g.name("v")}
		n.Outputs = append(n.Outputs, second.name)
		for p := range sampled {
			out, err := reference.Eval(n, g.m.Opset(""), []*reference.Tensor{x.x[p]})
			if err != nil {
				panic(err)
			}
			second.x[p] = out[1]
		}
		g.values = append(g.values, s)
		g.put("Cast", []*sample{second}, graph.IntAttr("to", int64(graph.Float)))
	}
}

// averageOfWindow is a sum over windows by their size, in the forms of JAX.
func averageOfWindow(g *generator) {
	x := g.any()
	if len(x.shape()) != 4 || g.m.Opset("") < 13 {
		return
	}
	k, size := []int{2, 2}, 4.0
	if g.IntN(2) == 0 { // a convolution with ones over everything
		y := g.try("Unsqueeze", []*sample{x, g.ints(0, 1)})
		ones := g.tensor([]int{1, 1, 1, k[0], k[1], 1})
		for i := range ones.Floats {
			ones.Floats[i] = 1
		}
		y = g.try("Conv", []*sample{y, g.constant(ones)}, graph.IntsAttr("strides", 1, int64(k[0]), int64(k[1]), 1))
		y = g.put("Squeeze", []*sample{y, g.ints(0, 1)})
		g.put("Div", []*sample{y, g.number(size)})
		return
	}
	y := g.put("AveragePool", []*sample{x}, graph.IntsAttr("kernel_shape", ir.ToInt64s(k)...))
	g.put("Div", []*sample{g.put("Mul", g.either(y, g.number(size))), g.number(size * float64(1+g.IntN(2)))})
}

// clipNode keeps values between two numbers, perhaps behind a Relu.
func clipNode(g *generator) {
	x := g.any()
	if g.IntN(2) == 0 {
		x = g.put("Relu", []*sample{x})
	}
	low, high := float64(g.IntN(2)), float64(2+g.IntN(2))
	if g.m.Opset("") < 11 {
		g.put("Clip", []*sample{x}, graph.FloatAttr("min", float32(low)), graph.FloatAttr("max", float32(high)))
		return
	}
	scalar := func(v float64) *sample { return g.constant(reference.FromFloat64s(graph.Float, nil, []float64{v})) }
	g.put("Clip", []*sample{x, scalar(low), scalar(high)}[:1+g.IntN(3)])
}

// stackNode stacks values and sums them up.
func stackNode(g *generator) {
	x := g.any()
	if g.m.Opset("") < 13 {
		return
	}
	axis := g.IntN(len(x.shape()) + 1)
	a, b := g.try("Unsqueeze", []*sample{x, g.ints(axis)}), g.try("Unsqueeze", []*sample{g.any(), g.ints(axis)})
	stack := g.try("Concat", []*sample{a, b, a}[:2+g.IntN(2)], graph.IntAttr("axis", int64(axis)))
	g.put("ReduceSum", []*sample{stack, g.ints(axis)}, graph.IntAttr("keepdims", int64(g.IntN(4)/3)))
}
