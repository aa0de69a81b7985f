package opset

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
	"github.com/gonn-toolkit/gonn/onnxio/internal/schema"
	"github.com/gonn-toolkit/gonn/onnxio/internal/shapeinfer"
)

// NotUpgraded is an attribute that no operator has. It marks a node that could not be brought
// to the form of today, since the rank or the type of a value is not known or the old
// operator has no equal. Its value is a sentence that says why.
const NotUpgraded = "gonn.notUpgraded"

// WhyNotUpgraded says why a node could not be brought to the form of today, "" if it has been.
func WhyNotUpgraded(n *graph.Node) string {
	if a := n.Attr(NotUpgraded); a != nil {
		why, _ := a.Value.(string)
		return why
	}
	return ""
}

// Upgrader upgrades the nodes of a graph.
type Upgrader struct {
	*ir.Graph
	read map[string]bool // values that the file reads, once isRead was asked
}

// Upgrade gives nodes that do in today's operators what n does in the file's version of them.
func (u *Upgrader) Upgrade(n *graph.Node) []*graph.Node {
	rule := upgrades[n.OpType]
	if n.Standard() && u.alone(n) {
		n = u.CopyOf(n)
		n.Outputs = n.Outputs[:1]
	}
	if nodes := u.unfused(n); nodes != nil {
		return nodes
	}
	if !n.Standard() || rule == nil && u.Opset >= 6 && u.Opset >= changed[n.OpType] {
		return []*graph.Node{n}
	}
	l := &upgrade{g: u.Graph, n: u.CopyOf(n)}
	if u.Opset < 6 {
		ir.UnsetAttr(l.n, "consumed_inputs") // a hint about memory
	}
	switch {
	case rule == nil:
	case schema.FirstOutput(n) != "" && l.has(0):
		rule(l)
	case u.Opset < u.Target:
		l.fail("it has no input or no output")
	}
	if u.Opset < min(changed[n.OpType], u.Target) {
		l.fail("later opsets say otherwise what it does")
	}
	if l.why != "" {
		n = u.CopyOf(n)
		n.Attrs = append(n.Attrs, graph.StringAttr(NotUpgraded, fmt.Sprintf("it is not read in its form of opset %d: %s", u.Opset, l.why)))
		return []*graph.Node{n}
	}
	return append(l.before, append([]*graph.Node{l.n}, l.after...)...)
}

// alone reports whether the second result of a node, the mask of a Dropout or the indices of
// a MaxPool, is there but not used, as in most files.
func (u *Upgrader) alone(n *graph.Node) bool {
	return (n.OpType == "Dropout" || n.OpType == "MaxPool") && len(n.Outputs) == 2 && !u.isRead(n.Outputs[1])
}

// isRead reports whether a node of the file reads a value, or it is an output.
func (u *Upgrader) isRead(value string) bool {
	if u.read == nil {
		u.read = map[string]bool{}
		ir.MarkRead(u.read, u.File.Graph.Nodes, u.File.Graph.Outputs)
	}
	return u.read[value]
}

// changed are operators of which a file of an opset before the given one means something
// that is not written in today's.
var changed = map[string]int64{
	"Upsample": 10, "Resize": 13, "TopK": 10, "Tile": 6, "LpPool": 2, "GlobalLpPool": 2, "GroupNormalization": 21, "RoiAlign": 16,
}

// upgrade is a node on its way to today's form.
type upgrade struct {
	g             *ir.Graph
	n             *graph.Node // a copy, to be changed
	before, after []*graph.Node
	why           string // it cannot be brought there; "" if it can
}

// fail says why the node cannot be brought to today's form.
func (l *upgrade) fail(format string, args ...any) {
	if l.why == "" {
		l.why = fmt.Sprintf(format, args...)
	}
}

// upgrades are the operators of which an old version was written otherwise.
var upgrades = map[string]func(l *upgrade){
	"Add": upgradeBroadcast, "Sub": upgradeBroadcast, "Mul": upgradeBroadcast, "Div": upgradeBroadcast, "Pow": upgradeBroadcast,
	"And": upgradeBroadcast, "Or": upgradeBroadcast, "Xor": upgradeBroadcast,
	"Equal": upgradeBroadcast, "Greater": upgradeBroadcast, "Less": upgradeBroadcast,
	"PRelu":              upgradePRelu,
	"Selu":               upgradeSelu,
	"Gemm":               func(l *upgrade) { l.dropBefore(7, "broadcast") },
	"Cast":               upgradeCast,
	"BatchNormalization": upgradeBatchNorm,
	"Dropout":            upgradeDropout,
	"Clip":               upgradeClip,
	"Pad":                upgradePad,
	"Slice":              upgradeSlice,
	"Reshape":            func(l *upgrade) { l.intsToInput("shape", 1) },
	"Squeeze":            func(l *upgrade) { l.intsToInput("axes", 1) },
	"Unsqueeze":          func(l *upgrade) { l.intsToInput("axes", 1) },
	"Split":              func(l *upgrade) { l.intsToInput("split", 1) },
	"Concat":             upgradeConcat,
	"Softmax":            upgradeSoftmax,
	"LogSoftmax":         upgradeSoftmax,
	"Hardmax":            upgradeSoftmax,
}

func init() {
	for _, op := range schema.Reductions {
		upgrades[op] = func(l *upgrade) { l.intsToInput("axes", 1) }
	}
}

func (l *upgrade) dropBefore(opset int64, names ...string) {
	if l.g.Opset < opset {
		ir.UnsetAttr(l.n, names...)
	}
}

// input gives the node a value as operand k.
func (l *upgrade) input(k int, value string) {
	for len(l.n.Inputs) <= k {
		l.n.Inputs = append(l.n.Inputs, "")
	}
	l.n.Inputs[k] = value
}

// has reports whether operand k is there.
func (l *upgrade) has(k int) bool { return k < len(l.n.Inputs) && l.n.Inputs[k] != "" }

// intsToInput turns a list attribute into operand k.
func (l *upgrade) intsToInput(name string, k int) {
	a := l.n.Attr(name)
	if a == nil || l.has(k) {
		return
	}
	if v, ok := a.Value.([]int64); ok {
		l.input(k, l.g.AddInts(l.n.Outputs[0]+"."+name, ir.ToInts(v)...))
		ir.UnsetAttr(l.n, name)
	}
}

// floatToInput turns a number attribute into operand k, of the type of operand 0.
func (l *upgrade) floatToInput(name string, k int) {
	a := l.n.Attr(name)
	if a == nil || l.has(k) {
		return
	}
	v, ok := a.Value.(float32)
	if !ok {
		l.fail("attribute %s is of kind %s, it must be FLOAT", name, a.Kind())
		return
	}
	t, err := graph.FromFloat64s("", l.g.Facts[l.n.Inputs[0]].Type, nil, []float64{float64(v)})
	if err != nil {
		l.fail("the element type of its input is not known, or has no fractions")
		return
	}
	l.input(k, l.g.AddConstant(t, l.n.Outputs[0]+"."+name))
	ir.UnsetAttr(l.n, name)
}

// upgradeBroadcast: before opset 7 the second operand was brought to the shape of the first
// only if the attribute broadcast said so, and its axes could begin at an axis.
func upgradeBroadcast(l *upgrade) {
	axis, err := l.n.Int("axis", 0)
	if l.g.Opset >= 7 {
		return
	}
	if l.n.Attr("axis") != nil {
		if err != nil || !l.has(1) {
			l.fail("attribute axis is of another kind than INT, or there is no second operand")
			return
		}
		a, b := l.g.Rank(l.n.Inputs[0]), l.g.Rank(l.n.Inputs[1])
		if a < 0 || b < 0 || axis < 0 || axis > int64(a-b) {
			l.fail("attribute axis is %d, which does not fit the shapes of its operands, or these are not known", axis)
			return
		}
		l.unsqueezeBehind(1, a-int(axis)-b)
	}
	l.dropBefore(7, "broadcast", "axis")
}

// unsqueezeBehind gives operand k so many axes of 1 behind its own.
func (l *upgrade) unsqueezeBehind(k, count int) {
	if count <= 0 {
		return
	}
	axes := make([]int, count)
	for i := range axes {
		axes[i] = -1 - i
	}
	from := l.n.Inputs[k]
	to := l.g.Unique(from + ".axes")
	u := &graph.Node{OpType: "Unsqueeze", Inputs: []string{from, l.g.AddInts(to+".at", axes...)}, Outputs: []string{to}}
	l.before = append(l.before, l.g.Like(u, l.n))
	l.n.Inputs[k] = to
}

// upgradePRelu: before opset 7 a slope of one axis belonged to the channels.
func upgradePRelu(l *upgrade) {
	if l.g.Opset >= 7 || !l.has(1) {
		return
	}
	x, slope := l.g.Rank(l.n.Inputs[0]), l.g.Rank(l.n.Inputs[1])
	switch {
	case x < 0 || slope < 0:
		l.fail("the shape of its input or of its slope is not known")
	case slope == 1 && x > 2 && l.g.Dims(l.n.Inputs[1])[0] != 1:
		l.unsqueezeBehind(1, x-2)
	}
}

// upgradeCast: the type was a word before opset 6.
func upgradeCast(l *upgrade) {
	if l.g.Opset >= 6 {
		return
	}
	name, err := l.n.String("to", "")
	for t := graph.Float; err == nil && t <= graph.BFloat16; t++ {
		if t.String() == name {
			ir.UnsetAttr(l.n, "to")
			l.n.Attrs = append(l.n.Attrs, graph.IntAttr("to", int64(t)))
			return
		}
	}
	l.fail("attribute to is %q, which is no element type", name)
}

// upgradeSelu: before opset 6 the constants had fewer digits.
func upgradeSelu(l *upgrade) {
	if l.g.Opset >= 6 {
		return
	}
	if l.n.Attr("alpha") == nil {
		l.n.Attrs = append(l.n.Attrs, graph.FloatAttr("alpha", 1.6732))
	}
	if l.n.Attr("gamma") == nil {
		l.n.Attrs = append(l.n.Attrs, graph.FloatAttr("gamma", 1.0507))
	}
}

// upgradeDropout: the ratio was an attribute before opset 12, and the mask a number before 10.
func upgradeDropout(l *upgrade) {
	l.dropBefore(7, "is_test")
	if l.n.Attr("ratio") == nil && !l.has(1) && l.g.Opset < 12 {
		l.n.Attrs = append(l.n.Attrs, graph.FloatAttr("ratio", 0.5))
	}
	l.floatToInput("ratio", 1)
	if len(l.n.Outputs) < 2 || l.n.Outputs[1] == "" || l.g.Opset >= 10 {
		return
	}
	mask := l.n.Outputs[1]
	l.n.Outputs[1] = l.g.Unique(mask + ".bool")
	l.after = append(l.after, l.g.Like(&graph.Node{OpType: "CastLike", Inputs: []string{l.n.Outputs[1], l.n.Inputs[0]}, Outputs: []string{mask}}, l.n))
}

func upgradeClip(l *upgrade) {
	if l.g.Opset < 11 {
		l.floatToInput("min", 1)
		l.floatToInput("max", 2)
	}
}

func upgradePad(l *upgrade) {
	if l.g.Opset >= 11 {
		return
	}
	l.intsToInput("paddings", 1) // its name in opset 1
	l.intsToInput("pads", 1)
	l.floatToInput("value", 2)
}

func upgradeSlice(l *upgrade) {
	l.intsToInput("starts", 1)
	l.intsToInput("ends", 2)
	l.intsToInput("axes", 3)
}

// upgradeConcat: in opset 1 the axis was 1 unless said otherwise.
func upgradeConcat(l *upgrade) {
	if l.g.Opset < 4 && l.n.Attr("axis") == nil {
		l.n.Attrs = append(l.n.Attrs, graph.IntAttr("axis", 1))
	}
}

// upgradeSoftmax: before opset 13 the axes from the given one on were taken as one, as a
// Flatten does.
func upgradeSoftmax(l *upgrade) {
	axis, err := l.n.Int("axis", 1)
	if l.g.Opset >= 13 || err != nil || len(l.n.Outputs) != 1 {
		return
	}
	x, y := l.n.Inputs[0], l.n.Outputs[0]
	if dims := l.g.Dims(x); dims != nil {
		behind := dims[min(shapeinfer.ClampAxis(axis, len(dims))+1, len(dims)):]
		if !slices.ContainsFunc(behind, func(d int) bool { return d != 1 }) {
			ir.SetAttr(l.n, graph.IntAttr("axis", axis))
			return
		}
	}
	flat, soft, shape := l.g.Unique(y+".flat"), l.g.Unique(y+".soft"), l.g.Unique(y+".shape")
	l.before = append(l.before,
		l.g.Like(&graph.Node{OpType: "Shape", Inputs: []string{x}, Outputs: []string{shape}}, l.n),
		l.g.Like(&graph.Node{OpType: "Flatten", Inputs: []string{x}, Outputs: []string{flat}, Attrs: []*graph.Attr{graph.IntAttr("axis", axis)}}, l.n))
	l.n.Inputs[0], l.n.Outputs[0] = flat, soft
	ir.SetAttr(l.n, graph.IntAttr("axis", 1))
	l.after = append(l.after, l.g.Like(&graph.Node{OpType: "Reshape", Inputs: []string{soft, shape}, Outputs: []string{y},
		Attrs: []*graph.Attr{graph.IntAttr("allowzero", 1)}}, l.n))
}
