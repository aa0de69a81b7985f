package rewrite

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// layoutRule emits a node on operands as they lie in the cleaned graph, and enters the
// view of its result. It gives false, and has then done nothing, where the node needs its
// operands as in the file.
type layoutRule func(l *layouter, n *graph.Node) bool

var layoutRules = map[string]layoutRule{
	"Transpose": layTranspose,
	"Reshape":   layReshape, "Flatten": layReshape, "Squeeze": layReshape, "Unsqueeze": layReshape,
	"Concat":  layConcat,
	"Softmax": layAlongAxis, "LogSoftmax": layAlongAxis, "Hardmax": layAlongAxis,
	"Pad":     layPad,
	"MaxPool": layPool, "AveragePool": layPool,
	"GlobalMaxPool": layGlobal, "GlobalAveragePool": layGlobal,
	"Conv": layConv, "ConvTranspose": layConv,
	"MatMul":             layMatMul,
	"Gemm":               layGemm,
	"BatchNormalization": layBatchNorm,
}

func init() {
	for _, op := range elementwise {
		layoutRules[op] = layElementwise
	}
	for op := range broadcasting {
		layoutRules[op] = layBroadcast
	}
	for _, op := range reductions {
		layoutRules[op] = layReduce
	}
}

// result emits a copy of n with other operands, and enters its result: over parts, seen
// as v sees its own.
func (l *layouter) result(n *graph.Node, c *graph.Node, v view, parts []size, operands ...view) {
	l.emit(c, n, operands...)
	u := v.over(c.Outputs[0], parts)
	l.describe(u.name, u.stored())
	l.enter(n, u)
}

// enter makes u the view of a node's result. A value of two axes (N, features), or of the
// features of one sample alone, is flattened at once, so that the layer stands where the file
// has it.
func (l *layouter) enter(n *graph.Node, u view) {
	if len(u.axes) == 2 && len(u.groups) > 2 && slices.Equal(u.axes[0], []int{0}) && u.groups[0] == 1 {
		u = l.flattened(n, u)
	} else if len(u.axes) == 1 && len(u.groups) > 2 && len(u.axes[0]) > 1 && u.parts[0] == unit && u.groups[0] == 1 && !slices.Contains(u.axes[0], 0) {
		u.axes = [][]int{{0}, u.axes[0]}
		u = l.flattened(n, u)
		u.axes = u.axes[1:]
	}
	l.views[n.Outputs[0]] = u
}

// flattened joins all axes of the cleaned value but the first.
func (l *layouter) flattened(n *graph.Node, u view) view {
	to := l.unique(u.name + ".flat")
	f := &graph.Node{Name: n.Name, OpType: "Flatten", Inputs: []string{u.name}, Outputs: []string{to}, Attrs: []*graph.Attr{graph.IntAttr("axis", 1)}}
	l.emit(f, nil, u)
	flat := u
	flat.name, flat.groups, flat.moves = to, []int{1, len(u.parts) - 1}, new([]*graph.Node)
	l.facts[to] = fact{typ: l.facts[u.name].typ}
	l.describe(to, flat.stored())
	// Parts of one element that the file has dropped belong to the features all the same.
	flat.axes = [][]int{{0}, slices.Clone(u.axes[1])}
	for p := 1; p < len(flat.parts); p++ {
		if !slices.Contains(flat.axes[1], p) {
			flat.axes[1] = append(flat.axes[1], p)
		}
	}
	if slices.IsSorted(flat.order()) {
		slices.Sort(flat.axes[1])
	}
	return flat
}

// moved is v with one more node that moved axes.
func (l *layouter) movedBy(n *graph.Node, u view, v view) view {
	all := append(*v.moves, l.from[n]...)
	*v.moves = nil
	u.moves = &all
	return u
}

func layTranspose(l *layouter, n *graph.Node) bool {
	v, ok := l.views[n.Inputs[0]]
	perm := permOf(n, len(v.axes))
	if !ok || perm == nil {
		return false
	}
	l.enter(n, l.movedBy(n, v.transposed(perm), v))
	return true
}

func layReshape(l *layouter, n *graph.Node) bool {
	v, ok := l.views[n.Inputs[0]]
	if !ok {
		return false
	}
	shape := l.sizes(n.Outputs[0])
	if u, ok := v.reshaped(shape); ok {
		l.enter(n, l.movedBy(n, u, v))
		return true
	}
	return l.layCut(n, v, shape)
}

// layElementwise: one operand, all others constants of one number.
func layElementwise(l *layouter, n *graph.Node) bool {
	v, ok := l.views[n.Inputs[0]]
	if !ok {
		return false
	}
	c := l.copyOf(n)
	c.Inputs[0] = v.name
	for k, in := range n.Inputs[1:] {
		u, computed := l.views[in]
		if computed && n.OpType != "CastLike" {
			return false
		}
		if computed { // only its type counts
			c.Inputs[1+k] = u.name
		}
	}
	l.result(n, c, v, v.parts, v)
	return true
}

// layBroadcast: all computed operands lie alike; constants are brought to the same order.
func layBroadcast(l *layouter, n *graph.Node) bool {
	shape := l.sizes(n.Outputs[0])
	lead, found := l.leadOf(n)
	if !found {
		return false
	}
	var operands []view
	names := slices.Clone(n.Inputs)
	for k, in := range n.Inputs {
		v, ok := l.views[in]
		if !ok {
			continue
		}
		if len(v.axes) != len(shape) {
			return false
		}
		if !v.sameOrder(lead) {
			if v, ok = l.aligned(v, lead); !ok {
				return false
			}
		}
		operands, names[k] = append(operands, v), v.name
	}
	parts := widest(operands)
	whole := lead.over("", parts)
	if !slices.Equal(whole.shape(), shape) {
		return false // constants widen the result
	}
	c := l.copyOf(n)
	for k, in := range c.Inputs {
		if _, ok := l.views[in]; ok {
			c.Inputs[k] = names[k]
		} else if in != "" {
			name, ok := l.arranged(in, whole)
			if !ok {
				return false
			}
			c.Inputs[k] = name
		}
	}
	l.result(n, c, lead, parts, operands...)
	return true
}

// widest are the parts of a result of operands that are brought to one shape.
func widest(operands []view) []size {
	parts := slices.Clone(operands[0].parts)
	for _, v := range operands[1:] {
		for i, s := range v.parts {
			if parts[i] == unit {
				parts[i] = s
			}
		}
	}
	return parts
}

// layAlongAxis: a softmax along an axis that is one of the cleaned value's.
func layAlongAxis(l *layouter, n *graph.Node) bool {
	v, ok := l.views[n.Inputs[0]]
	axis, err := n.Int("axis", -1)
	front, inside := fromFront([]int64{axis}, len(v.axes))
	if !ok || err != nil || !inside {
		return false
	}
	a, ok := v.axisOf(front[0])
	if !ok || n.OpType == "Hardmax" && !slices.IsSorted(v.axes[front[0]]) { // of equals it takes the first
		return false
	}
	c := l.copyOf(n)
	c.Inputs[0] = v.name
	set(c, graph.IntAttr("axis", int64(a)))
	l.result(n, c, v, v.parts, v)
	return true
}

// set gives a node that a pass made a setting, in the place of one of that name.
func set(n *graph.Node, a *graph.Attr) {
	unset(n, a.Name)
	n.Attrs = append(n.Attrs, a)
}

// unset takes settings away from a node that a pass made.
func unset(n *graph.Node, names ...string) {
	n.Attrs = slices.DeleteFunc(n.Attrs, func(a *graph.Attr) bool { return slices.Contains(names, a.Name) })
}

// layConcat: all operands lie alike and are joined along an axis of the cleaned values.
func layConcat(l *layouter, n *graph.Node) bool {
	lead, ok := l.views[n.Inputs[0]]
	axis, err := n.Int("axis", 0)
	front, inside := fromFront([]int64{axis}, len(lead.axes))
	if !ok || err != nil || !inside || len(lead.axes[front[0]]) != 1 {
		return false
	}
	a, ok := lead.axisOf(front[0])
	if !ok {
		return false
	}
	part := lead.axes[front[0]][0]
	parts := slices.Clone(lead.parts)
	parts[part] = size{}
	c := l.copyOf(n)
	var operands []view
	for k, in := range n.Inputs {
		v, ok := l.views[in]
		if !ok || !v.sameOrder(lead) {
			return false
		}
		parts[part][0] += v.parts[part][0]
		parts[part][1] += v.parts[part][1]
		c.Inputs[k] = v.name
		operands = append(operands, v)
	}
	set(c, graph.IntAttr("axis", int64(a)))
	l.result(n, c, lead, parts, operands...)
	return true
}

// ofOne are the reductions that give one element as it is.
var ofOne = map[string]bool{"ReduceMean": true, "ReduceSum": true, "ReduceMax": true, "ReduceMin": true, "ReduceProd": true}

// layReduce: the axes that are reduced are axes of the cleaned value. They are kept there
// with one element; a result without them does not see them.
func layReduce(l *layouter, n *graph.Node) bool {
	v, ok := l.views[n.Inputs[0]]
	axes, known := l.fixedInts(n, 1)
	keep, err := n.Int("keepdims", 1)
	front, inside := fromFront(axes, len(v.axes))
	if !ok || !known || err != nil || !inside || len(axes) == 0 {
		return false
	}
	parts := slices.Clone(v.parts)
	seen := v
	seen.axes = nil
	var stored []int
	for i, axis := range v.axes {
		if !slices.Contains(front, i) {
			seen.axes = append(seen.axes, axis)
			continue
		}
		for _, p := range axis {
			a, ok := v.axisOfPart(p)
			if !ok || p == 0 {
				return false
			}
			parts[p] = unit
			stored = append(stored, a)
		}
		if keep != 0 {
			seen.axes = append(seen.axes, axis)
		}
	}
	if len(stored) == 0 { // axes of one element that the cleaned value does not have
		if ofOne[n.OpType] {
			l.enter(n, l.movedBy(n, seen, v))
		}
		return ofOne[n.OpType]
	}
	slices.Sort(stored)
	c := l.copyOf(n)
	c.Inputs = []string{v.name, l.ints(n.Outputs[0]+".axes", stored...)}
	set(c, graph.IntAttr("keepdims", 1))
	l.result(n, c, seen, parts, v)
	return true
}
