package rewrite_test

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

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
		return g.try("Pad", []*sample{x}, graph.IntsAttr("pads", ir.ToInt64s(around)...))
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
