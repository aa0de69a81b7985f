package rewrite_test

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
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
	g.put("Transpose", []*sample{x}, graph.IntsAttr("perm", ir.ToInt64s(perm)...))
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
