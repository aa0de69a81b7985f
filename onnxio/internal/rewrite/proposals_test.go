package rewrite

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// proposals are what a random model is made of: operators that the passes know, alone or in
// the groups that exporters write. Some are there twice to come more often.
var proposals = []func(g *generator){
	elementwiseNode, elementwiseNode, constantOperand, constantOperand, constantOperand, joinNode,
	transposeNode, transposeNode, transposeNode, reshapeNode, reshapeNode, squeezeNode, unsqueezeNode, flattenNode,
	dynamicReshape, dynamicReshape, reductionNode, softmaxNode, concatNode, convNode, convNode, poolNode, padNode,
	matMulNode, gemmNode, denseNode, normalisation, batchNormNode, sliceNode, gatherNode, preluNode, whereNode,
	castNode, expandNode, splitNode, constantArithmetic, writtenSoftmax, lastChannels,
	sequenceNode, sequenceNode, vectorNode, batchSlice, typedNode, wideNode, transposedProduct, secondResult,
	averageOfWindow, clipNode, stackNode,
}

func elementwiseNode(g *generator) {
	ops := []string{"Relu", "Sigmoid", "Tanh", "Neg", "Abs", "Identity", "Softplus", "LeakyRelu", "Exp", "Elu", "Selu", "HardSigmoid", "Dropout", "Softsign"}
	g.put(ops[g.IntN(len(ops))], []*sample{g.any()})
}

func binary(g *generator) string {
	return []string{"Add", "Sub", "Mul", "Div", "Max", "Min", "Sum"}[g.IntN(7)]
}

func constantOperand(g *generator) {
	x := g.any()
	c := g.like(x)
	if g.IntN(6) == 0 {
		c = g.number(float64(g.IntN(2)))
	}
	g.joined(x, c)
}

// joined is a binary operator of two values. What is divided by is a constant: next to 0 all
// rounding would show.
func (g *generator) joined(x, y *sample) {
	if op := binary(g); op == "Div" && y.constant {
		g.put(op, []*sample{x, y})
	} else if op != "Div" {
		g.put(op, g.either(x, y))
	}
}

func joinNode(g *generator) { g.joined(g.any(), g.any()) }

func transposeNode(g *generator) {
	x := g.any()
	perm := g.Perm(len(x.shape()))
	if g.IntN(3) > 0 && len(perm) == 4 {
		perm = [][]int{{0, 2, 3, 1}, {0, 3, 1, 2}}[g.IntN(2)]
	} else if g.IntN(3) > 0 {
		if i := slices.Index(perm, 0); i >= 0 { // the batch stays in front
			perm[i], perm[0] = perm[0], 0
		}
	}
	g.put("Transpose", []*sample{x}, graph.IntsAttr("perm", toInt64s(perm)...))
}

// reshapeNode joins neighbours, cuts an axis in two, or adds and drops axes of 1.
func reshapeNode(g *generator) {
	x := g.any()
	to := slices.Clone(x.shape())
	for range 1 + g.IntN(3) {
		i := g.IntN(len(to) + 1)
		switch what := g.IntN(4); {
		case what == 0 && i+1 < len(to):
			to[i] *= to[i+1]
			to = slices.Delete(to, i+1, i+2)
		case what == 1 && i < len(to) && to[i]%2 == 0 && i > 0:
			to[i] /= 2
			to = slices.Insert(to, i, 2)
		case what == 2:
			to = slices.Insert(to, i, 1)
		case what == 3 && i < len(to) && to[i] == 1:
			to = slices.Delete(to, i, i+1)
		}
	}
	if len(to) == 0 {
		return
	}
	switch g.IntN(4) {
	case 0: // the batch as a number, or 0 for the same
		if len(x.shape()) > 0 && to[0] == x.shape()[0] {
			to[0] = 0
		}
	case 1:
		to[g.IntN(len(to))] = -1
	default:
		to[0] = -1
	}
	g.with("Reshape", 5, x, "shape", to)
}

func squeezeNode(g *generator) {
	x := g.any()
	var axes []int
	for i, d := range x.shape() {
		if d == 1 && g.IntN(3) > 0 {
			if g.IntN(2) == 0 && g.m.Opset("") >= 11 {
				i -= len(x.shape())
			}
			axes = append(axes, i)
		}
	}
	if len(axes) > 0 {
		g.with("Squeeze", 13, x, "axes", axes)
	}
}

func unsqueezeNode(g *generator) {
	x := g.any()
	g.with("Unsqueeze", 13, x, "axes", g.Perm(len(x.shape()) + 2)[:1+g.IntN(2)])
}

func flattenNode(g *generator) {
	var attrs []*graph.Attr
	if g.IntN(3) == 0 {
		attrs = append(attrs, graph.IntAttr("axis", int64(g.IntN(4)-g.IntN(2))))
	}
	g.put("Flatten", []*sample{g.any()}, attrs...)
}

// dynamicReshape is x.view(x.size(0), -1) and the like as exporters write it.
func dynamicReshape(g *generator) {
	x := g.any()
	shape := g.try("Shape", []*sample{x})
	if shape == nil {
		return
	}
	var parts []*sample
	switch g.IntN(3) {
	case 0:
		n := g.try("Gather", []*sample{shape, g.scalarInt(0)}, graph.IntAttr("axis", 0))
		parts = []*sample{g.unsqueezed(n), g.ints(-1)}
	case 1:
		from, to := g.ints(0), g.ints(1)
		if g.m.Opset("") >= 10 {
			parts = []*sample{g.try("Slice", []*sample{shape, from, to}), g.ints(-1)}
		}
	case 2:
		for i := range x.shape() {
			parts = append(parts, g.unsqueezed(g.try("Gather", []*sample{shape, g.scalarInt(i)})))
		}
		i, j := g.IntN(len(parts)), g.IntN(len(parts))
		parts[i], parts[j] = parts[j], parts[i]
	}
	if parts == nil {
		return
	}
	g.put("Reshape", []*sample{x, g.try("Concat", parts, graph.IntAttr("axis", 0))})
}

func (g *generator) unsqueezed(x *sample) *sample {
	if x == nil {
		return nil
	}
	if g.m.Opset("") < 13 {
		return g.try("Unsqueeze", []*sample{x}, graph.IntsAttr("axes", 0))
	}
	return g.try("Unsqueeze", []*sample{x, g.ints(0)})
}

func reductionNode(g *generator) {
	x := g.any()
	rank := len(x.shape())
	axes := g.Perm(rank)[:min(rank, 1+g.IntN(2))]
	if rank == 4 && g.IntN(2) == 0 {
		axes = [][]int{{2, 3}, {1, 2}, {3, 2}}[g.IntN(3)]
	}
	if g.IntN(2) == 0 && g.m.Opset("") >= 11 {
		axes[0] -= rank
	}
	keep := graph.IntAttr("keepdims", int64(g.IntN(2)))
	switch g.IntN(4) {
	case 0:
		g.with("ReduceSum", 13, x, "axes", axes, keep)
	case 1:
		g.with("ReduceMax", 18, x, "axes", axes, keep)
	default:
		g.with("ReduceMean", 18, x, "axes", axes, keep)
	}
}

func softmaxNode(g *generator) {
	x := g.any()
	var attrs []*graph.Attr
	if g.IntN(3) > 0 {
		axis := g.IntN(len(x.shape()) + 1)
		if g.IntN(2) == 0 && g.m.Opset("") >= 11 {
			axis -= len(x.shape())
		}
		attrs = append(attrs, graph.IntAttr("axis", int64(axis)))
	}
	op := []string{"Softmax", "LogSoftmax", "Softmax"}[g.IntN(3)]
	y := g.put(op, []*sample{x}, attrs...)
	if y != nil && op == "Softmax" && g.IntN(3) == 0 {
		g.put("Log", []*sample{y})
	}
}

func concatNode(g *generator) {
	x := g.any()
	in := []*sample{x, x}
	for range g.IntN(3) {
		in = append(in, g.any())
	}
	if g.IntN(3) == 0 {
		in = append(in, g.like(x))
	}
	g.Shuffle(len(in), func(i, j int) { in[i], in[j] = in[j], in[i] })
	g.put("Concat", in[:1+g.IntN(len(in))], graph.IntAttr("axis", int64(g.IntN(len(x.shape())+1))))
}

// convNode is a convolution of a picture that stands as (N, C, H, W), or of one that has to
// be transposed first, often with a bias added or padding in front.
func convNode(g *generator) {
	x := g.any()
	if len(x.shape()) != 4 {
		return
	}
	back := false
	if g.IntN(3) == 0 {
		if x = g.try("Transpose", []*sample{x}, graph.IntsAttr("perm", 0, 3, 1, 2)); x == nil {
			return
		}
		back = true
	}
	if g.IntN(4) == 0 {
		x = g.padded(x, 0, 0, g.IntN(2), g.IntN(2), 0, 0, g.IntN(2), 1)
	}
	if x == nil {
		return
	}
	c, m := x.shape()[1], 1+g.IntN(4)
	if c > 40 {
		return
	}
	k := [][]int{{1, 1}, {3, 3}, {2, 3}}[g.IntN(3)]
	in := []*sample{x, g.constant(g.tensor([]int{m, c, k[0], k[1]}))}
	if g.IntN(2) == 0 {
		in = append(in, g.constant(g.tensor([]int{m})))
	}
	var attrs []*graph.Attr
	switch g.IntN(4) {
	case 0:
		attrs = append(attrs, graph.IntsAttr("pads", 1, 1, 1, 1))
	case 1:
		attrs = append(attrs, graph.StringAttr("auto_pad", []string{"SAME_UPPER", "SAME_LOWER", "VALID"}[g.IntN(3)]))
	}
	if g.IntN(4) == 0 {
		attrs = append(attrs, graph.IntsAttr("strides", 2, 1))
	}
	y := g.put("Conv", in, attrs...)
	if y != nil && g.IntN(3) == 0 {
		y = g.put("Add", g.either(y, g.constant(g.tensor([]int{1, m, 1, 1}))))
	}
	if y != nil && back {
		g.put("Transpose", []*sample{y}, graph.IntsAttr("perm", 0, 2, 3, 1))
	}
}

// padded is x with zeros around it.
func (g *generator) padded(x *sample, around ...int) *sample {
	if g.m.Opset("") < 11 {
		return g.try("Pad", []*sample{x}, graph.IntsAttr("pads", toInt64s(around)...))
	}
	in := []*sample{x, g.ints(around...)}
	if g.IntN(2) == 0 {
		in = append(in, g.constant(reference.FromFloat64s(graph.Float, nil, []float64{float64(g.IntN(3) / 2)})))
	}
	return g.try("Pad", in)
}

func padNode(g *generator) {
	x := g.any()
	around := make([]int, 2*len(x.shape()))
	for range 1 + g.IntN(2) {
		around[g.IntN(len(around))] = g.IntN(3) - g.IntN(2)
	}
	if y := g.padded(x, around...); y != nil && len(y.shape()) > 0 {
		g.values = append(g.values, y)
	}
}

func poolNode(g *generator) {
	x := g.any()
	rank := len(x.shape())
	if rank != 4 && rank != 5 {
		return
	}
	back := false
	if rank == 4 && g.IntN(3) == 0 {
		if x = g.try("Transpose", []*sample{x}, graph.IntsAttr("perm", 0, 3, 1, 2)); x == nil {
			return
		}
		back = true
	}
	if g.IntN(4) == 0 && rank == 4 {
		if x = g.padded(x, 0, 0, 1, 0, 0, 0, 0, 1); x == nil {
			return
		}
	}
	op := []string{"MaxPool", "AveragePool"}[g.IntN(2)]
	kernel := []int64{int64(1 + g.IntN(3)), int64(1 + g.IntN(3)), 1}[:rank-2]
	if g.IntN(4) == 0 && rank == 4 {
		kernel = []int64{int64(x.shape()[2]), int64(x.shape()[3])}
	}
	attrs := []*graph.Attr{graph.IntsAttr("kernel_shape", kernel...)}
	if g.IntN(3) == 0 {
		attrs = append(attrs, graph.IntsAttr("strides", []int64{2, 2, 1}[:rank-2]...))
	}
	switch g.IntN(5) {
	case 0:
		attrs = append(attrs, graph.IntsAttr("pads", []int64{1, 0, 0, 1, 0, 0, 0}[:2*(rank-2)]...))
		if op == "AveragePool" && g.m.Opset("") >= 7 {
			attrs = append(attrs, graph.IntAttr("count_include_pad", int64(g.IntN(2))))
		}
	case 1:
		attrs = append(attrs, graph.StringAttr("auto_pad", "SAME_UPPER"))
	case 2:
		if g.m.Opset("") >= 10 {
			attrs = append(attrs, graph.IntAttr("ceil_mode", 1))
		}
	}
	if op == "MaxPool" || g.IntN(3) > 0 {
		g.put(op, []*sample{x}, attrs...)
	} else {
		g.put([]string{"GlobalAveragePool", "GlobalMaxPool"}[g.IntN(2)], []*sample{x})
	}
	if back {
		g.put("Transpose", []*sample{g.values[len(g.values)-1]}, graph.IntsAttr("perm", 0, 2, 3, 1))
	}
}

func matMulNode(g *generator) {
	x := g.any()
	shape := x.shape()
	w := g.constant(g.tensor([]int{shape[len(shape)-1], 1 + g.IntN(4)}))
	y := g.put("MatMul", []*sample{x, w})
	if y != nil && g.IntN(2) == 0 {
		g.put("Add", g.either(y, g.like(y)))
	}
}

func gemmNode(g *generator) {
	x := g.any()
	if len(x.shape()) != 2 {
		return
	}
	m := 1 + g.IntN(4)
	w := []int{x.shape()[1], m}
	var attrs []*graph.Attr
	if g.IntN(2) == 0 {
		slices.Reverse(w)
		attrs = append(attrs, graph.IntAttr("transB", 1))
	}
	if g.IntN(4) == 0 {
		attrs = append(attrs, graph.FloatAttr("alpha", 0.5))
	}
	if g.IntN(4) == 0 {
		attrs = append(attrs, graph.FloatAttr("beta", 2))
	}
	in := []*sample{x, g.constant(g.tensor(w))}
	if g.IntN(2) == 0 || g.m.Opset("") < 11 {
		in = append(in, g.constant(g.tensor([][]int{{m}, {1, m}, {1}, {}}[g.IntN(4)])))
		if g.m.Opset("") < 7 {
			attrs = append(attrs, graph.IntAttr("broadcast", 1))
		}
	}
	y := g.put("Gemm", in, attrs...)
	if y != nil && g.IntN(2) == 0 {
		g.put([]string{"Add", "Sub", "Mul"}[g.IntN(3)], []*sample{y, g.constant(g.tensor([]int{m}))})
	}
}

// denseNode flattens what there is and multiplies it by a matrix.
func denseNode(g *generator) {
	x := g.put("Flatten", []*sample{g.any()})
	if x == nil || x.follows(1) {
		return
	}
	y := g.put("MatMul", []*sample{x, g.constant(g.tensor([]int{x.shape()[1], 1 + g.IntN(4)}))})
	if y != nil {
		g.put("Add", g.either(y, g.like(y)))
	}
}

// normalisation is that of a batch written as arithmetic, in one of its forms.
func normalisation(g *generator) {
	x := g.any()
	if len(x.shape()) < 2 || x.follows(1) || g.m.Opset("") < 7 {
		return
	}
	c := x.shape()[1]
	shape := append([]int{c}, slices.Repeat([]int{1}, len(x.shape())-2)...)
	variance := g.tensor(shape)
	for i, v := range variance.Floats {
		variance.Floats[i] = float64(float32(v*v + 0.1))
	}
	sigma := g.try("Sqrt", []*sample{g.try("Add", g.either(g.constant(variance), g.number(1e-3)))})
	gamma, beta, mean := g.constant(g.tensor(shape)), g.constant(g.tensor(shape)), g.constant(g.tensor(shape))
	var scale *sample
	switch g.IntN(3) {
	case 0:
		scale = g.try("Div", []*sample{gamma, sigma})
	case 1:
		scale = g.try("Mul", g.either(g.try("Reciprocal", []*sample{sigma}), gamma))
	default:
		scale = g.constant(g.tensor(shape))
	}
	switch g.IntN(3) {
	case 0:
		y := g.put("Mul", g.either(g.put("Sub", []*sample{x, mean}), scale))
		if g.IntN(3) > 0 {
			g.put("Add", g.either(y, beta))
		}
	case 1:
		shift := g.try("Sub", []*sample{beta, g.try("Mul", g.either(mean, scale))})
		g.put("Add", g.either(g.put("Mul", g.either(x, scale)), shift))
	default:
		g.put("Add", g.either(g.put("Mul", g.either(x, scale)), beta))
	}
}

func batchNormNode(g *generator) {
	x := g.any()
	if len(x.shape()) < 2 || x.follows(1) {
		return
	}
	in := []*sample{x}
	for k := range 4 {
		t := g.tensor([]int{x.shape()[1]})
		for i, v := range t.Floats {
			if k == 3 {
				t.Floats[i] = float64(float32(v*v + 0.1))
			}
		}
		in = append(in, g.constant(t))
	}
	var attrs []*graph.Attr
	if g.m.Opset("") < 7 {
		attrs = append(attrs, graph.IntAttr("is_test", 1))
	}
	g.put("BatchNormalization", in, attrs...)
}

func sliceNode(g *generator) {
	x := g.any()
	axis := g.IntN(len(x.shape()))
	if x.follows(axis) {
		return
	}
	from, to := g.IntN(3)-1, g.IntN(6)-1
	switch g.IntN(4) {
	case 0:
		from, to = 0, 1<<31
	case 1:
		from, to = -1, -1<<31
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
	y := g.put("AveragePool", []*sample{x}, graph.IntsAttr("kernel_shape", toInt64s(k)...))
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
