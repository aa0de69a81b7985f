package checker

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
	"github.com/gonn-toolkit/gonn/onnxio/internal/shapeinfer"
)

// standIn is an operator whose shapes another has too, and the operands that these depend on.
type standIn struct {
	op string
	in []int
}

// standIns are the operators that the passes do not look into, but whose shapes are those of
// one that they do.
var standIns = map[string]standIn{
	"BitwiseNot":                {"Identity", []int{0}},
	"Bernoulli":                 {"Identity", []int{0}},
	"CumProd":                   {"Identity", []int{0}},
	"DequantizeLinear":          {"Identity", []int{0}},
	"EyeLike":                   {"Identity", []int{0}},
	"MeanVarianceNormalization": {"Identity", []int{0}},
	"QuantizeLinear":            {"Identity", []int{0}},
	"RMSNormalization":          {"Identity", []int{0}},
	"RandomNormalLike":          {"Identity", []int{0}},
	"RandomUniformLike":         {"Identity", []int{0}},
	"ReverseSequence":           {"Identity", []int{0}},
	"RotaryEmbedding":           {"Identity", []int{0}},
	"Scatter":                   {"Identity", []int{0}},
	"ScatterElements":           {"Identity", []int{0}},
	"ScatterND":                 {"Identity", []int{0}},
	"TensorScatter":             {"Identity", []int{0}},
	"GatherElements":            {"Identity", []int{1}},
	"BitShift":                  {"Add", []int{0, 1}},
	"BitwiseAnd":                {"Add", []int{0, 1}},
	"BitwiseOr":                 {"Add", []int{0, 1}},
	"BitwiseXor":                {"Add", []int{0, 1}},
	"ConvInteger":               {"Conv", []int{0, 1}},
	"QLinearConv":               {"Conv", []int{0, 3}},
	"MatMulInteger":             {"MatMul", []int{0, 1}},
	"QLinearMatMul":             {"MatMul", []int{0, 3}},
}

// byStandIn enters the shape of the first result of a node that another operator stands for.
func (w *walker) byStandIn(n *graph.Node, s standIn) error {
	if !n.Standard() {
		return nil
	}
	other := &graph.Node{Name: n.Name, OpType: s.op, Outputs: n.Outputs}
	for _, k := range s.in {
		if k >= len(n.Inputs) {
			return nil
		}
		other.Inputs = append(other.Inputs, n.Inputs[k])
	}
	if s.op == "Conv" {
		other.Attrs = n.Attrs
	}
	if err := w.conflict(other); err != nil {
		return err
	}
	f := ir.Fact{}
	for p := range f.Shape {
		if shapes := shapeinfer.Shapes(w.g, other, p); len(shapes) > 0 {
			f.Shape[p] = shapes[0]
		}
	}
	w.g.Facts[n.Outputs[0]] = f
	return nil
}

// ownShapes are the shapes of the first results of other operators that the passes do not
// look into, under one size of each symbol; nil if it is not known.
var ownShapes = map[string]func(o *operands, p int) []int{
	"ArgMax":       reduced,
	"ArgMin":       reduced,
	"Resize":       resized,
	"DepthToSpace": func(o *operands, p int) []int { return blocks(o, p, false) },
	"SpaceToDepth": func(o *operands, p int) []int { return blocks(o, p, true) },
	"OneHot":       oneHot,
	"GatherND":     gatheredND,
	"RoiAlign":     aligned,
}

// in is the shape of operand k under one size of each symbol, nil if it is not known.
func (o *operands) in(k, p int) []int {
	if k >= len(o.n.Inputs) || o.n.Inputs[k] == "" {
		return nil
	}
	return o.g.Facts[o.n.Inputs[k]].Shape[p]
}

func reduced(o *operands, p int) []int {
	x := o.in(0, p)
	axis, err1 := o.n.Int("axis", 0)
	keep, err2 := o.n.Int("keepdims", 1)
	front, ok := shapeinfer.FromFront([]int64{axis}, len(x))
	if x == nil || !ok || err1 != nil || err2 != nil {
		return nil
	}
	shape := append([]int{}, x[:front[0]]...)
	if keep != 0 {
		shape = append(shape, 1)
	}
	return append(shape, x[front[0]+1:]...)
}

// resized is for a size, or factors, that are known.
func resized(o *operands, p int) []int {
	x := o.in(0, p)
	if x == nil || len(o.n.Inputs) < 3 || o.n.Attr("axes") != nil || o.n.Attr("keep_aspect_ratio_policy") != nil {
		return nil
	}
	if to, known := o.ints(3); known && len(to) == len(x) {
		return ir.ToInts(to)
	}
	factors := o.g.Floats(o.n.Inputs[2])
	if len(factors) != len(x) {
		return nil
	}
	shape := make([]int, len(x))
	for i, d := range x {
		shape[i] = int(float64(d) * min(max(factors[i], 0), 1<<20))
	}
	return shape
}

// blocks is for squares of pixels that become channels, or the other way round.
func blocks(o *operands, p int, toDepth bool) []int {
	x := o.in(0, p)
	size, err := o.n.Int("blocksize", 0)
	b := ir.ToInt(size)
	switch {
	case len(x) != 4 || err != nil || b < 1 || b > 1<<15:
		return nil
	case toDepth:
		return []int{x[0], x[1] * b * b, x[2] / b, x[3] / b}
	}
	return []int{x[0], x[1] / (b * b), x[2] * b, x[3] * b}
}

func oneHot(o *operands, p int) []int {
	depth, known := o.ints(1)
	if !known || len(depth) != 1 {
		return nil
	}
	return o.withDepth(o.in(0, p), ir.ToInt(depth[0]))
}

// withDepth is the shape of the positions of a OneHot with its depth at attribute axis; nil if
// it is not known.
func (o *operands) withDepth(at []int, depth int) []int {
	axis, err := o.n.Int("axis", -1)
	front, ok := shapeinfer.FromFront([]int64{axis}, len(at)+1)
	if at == nil || err != nil || !ok {
		return nil
	}
	return slices.Insert(slices.Clone(at), front[0], depth)
}

func gatheredND(o *operands, p int) []int {
	x, at := o.in(0, p), o.in(1, p)
	batch, err := o.n.Int("batch_dims", 0)
	if x == nil || len(at) == 0 || err != nil || batch < 0 {
		return nil
	}
	from := int(min(batch, 1<<10)) + at[len(at)-1]
	if from > len(x) {
		return nil
	}
	return slices.Concat(at[:len(at)-1], x[from:])
}

func aligned(o *operands, p int) []int {
	x, regions := o.in(0, p), o.in(1, p)
	height, err1 := o.n.Int("output_height", 1)
	width, err2 := o.n.Int("output_width", 1)
	if len(x) != 4 || len(regions) != 2 || err1 != nil || err2 != nil {
		return nil
	}
	return []int{regions[0], x[1], ir.ToInt(height), ir.ToInt(width)}
}
