package opset

import (
	"fmt"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
	"github.com/gonn-toolkit/gonn/onnxio/internal/schema"
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
	up := &upgrade{g: u.Graph, n: u.CopyOf(n)}
	if u.Opset < 6 {
		ir.UnsetAttr(up.n, "consumed_inputs") // a hint about memory
	}
	switch {
	case rule == nil:
	case schema.FirstOutput(n) != "" && up.has(0):
		rule(up)
	case u.Opset < u.Target:
		up.fail("it has no input or no output")
	}
	if u.Opset < min(changed[n.OpType], u.Target) {
		up.fail("later opsets say otherwise what it does")
	}
	if up.why != "" {
		n = u.CopyOf(n)
		n.Attrs = append(n.Attrs, graph.StringAttr(NotUpgraded, fmt.Sprintf("it is not read in its form of opset %d: %s", u.Opset, up.why)))
		return []*graph.Node{n}
	}
	return append(up.before, append([]*graph.Node{up.n}, up.after...)...)
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
func (up *upgrade) fail(format string, args ...any) {
	if up.why == "" {
		up.why = fmt.Sprintf(format, args...)
	}
}

// upgrades are the operators of which an old version was written otherwise.
var upgrades = map[string]func(up *upgrade){
	"Add": upgradeBroadcast, "Sub": upgradeBroadcast, "Mul": upgradeBroadcast, "Div": upgradeBroadcast, "Pow": upgradeBroadcast,
	"And": upgradeBroadcast, "Or": upgradeBroadcast, "Xor": upgradeBroadcast,
	"Equal": upgradeBroadcast, "Greater": upgradeBroadcast, "Less": upgradeBroadcast,
	"PRelu":              upgradePRelu,
	"Selu":               upgradeSelu,
	"Gemm":               func(up *upgrade) { up.dropBefore(7, "broadcast") },
	"Cast":               upgradeCast,
	"BatchNormalization": upgradeBatchNorm,
	"Dropout":            upgradeDropout,
	"Clip":               upgradeClip,
	"Pad":                upgradePad,
	"Slice":              upgradeSlice,
	"Reshape":            func(up *upgrade) { up.intsToInput("shape", 1) },
	"Squeeze":            func(up *upgrade) { up.intsToInput("axes", 1) },
	"Unsqueeze":          func(up *upgrade) { up.intsToInput("axes", 1) },
	"Split":              func(up *upgrade) { up.intsToInput("split", 1) },
	"Concat":             upgradeConcat,
	"Softmax":            upgradeSoftmax,
	"LogSoftmax":         upgradeSoftmax,
	"Hardmax":            upgradeSoftmax,
}

func init() {
	for _, op := range schema.Reductions {
		upgrades[op] = func(up *upgrade) { up.intsToInput("axes", 1) }
	}
}

func (up *upgrade) dropBefore(opset int64, names ...string) {
	if up.g.Opset < opset {
		ir.UnsetAttr(up.n, names...)
	}
}

// input gives the node a value as operand k.
func (up *upgrade) input(k int, value string) {
	for len(up.n.Inputs) <= k {
		up.n.Inputs = append(up.n.Inputs, "")
	}
	up.n.Inputs[k] = value
}

// has reports whether operand k is there.
func (up *upgrade) has(k int) bool { return k < len(up.n.Inputs) && up.n.Inputs[k] != "" }

// intsToInput turns a list attribute into operand k.
func (up *upgrade) intsToInput(name string, k int) {
	a := up.n.Attr(name)
	if a == nil || up.has(k) {
		return
	}
	if v, ok := a.Value.([]int64); ok {
		up.input(k, up.g.AddInts(up.n.Outputs[0]+"."+name, ir.ToInts(v)...))
		ir.UnsetAttr(up.n, name)
	}
}

// floatToInput turns a number attribute into operand k, of the type of operand 0.
func (up *upgrade) floatToInput(name string, k int) {
	a := up.n.Attr(name)
	if a == nil || up.has(k) {
		return
	}
	v, ok := a.Value.(float32)
	if !ok {
		up.fail("attribute %s is of kind %s, it must be FLOAT", name, a.Kind())
		return
	}
	t, err := graph.FromFloat64s("", up.g.Facts[up.n.Inputs[0]].Type, nil, []float64{float64(v)})
	if err != nil {
		up.fail("the element type of its input is not known, or has no fractions")
		return
	}
	up.input(k, up.g.AddConstant(t, up.n.Outputs[0]+"."+name))
	ir.UnsetAttr(up.n, name)
}
