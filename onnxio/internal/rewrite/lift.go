package rewrite

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// Unlifted is an attribute that no operator has. It marks a node that could not be brought
// to the form of today, since the rank or the type of a value is not known or the old
// operator has no equal. Its value is a sentence that says why.
const Unlifted = "gonn.unlifted"

// WhyUnlifted says why a node could not be brought to the form of today, "" if it has been.
func WhyUnlifted(n *graph.Node) string {
	if a := n.Attr(Unlifted); a != nil {
		why, _ := a.Value.(string)
		return why
	}
	return ""
}

// lift gives nodes that do in today's operators what n does in the file's version of them.
func (w *work) lift(n *graph.Node) []*graph.Node {
	rule := lifts[n.OpType]
	if n.Standard() && w.alone(n) {
		n = w.copyOf(n)
		n.Outputs = n.Outputs[:1]
	}
	if nodes := w.unfused(n); nodes != nil {
		return nodes
	}
	if !n.Standard() || rule == nil && w.opset >= 6 && w.opset >= changed[n.OpType] {
		return []*graph.Node{n}
	}
	l := &lifting{w: w, n: w.copyOf(n)}
	if w.opset < 6 {
		unset(l.n, "consumed_inputs") // a hint about memory
	}
	switch {
	case rule == nil:
	case firstOutput(n) != "" && l.has(0):
		rule(l)
	case w.opset < w.target:
		l.fail("it has no input or no output")
	}
	if w.opset < min(changed[n.OpType], w.target) {
		l.fail("later opsets say otherwise what it does")
	}
	if l.why != "" {
		n = w.copyOf(n)
		n.Attrs = append(n.Attrs, graph.StringAttr(Unlifted, fmt.Sprintf("it is not read in its form of opset %d: %s", w.opset, l.why)))
		return []*graph.Node{n}
	}
	return append(l.before, append([]*graph.Node{l.n}, l.after...)...)
}

// alone reports whether the second result of a node, the mask of a Dropout or the indices of
// a MaxPool, is there but not used, as in most files.
func (w *work) alone(n *graph.Node) bool {
	return (n.OpType == "Dropout" || n.OpType == "MaxPool") && len(n.Outputs) == 2 && !w.isRead(n.Outputs[1])
}

// isRead reports whether a node of the file reads a value, or it is an output.
func (w *work) isRead(value string) bool {
	if w.read == nil {
		w.read = map[string]bool{}
		markRead(w.read, w.file.Graph.Nodes, w.file.Graph.Outputs)
	}
	return w.read[value]
}

// changed are operators of which a file of an opset before the given one means something
// that is not written in today's.
var changed = map[string]int64{
	"Upsample": 10, "Resize": 13, "TopK": 10, "Tile": 6, "LpPool": 2, "GlobalLpPool": 2, "GroupNormalization": 21, "RoiAlign": 16,
}

// lifting is a node on its way to today's form.
type lifting struct {
	w             *work
	n             *graph.Node // a copy, to be changed
	before, after []*graph.Node
	why           string // it cannot be brought there; "" if it can
}

// fail says why the node cannot be brought to today's form.
func (l *lifting) fail(format string, args ...any) {
	if l.why == "" {
		l.why = fmt.Sprintf(format, args...)
	}
}

func (w *work) copyOf(n *graph.Node) *graph.Node {
	c := *n
	c.Inputs, c.Outputs, c.Attrs = slices.Clone(n.Inputs), slices.Clone(n.Outputs), slices.Clone(n.Attrs)
	return w.like(&c, n)
}

// lifts are the operators of which an old version was written otherwise.
var lifts = map[string]func(l *lifting){
	"Add": liftBroadcast, "Sub": liftBroadcast, "Mul": liftBroadcast, "Div": liftBroadcast, "Pow": liftBroadcast,
	"And": liftBroadcast, "Or": liftBroadcast, "Xor": liftBroadcast,
	"Equal": liftBroadcast, "Greater": liftBroadcast, "Less": liftBroadcast,
	"PRelu":              liftPRelu,
	"Selu":               liftSelu,
	"Gemm":               func(l *lifting) { l.dropBefore(7, "broadcast") },
	"Cast":               liftCast,
	"BatchNormalization": liftBatchNorm,
	"Dropout":            liftDropout,
	"Clip":               liftClip,
	"Pad":                liftPad,
	"Slice":              liftSlice,
	"Reshape":            func(l *lifting) { l.intsToInput("shape", 1) },
	"Squeeze":            func(l *lifting) { l.intsToInput("axes", 1) },
	"Unsqueeze":          func(l *lifting) { l.intsToInput("axes", 1) },
	"Split":              func(l *lifting) { l.intsToInput("split", 1) },
	"Concat":             liftConcat,
	"Softmax":            liftSoftmax,
	"LogSoftmax":         liftSoftmax,
	"Hardmax":            liftSoftmax,
}

func init() {
	for _, op := range reductions {
		lifts[op] = func(l *lifting) { l.intsToInput("axes", 1) }
	}
}

func (l *lifting) dropBefore(opset int64, names ...string) {
	if l.w.opset < opset {
		unset(l.n, names...)
	}
}

// input gives the node a value as operand k.
func (l *lifting) input(k int, value string) {
	for len(l.n.Inputs) <= k {
		l.n.Inputs = append(l.n.Inputs, "")
	}
	l.n.Inputs[k] = value
}

// has reports whether operand k is there.
func (l *lifting) has(k int) bool { return k < len(l.n.Inputs) && l.n.Inputs[k] != "" }

// intsToInput turns a list attribute into operand k.
func (l *lifting) intsToInput(name string, k int) {
	a := l.n.Attr(name)
	if a == nil || l.has(k) {
		return
	}
	if v, ok := a.Value.([]int64); ok {
		l.input(k, l.w.ints(l.n.Outputs[0]+"."+name, toInts(v)...))
		unset(l.n, name)
	}
}

// floatToInput turns a number attribute into operand k, of the type of operand 0.
func (l *lifting) floatToInput(name string, k int) {
	a := l.n.Attr(name)
	if a == nil || l.has(k) {
		return
	}
	v, ok := a.Value.(float32)
	if !ok {
		l.fail("attribute %s is of kind %s, it must be FLOAT", name, a.Kind())
		return
	}
	t, err := graph.FromFloat64s("", l.w.facts[l.n.Inputs[0]].typ, nil, []float64{float64(v)})
	if err != nil {
		l.fail("the element type of its input is not known, or has no fractions")
		return
	}
	l.input(k, l.w.constant(t, l.n.Outputs[0]+"."+name))
	unset(l.n, name)
}

// liftBroadcast: before opset 7 the second operand was brought to the shape of the first
// only if the attribute broadcast said so, and its axes could begin at an axis.
func liftBroadcast(l *lifting) {
	axis, err := l.n.Int("axis", 0)
	if l.w.opset >= 7 {
		return
	}
	if l.n.Attr("axis") != nil {
		if err != nil || !l.has(1) {
			l.fail("attribute axis is of another kind than INT, or there is no second operand")
			return
		}
		a, b := l.w.rank(l.n.Inputs[0]), l.w.rank(l.n.Inputs[1])
		if a < 0 || b < 0 || axis < 0 || axis > int64(a-b) {
			l.fail("attribute axis is %d, which does not fit the shapes of its operands, or these are not known", axis)
			return
		}
		l.unsqueezeBehind(1, a-int(axis)-b)
	}
	l.dropBefore(7, "broadcast", "axis")
}

// unsqueezeBehind gives operand k so many axes of 1 behind its own.
func (l *lifting) unsqueezeBehind(k, count int) {
	if count <= 0 {
		return
	}
	axes := make([]int, count)
	for i := range axes {
		axes[i] = -1 - i
	}
	from := l.n.Inputs[k]
	to := l.w.unique(from + ".axes")
	u := &graph.Node{OpType: "Unsqueeze", Inputs: []string{from, l.w.ints(to+".at", axes...)}, Outputs: []string{to}}
	l.before = append(l.before, l.w.like(u, l.n))
	l.n.Inputs[k] = to
}

// liftPRelu: before opset 7 a slope of one axis belonged to the channels.
func liftPRelu(l *lifting) {
	if l.w.opset >= 7 || !l.has(1) {
		return
	}
	x, slope := l.w.rank(l.n.Inputs[0]), l.w.rank(l.n.Inputs[1])
	switch {
	case x < 0 || slope < 0:
		l.fail("the shape of its input or of its slope is not known")
	case slope == 1 && x > 2 && l.w.dims(l.n.Inputs[1])[0] != 1:
		l.unsqueezeBehind(1, x-2)
	}
}

// liftCast: the type was a word before opset 6.
func liftCast(l *lifting) {
	if l.w.opset >= 6 {
		return
	}
	name, err := l.n.String("to", "")
	for t := graph.Float; err == nil && t <= graph.BFloat16; t++ {
		if t.String() == name {
			unset(l.n, "to")
			l.n.Attrs = append(l.n.Attrs, graph.IntAttr("to", int64(t)))
			return
		}
	}
	l.fail("attribute to is %q, which is no element type", name)
}

// liftSelu: before opset 6 the constants had fewer digits.
func liftSelu(l *lifting) {
	if l.w.opset >= 6 {
		return
	}
	if l.n.Attr("alpha") == nil {
		l.n.Attrs = append(l.n.Attrs, graph.FloatAttr("alpha", 1.6732))
	}
	if l.n.Attr("gamma") == nil {
		l.n.Attrs = append(l.n.Attrs, graph.FloatAttr("gamma", 1.0507))
	}
}

// liftDropout: the ratio was an attribute before opset 12, and the mask a number before 10.
func liftDropout(l *lifting) {
	l.dropBefore(7, "is_test")
	if l.n.Attr("ratio") == nil && !l.has(1) && l.w.opset < 12 {
		l.n.Attrs = append(l.n.Attrs, graph.FloatAttr("ratio", 0.5))
	}
	l.floatToInput("ratio", 1)
	if len(l.n.Outputs) < 2 || l.n.Outputs[1] == "" || l.w.opset >= 10 {
		return
	}
	mask := l.n.Outputs[1]
	l.n.Outputs[1] = l.w.unique(mask + ".bool")
	l.after = append(l.after, l.w.like(&graph.Node{OpType: "CastLike", Inputs: []string{l.n.Outputs[1], l.n.Inputs[0]}, Outputs: []string{mask}}, l.n))
}

func liftClip(l *lifting) {
	if l.w.opset < 11 {
		l.floatToInput("min", 1)
		l.floatToInput("max", 2)
	}
}

func liftPad(l *lifting) {
	if l.w.opset >= 11 {
		return
	}
	l.intsToInput("paddings", 1) // its name in opset 1
	l.intsToInput("pads", 1)
	l.floatToInput("value", 2)
}

func liftSlice(l *lifting) {
	l.intsToInput("starts", 1)
	l.intsToInput("ends", 2)
	l.intsToInput("axes", 3)
}

// liftConcat: in opset 1 the axis was 1 unless said otherwise.
func liftConcat(l *lifting) {
	if l.w.opset < 4 && l.n.Attr("axis") == nil {
		l.n.Attrs = append(l.n.Attrs, graph.IntAttr("axis", 1))
	}
}

// liftSoftmax: before opset 13 the axes from the given one on were taken as one, as a
// Flatten does.
func liftSoftmax(l *lifting) {
	axis, err := l.n.Int("axis", 1)
	if l.w.opset >= 13 || err != nil || len(l.n.Outputs) != 1 {
		return
	}
	x, y := l.n.Inputs[0], l.n.Outputs[0]
	if dims := l.w.dims(x); dims != nil {
		behind := dims[min(clampAxis(axis, len(dims))+1, len(dims)):]
		if !slices.ContainsFunc(behind, func(d int) bool { return d != 1 }) {
			set(l.n, graph.IntAttr("axis", axis))
			return
		}
	}
	flat, soft, shape := l.w.unique(y+".flat"), l.w.unique(y+".soft"), l.w.unique(y+".shape")
	l.before = append(l.before,
		l.w.like(&graph.Node{OpType: "Shape", Inputs: []string{x}, Outputs: []string{shape}}, l.n),
		l.w.like(&graph.Node{OpType: "Flatten", Inputs: []string{x}, Outputs: []string{flat}, Attrs: []*graph.Attr{graph.IntAttr("axis", axis)}}, l.n))
	l.n.Inputs[0], l.n.Outputs[0] = flat, soft
	set(l.n, graph.IntAttr("axis", 1))
	l.after = append(l.after, l.w.like(&graph.Node{OpType: "Reshape", Inputs: []string{soft, shape}, Outputs: []string{y},
		Attrs: []*graph.Attr{graph.IntAttr("allowzero", 1)}}, l.n))
}
