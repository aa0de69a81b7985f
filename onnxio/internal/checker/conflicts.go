package checker

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
	"github.com/gonn-toolkit/gonn/onnxio/internal/schema"
	"github.com/gonn-toolkit/gonn/onnxio/internal/shapeinfer"
)

// operands are those of a node in today's form. A dimension that is not known is ir.BatchDim.
type operands struct {
	g *ir.Graph
	n *graph.Node
}

// dims is the shape of operand k, nil if it is not known or left out.
func (o *operands) dims(k int) []int {
	if k >= len(o.n.Inputs) || o.n.Inputs[k] == "" {
		return nil
	}
	return o.g.Dims(o.n.Inputs[k])
}

// ints is operand k if its value is known.
func (o *operands) ints(k int) ([]int64, bool) { return shapeinfer.FixedInts(o.g, o.n, k) }

// at names operand k in messages.
func (o *operands) at(k int) string { return fmt.Sprintf("input %d %q", k, o.n.Inputs[k]) }

// of names operand k and its shape.
func (o *operands) of(k int) string {
	return fmt.Sprintf("%s of shape %s", o.at(k), shapeText(o.dims(k)))
}

// conflictRule returns an error if the shapes of operands contradict each other or the settings.
type conflictRule func(o *operands) error

// conflicts are the rules by operator.
var conflicts = map[string]conflictRule{}

func init() {
	for op := range schema.Broadcasting {
		conflicts[op] = broadcasts
	}
	for _, op := range schema.Reductions {
		conflicts[op] = axesIn(1)
	}
	for op, rule := range map[string]conflictRule{
		"MatMul":                multiplies,
		"Gemm":                  all(rank(0, 2, 2), rank(1, 2, 2), multiplies),
		"Conv":                  all(rank(0, 3, 0), sameRank(0, 1), channels, windows),
		"ConvTranspose":         all(rank(0, 3, 0), sameRank(0, 1), positive("group"), windows),
		"MaxPool":               all(rank(0, 3, 0), windows),
		"AveragePool":           all(rank(0, 3, 0), windows),
		"LpPool":                all(rank(0, 3, 0), windows),
		"GlobalAveragePool":     rank(0, 2, 0),
		"GlobalMaxPool":         rank(0, 2, 0),
		"BatchNormalization":    all(perChannel(1, 2, 3, 4), trains),
		"InstanceNormalization": perChannel(1, 2),
		"LayerNormalization":    axisIn(-1, 0),
		"RMSNormalization":      axisIn(-1, 0),
		"LpNormalization":       axisIn(-1, 0),
		"Scatter":               axisIn(0, 0),
		"ScatterElements":       axisIn(0, 0),
		"Flatten":               axisIn(1, 1),
		"Softmax":               axisIn(-1, 0),
		"LogSoftmax":            axisIn(-1, 0),
		"Hardmax":               axisIn(-1, 0),
		"ArgMax":                axisIn(0, 0),
		"ArgMin":                axisIn(0, 0),
		"TopK":                  axisIn(-1, 0),
		"GatherElements":        axisIn(0, 0),
		"Gather":                axisIn(0, 0),
		"Split":                 all(axisIn(0, 0), splits),
		"Concat":                all(axisIn(0, 0), joins),
		"Transpose":             permutes,
		"Reshape":               reshapes,
		"Squeeze":               all(axesIn(1), squeezes),
		"Unsqueeze":             unsqueezes,
		"Pad":                   all(pads, elements(2, 1)),
		"Expand":                expands,
		"Slice":                 slicesAxes,
		"Tile":                  repeats,
		"Trilu":                 rank(0, 2, 0),
		"Compress":              axisIn(0, 0),
		"DepthToSpace":          all(rank(0, 4, 4), positive("blocksize")),
		"SpaceToDepth":          all(rank(0, 4, 4), positive("blocksize")),
		"Dropout":               all(number(1), number(2)),
		"GatherND":              gathers,
		"RoiAlign":              all(rank(0, 4, 4), rank(1, 2, 2), rank(2, 1, 1), sameCount(1, 2)),
		"RotaryEmbedding":       heads,
		"ReverseSequence":       all(rank(0, 2, 0), rank(1, 1, 1)),
		"Constant":              oneValue,
		"Resize":                scaled,
		"OneHot":                all(insertsAxis, elements(1, 1), elements(2, 2)),
	} {
		conflicts[op] = rule
	}
}

// all is the first error of several rules.
func all(rules ...conflictRule) conflictRule {
	return func(o *operands) error {
		for _, rule := range rules {
			if err := rule(o); err != nil {
				return err
			}
		}
		return nil
	}
}

// fits reports whether two dimensions may be equal.
func fits(a, b int) bool { return a == b || a == ir.BatchDim || b == ir.BatchDim }

// fitsOrOne reports whether two dimensions may be brought to one.
func fitsOrOne(a, b int) bool { return a == 1 || b == 1 || fits(a, b) }

// broadcasts wants shapes that can be brought to one.
func broadcasts(o *operands) error {
	var from []int // the operand that decides each axis, counted from the last
	for k := range o.n.Inputs {
		x := o.dims(k)
		for i := 1; i <= len(x); i++ {
			if i > len(from) {
				from = append(from, k)
				continue
			}
			before := o.dims(from[i-1])
			switch d := before[len(before)-i]; {
			case !fitsOrOne(d, x[len(x)-i]):
				return fmt.Errorf("%s and %s do not broadcast", o.of(from[i-1]), o.of(k))
			case d == 1 || d == ir.BatchDim && x[len(x)-i] != 1:
				from[i-1] = k
			}
		}
	}
	return nil
}

// multiplies wants as many columns as rows.
func multiplies(o *operands) error {
	a, b := o.dims(0), o.dims(1)
	if a == nil || b == nil {
		return nil
	}
	if len(a) == 0 || len(b) == 0 {
		return fmt.Errorf("%s and %s: there is a number where a matrix must be", o.of(0), o.of(1))
	}
	columns, rows := a[len(a)-1], b[max(len(b)-2, 0)]
	if transposed, _ := o.n.Int("transA", 0); transposed != 0 {
		columns = a[0]
	}
	if transposed, _ := o.n.Int("transB", 0); transposed != 0 {
		rows = b[1]
	}
	if !fits(columns, rows) {
		return fmt.Errorf("%s and %s cannot be multiplied", o.of(0), o.of(1))
	}
	for i := 3; i <= min(len(a), len(b)); i++ {
		if !fitsOrOne(a[len(a)-i], b[len(b)-i]) {
			return fmt.Errorf("%s and %s do not broadcast", o.of(0), o.of(1))
		}
	}
	return nil
}

// perChannel wants operands of one number a channel.
func perChannel(at ...int) conflictRule {
	return func(o *operands) error {
		x := o.dims(0)
		for _, k := range at {
			d := o.dims(k)
			if d == nil {
				continue
			}
			if len(d) != 1 || len(x) > 1 && !fits(d[0], x[1]) {
				return fmt.Errorf("%s must have one number for each channel of %s", o.of(k), o.of(0))
			}
		}
		return nil
	}
}

// repeats wants a number for each axis.
func repeats(o *operands) error {
	x, times := o.dims(0), o.dims(1)
	if x == nil || len(times) != 1 || fits(times[0], len(x)) {
		return nil
	}
	return fmt.Errorf("%s must have a number for each axis of %s", o.of(1), o.of(0))
}

// expands wants a shape that the operand's can be brought to.
func expands(o *operands) error {
	x := o.dims(0)
	to, known := o.ints(1)
	if x == nil || !known {
		return nil
	}
	for i := 1; i <= min(len(x), len(to)); i++ {
		if !fitsOrOne(x[len(x)-i], ir.ToInt(to[len(to)-i])) {
			return fmt.Errorf("%s cannot be expanded to %v", o.of(0), to)
		}
	}
	return nil
}

// joins wants shapes that differ on the axis only.
func joins(o *operands) error {
	axis, err := o.n.Int("axis", 0)
	first := o.dims(0)
	if err != nil || first == nil {
		return nil
	}
	for k := 1; k < len(o.n.Inputs); k++ {
		d := o.dims(k)
		if d == nil {
			continue
		}
		differ := len(d) != len(first)
		for i := 0; !differ && i < len(d); i++ {
			differ = !fits(d[i], first[i]) && int64(i) != axis && int64(i-len(d)) != axis
		}
		if differ {
			return fmt.Errorf("%s and %s cannot be joined on axis %d", o.of(0), o.of(k), axis)
		}
	}
	return nil
}

// splits wants parts that add up to the axis.
func splits(o *operands) error {
	x := o.dims(0)
	parts, known := o.ints(1)
	axis, _ := o.n.Int("axis", 0)
	whole := (len(o.n.Inputs) < 2 || o.n.Inputs[1] == "") && o.n.Attr("num_outputs") == nil
	outputs, err := o.n.Int("num_outputs", int64(len(o.n.Outputs)))
	switch {
	case err == nil && outputs != int64(len(o.n.Outputs)):
		return fmt.Errorf("attribute \"num_outputs\" is %d, but there are %d outputs", outputs, len(o.n.Outputs))
	case whole && o.g.Opset >= 18:
		return fmt.Errorf("it has neither the input split nor attribute \"num_outputs\"")
	case x == nil:
		return nil
	}
	d := x[shapeinfer.ClampAxis(axis, len(x))]
	if whole && d > 0 && d%len(o.n.Outputs) != 0 {
		return fmt.Errorf("axis %d of %s cannot be split evenly in %d", axis, o.of(0), len(o.n.Outputs))
	}
	if !known {
		return nil
	}
	if len(parts) != len(o.n.Outputs) {
		return fmt.Errorf("%s has %d parts, but there are %d outputs", o.at(1), len(parts), len(o.n.Outputs))
	}
	sum, negative := int64(0), false
	for _, p := range parts {
		sum, negative = sum+p, negative || p < 0
	}
	if negative || d != ir.BatchDim && sum != int64(d) {
		return fmt.Errorf("%s has parts %v, which do not make up axis %d of %s", o.at(1), parts, axis, o.of(0))
	}
	return nil
}

// oneValue wants one attribute, which is the constant.
func oneValue(o *operands) error {
	if len(o.n.Attrs) != 1 {
		return fmt.Errorf("it has %d attributes with a value, Constant has one", len(o.n.Attrs))
	}
	return nil
}

// trains wants one result where a normalisation does not train.
func trains(o *operands) error {
	mode, err := o.n.Int("training_mode", 0)
	if err == nil && mode == 0 && o.g.Opset >= 14 && len(o.n.Outputs) > 1 {
		return fmt.Errorf("it has %d outputs, without attribute \"training_mode\" it gives 1", len(o.n.Outputs))
	}
	return nil
}

// scaled wants factors or sizes, not both. One of no elements is not given.
func scaled(o *operands) error {
	given, open, x := 0, 0, o.dims(0)
	count := len(x)
	if axes, err := o.n.Ints("axes", nil); err == nil && axes != nil {
		if _, ok := shapeinfer.FromFront(axes, len(x)); x != nil && !ok {
			return fmt.Errorf("attribute \"axes\" is %v, of which %s does not have all", axes, o.of(0))
		}
		count = len(axes)
	}
	for k := 2; k < len(o.n.Inputs); k++ {
		switch d := o.dims(k); {
		case o.n.Inputs[k] == "" || len(d) == 1 && d[0] == 0:
		case d == nil || len(d) == 1 && d[0] == ir.BatchDim:
			open++
		case x != nil && len(d) == 1 && d[0] != count:
			return fmt.Errorf("%s must have a number for each of %d axes of %s", o.of(k), count, o.of(0))
		default:
			given++
		}
	}
	if given == 1 || given == 0 && open > 0 || len(o.n.Inputs) == 2 && o.n.Inputs[1] != "" { // of opset 10
		return nil
	}
	return fmt.Errorf("it has %d of the inputs scales and sizes, it must have one", given)
}
