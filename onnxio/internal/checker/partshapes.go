package checker

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
	"github.com/gonn-toolkit/gonn/onnxio/internal/shapeinfer"
)

// partShapes are what is known of the shape of a first result where the operands that decide
// it are computed when the model runs: some dimensions, or only how many there are. The others
// are ir.BatchDim.
var partShapes = map[string]func(o *operands) []int{
	"AveragePool":     pooled,
	"Compress":        compressed,
	"ConstantOfShape": func(o *operands) []int { return o.axesBy(0) },
	"ConvTranspose":   upsampled,
	"Expand":          expanded,
	"LpPool":          pooled,
	"MaxPool":         pooled,
	"NonZero":         positions,
	"OneHot":          hot,
	"Pad":             sameAxes,
	"Range":           func(*operands) []int { return open(1, true) },
	"Resize":          sameAxes,
	"Reshape":         func(o *operands) []int { return o.axesBy(1) },
	"Slice":           sameAxes,
	"Tile":            sameAxes,
	"Upsample":        sameAxes,
}

// open is a shape of so many dimensions that are not known; nil if that is not either.
func open(rank int, known bool) []int {
	if !known {
		return nil
	}
	shape := make([]int, rank)
	for i := range shape {
		shape[i] = ir.BatchDim
	}
	return shape
}

// sameAxes has as many dimensions as the operand.
func sameAxes(o *operands) []int {
	x := o.dims(0)
	return open(len(x), x != nil)
}

// axesBy is a shape that operand k holds, of which the length is known.
func (o *operands) axesBy(k int) []int {
	d := o.dims(k)
	return open(max(append(d, 0)[0], 0), len(d) == 1 && d[0] >= 0 && d[0] <= graph.MaxRank)
}

func compressed(o *operands) []int {
	x := slices.Clone(o.dims(0))
	if o.n.Attr("axis") == nil {
		return open(1, true)
	}
	axis, err := o.n.Int("axis", 0)
	front, ok := shapeinfer.FromFront([]int64{axis}, len(x))
	if err != nil || !ok {
		return nil
	}
	x[front[0]] = ir.BatchDim
	return x
}

// pooled has the samples and channels of the operand.
func pooled(o *operands) []int {
	x := slices.Clone(o.dims(0))
	for i := 2; i < len(x); i++ {
		x[i] = ir.BatchDim
	}
	return x
}

// upsampled has the samples of the operand and the channels of the weight.
func upsampled(o *operands) []int {
	shape, w := pooled(o), o.dims(1)
	group, err := o.n.Int("group", 1)
	if len(shape) < 2 || len(w) < 2 || err != nil || w[1] < 0 || group < 1 || group > 1<<20 || w[1] > 1<<20 {
		return open(len(shape), shape != nil)
	}
	shape[1] = w[1] * int(group)
	return shape
}

// expanded has the dimensions of the operand that are not 1.
func expanded(o *operands) []int {
	x, to := o.dims(0), o.axesBy(1)
	if x == nil || to == nil {
		return nil
	}
	shape := open(max(len(x), len(to)), true)
	for i := 1; i <= len(x); i++ {
		if d := x[len(x)-i]; d != 1 {
			shape[len(shape)-i] = d
		}
	}
	return shape
}

func positions(o *operands) []int {
	x := o.dims(0)
	if x == nil {
		return nil
	}
	return []int{len(x), ir.BatchDim}
}

// hot has the dimensions of the positions, and the depth among them.
func hot(o *operands) []int { return o.withDepth(o.dims(0), ir.BatchDim) }

// inPart enters what is known of the first result of a node of which no more is.
func (w *walker) inPart(n *graph.Node) {
	rule := partShapes[n.OpType]
	if rule == nil || !n.Standard() || len(n.Inputs) == 0 || len(n.Outputs) == 0 {
		return
	}
	name := n.Outputs[0]
	f := w.g.Facts[name]
	if f.Shape[0] != nil && f.Shape[1] != nil {
		return
	}
	shape := rule(&operands{w.g, n})
	if shape == nil {
		return
	}
	v := &graph.Value{Name: name}
	for _, d := range shape {
		v.Shape = append(v.Shape, graph.Dim{Size: int64(d)})
	}
	f.Shape = w.probes(v)
	w.g.Facts[name] = f
}
