package rewrite

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// lift gives nodes that do in today's operators what n does in the file's version of
// them. A node that needs no lifting, or that cannot be lifted since the rank of a value
// is not known, is given as it is.
func (w *work) lift(n *graph.Node) []*graph.Node {
	if !own(n) {
		return []*graph.Node{n}
	}
	l := &lifting{w: w, n: w.copyOf(n)}
	if w.opset < 6 {
		l.drop("consumed_inputs") // a hint about memory
	}
	// The mask of a Dropout and the indices of a MaxPool: most files do not use them.
	if k := len(l.n.Outputs) - 1; k == 1 && !w.isRead(l.n.Outputs[k]) && (n.OpType == "Dropout" || n.OpType == "MaxPool") {
		l.n.Outputs = l.n.Outputs[:k]
	}
	if rule := lifts[n.OpType]; rule != nil {
		rule(l)
	}
	return append(l.before, append([]*graph.Node{l.n}, l.after...)...)
}

// isRead tells whether a node of the file reads a value, or it is an output.
func (w *work) isRead(value string) bool {
	if w.read == nil {
		w.read = map[string]bool{}
		for _, n := range w.file.Graph.Nodes {
			for _, in := range n.Inputs {
				w.read[in] = true
			}
		}
		for _, v := range w.file.Graph.Outputs {
			w.read[v.Name] = true
		}
	}
	return w.read[value]
}

// lifting is a node on its way to today's form.
type lifting struct {
	w             *work
	n             *graph.Node // a copy, to be changed
	before, after []*graph.Node
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
	"Gather":             gatherToSqueeze,
	"Softmax":            liftSoftmax,
	"LogSoftmax":         liftSoftmax,
	"Hardmax":            liftSoftmax,
}

func init() {
	for _, op := range reductions {
		lifts[op] = func(l *lifting) { l.intsToInput("axes", 1) }
	}
}

// drop takes an attribute away.
func (l *lifting) drop(name string) {
	l.n.Attrs = slices.DeleteFunc(l.n.Attrs, func(a *graph.Attr) bool { return a.Name == name })
}

func (l *lifting) dropBefore(opset int64, names ...string) {
	if l.w.opset < opset {
		for _, name := range names {
			l.drop(name)
		}
	}
}

// input gives the node a value as operand k.
func (l *lifting) input(k int, value string) {
	for len(l.n.Inputs) <= k {
		l.n.Inputs = append(l.n.Inputs, "")
	}
	l.n.Inputs[k] = value
}

// has tells whether operand k is there.
func (l *lifting) has(k int) bool { return k < len(l.n.Inputs) && l.n.Inputs[k] != "" }

// intsToInput turns a list attribute into operand k.
func (l *lifting) intsToInput(name string, k int) {
	a := l.n.Attr(name)
	if a == nil || l.has(k) {
		return
	}
	if v, ok := a.Value.([]int64); ok {
		l.input(k, l.w.ints(l.n.Outputs[0]+"."+name, toInts(v)...))
		l.drop(name)
	}
}

// floatToInput turns a number attribute into operand k, of the type of operand 0.
func (l *lifting) floatToInput(name string, k int) {
	a := l.n.Attr(name)
	if a == nil || l.has(k) {
		return
	}
	if v, ok := a.Value.(float32); ok && l.w.facts[l.n.Inputs[0]].typ == graph.Float {
		l.input(k, l.w.constant(graph.Float32Tensor("", nil, []float32{v}), l.n.Outputs[0]+"."+name))
		l.drop(name)
	}
}

// liftBroadcast: before opset 7 the second operand was brought to the shape of the first
// only if the attribute broadcast said so, and its axes could begin at an axis.
func liftBroadcast(l *lifting) {
	axis, err := l.n.Int("axis", -1)
	if l.w.opset >= 7 || err != nil || len(l.n.Inputs) != 2 {
		return
	}
	if l.n.Attr("axis") != nil {
		a, b := l.w.rank(l.n.Inputs[0]), l.w.rank(l.n.Inputs[1])
		if a < 0 || b < 0 {
			return
		}
		if axis < 0 {
			axis += int64(a)
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
	if l.w.opset >= 7 || len(l.n.Inputs) != 2 {
		return
	}
	x, slope := l.w.rank(l.n.Inputs[0]), l.w.dims(l.n.Inputs[1])
	if len(slope) == 1 && slope[0] != 1 && x > 2 {
		l.unsqueezeBehind(1, x-2)
	}
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

// liftBatchNorm: old versions say with is_test that they run in inference, which is all
// that is read, and may give more results, which nobody has then.
func liftBatchNorm(l *lifting) {
	l.dropBefore(7, "is_test")
	if spatial, err := l.n.Int("spatial", 1); err == nil && spatial == 1 {
		l.drop("spatial")
	}
	if len(l.n.Outputs) > 1 && l.w.opset < 14 {
		l.n.Outputs = l.n.Outputs[:1]
	}
}

// liftDropout: the ratio was an attribute before opset 12.
func liftDropout(l *lifting) {
	l.dropBefore(7, "is_test")
	if l.n.Attr("ratio") == nil && !l.has(1) && l.w.opset < 12 {
		l.n.Attrs = append(l.n.Attrs, graph.FloatAttr("ratio", 0.5))
	}
	l.floatToInput("ratio", 1)
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
			l.setAxis(axis)
			return
		}
	}
	flat, soft, shape := l.w.unique(y+".flat"), l.w.unique(y+".soft"), l.w.unique(y+".shape")
	l.before = append(l.before,
		l.w.like(&graph.Node{OpType: "Shape", Inputs: []string{x}, Outputs: []string{shape}}, l.n),
		l.w.like(&graph.Node{OpType: "Flatten", Inputs: []string{x}, Outputs: []string{flat}, Attrs: []*graph.Attr{graph.IntAttr("axis", axis)}}, l.n))
	l.n.Inputs[0], l.n.Outputs[0] = flat, soft
	l.setAxis(1)
	l.after = append(l.after, l.w.like(&graph.Node{OpType: "Reshape", Inputs: []string{soft, shape}, Outputs: []string{y}}, l.n))
}

func (l *lifting) setAxis(axis int64) {
	l.drop("axis")
	l.n.Attrs = append(l.n.Attrs, graph.IntAttr("axis", axis))
}

// gatherToSqueeze: taking the one element of an axis, as x[:, :, 0, 0] does, drops the axis.
func gatherToSqueeze(l *lifting) {
	if len(l.n.Inputs) != 2 {
		return
	}
	x := l.w.dims(l.n.Inputs[0])
	axis, err := l.n.Int("axis", 0)
	front, inside := fromFront([]int64{axis}, len(x))
	at := l.w.consts[l.n.Inputs[1]]
	if err != nil || !inside || x[front[0]] != 1 || at == nil || len(at.Dims) != 0 {
		return
	}
	l.n.OpType, l.n.Attrs = "Squeeze", nil
	l.n.Inputs[1] = l.w.ints(l.n.Outputs[0]+".axes", front[0])
}
