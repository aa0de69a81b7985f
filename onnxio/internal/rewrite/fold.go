package rewrite

import (
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/reference"
)

// fold goes through the nodes once. It brings each to the form of today, computes those
// that depend only on constants, takes out those that change nothing, and works out the
// facts of the rest. What then nobody reads is dropped.
func (w *work) fold() {
	w.openFacts()
	w.index() // for who reads what
	w.maker = map[string]*graph.Node{}
	w.alias = map[string]string{}
	alias := w.alias
	var kept []*graph.Node
	for _, n := range w.nodes {
		n = w.reading(n, alias)
		left := 0
		for _, l := range w.lift(n) {
			l = w.reading(l, alias)
			if w.compute(l) {
				continue
			}
			l = w.gatherToSqueeze(w.stackToSum(w.insideExpand(w.uniform(w.unexpanded(l)))))
			w.infer(l)
			if w.follows(l) {
				continue
			}
			left++
			if to := w.passesOn(l); to != "" {
				alias[l.Outputs[0]] = to
				w.moved = append(w.moved, w.from[l]...)
				continue
			}
			kept = append(kept, l)
			for _, out := range l.Outputs {
				w.maker[out] = l
			}
		}
		if left == 0 {
			w.folded = append(w.folded, w.from[n]...)
		}
	}
	w.nodes = kept
	w.outputs = w.renamed(w.outputs, alias)
	w.knownShapes()
	w.folded = append(w.folded, w.dropUnread()...)
}

// knownShapes gives each Reshape to a computed shape the numbers, where they are known, with
// -1 for the batch: what computes them is not read any more.
func (w *work) knownShapes() {
	for i, n := range w.nodes {
		if n.OpType != "Reshape" || !readable(n) || len(n.Outputs) != 1 || w.consts[n.Inputs[1]] != nil || w.laysOut(n.Inputs[0]) == nil {
			continue
		}
		if shape := w.laysOut(n.Outputs[0]); shape != nil {
			c := w.copyOf(n)
			c.Inputs[1] = w.openShape(n.Outputs[0], shape)
			w.nodes[i] = c
		}
	}
}

// gatherToSqueeze: taking the one element of an axis, as x[:, :, 0, 0] does, drops the axis.
func (w *work) gatherToSqueeze(n *graph.Node) *graph.Node {
	if n.OpType != "Gather" || !readable(n) {
		return n
	}
	x := w.dims(n.Inputs[0])
	axis, err := n.Int("axis", 0)
	front, inside := fromFront([]int64{axis}, len(x))
	at := w.consts[n.Inputs[1]]
	if err != nil || !inside || x[front[0]] != 1 || at == nil || len(at.Dims) != 0 {
		return n
	}
	axes := w.ints(n.Outputs[0]+".axes", front[0])
	return w.like(&graph.Node{Name: n.Name, OpType: "Squeeze", Inputs: []string{n.Inputs[0], axes}, Outputs: n.Outputs}, n)
}

// follows makes the results of a node constants if they follow from the shapes of values
// and do not depend on the batch.
func (w *work) follows(n *graph.Node) bool {
	tensors := make([]*graph.Tensor, len(n.Outputs))
	for i, name := range n.Outputs {
		f := w.facts[name]
		if name == "" || f.data[0] == nil || f.data[1] == nil || !slices.Equal(f.data[0].Shape, f.data[1].Shape) ||
			!slices.Equal(f.data[0].Ints, f.data[1].Ints) || !slices.Equal(f.data[0].Floats, f.data[1].Floats) {
			return false
		}
		t, err := f.data[0].Graph(name)
		if err != nil {
			return false
		}
		tensors[i] = t
	}
	for i, name := range n.Outputs {
		w.enter(name, tensors[i], n)
	}
	return len(n.Outputs) > 0
}

// reading is a node with operands taken from where they were passed on from.
func (w *work) reading(n *graph.Node, alias map[string]string) *graph.Node {
	if !slices.ContainsFunc(n.Inputs, func(in string) bool { return alias[in] != "" }) {
		return n
	}
	c := *n
	c.Inputs = slices.Clone(n.Inputs)
	for k, in := range c.Inputs {
		if to := alias[in]; to != "" {
			c.Inputs[k] = to
		}
	}
	return w.like(&c, n)
}

// renamed are outputs under the names of the values that they were passed on from. An
// output that is an input stays apart from it.
func (w *work) renamed(outputs []*graph.Value, alias map[string]string) []*graph.Value {
	var out []*graph.Value
	for _, v := range outputs {
		to := alias[v.Name]
		switch {
		case to == "":
		case w.isInput(to):
			same := &graph.Node{OpType: "Identity", Inputs: []string{to}, Outputs: []string{v.Name}}
			w.nodes = append(w.nodes, same)
		default:
			c := *v
			c.Name = to
			v = &c
		}
		out = append(out, v)
	}
	return out
}

// compute makes the results of a node constants if its operands are.
func (w *work) compute(n *graph.Node) bool {
	if !readable(n) || !deterministic(n) || n.OpType != "Constant" && len(n.Inputs) == 0 {
		return false
	}
	for _, name := range n.Inputs {
		if name != "" && w.consts[name] == nil {
			return false
		}
	}
	if t := w.reshaped(n); t != nil {
		w.enter(n.Outputs[0], t, n)
		return true
	}
	if !w.affordable(n) {
		return false
	}
	if t := w.transposed(n); t != nil {
		w.enter(n.Outputs[0], t, n)
		return true
	}
	var in []*graph.Tensor
	for _, name := range n.Inputs {
		in = append(in, w.consts[name])
	}
	out := evaluated(n, w.target, in)
	if out == nil {
		return false
	}
	w.keep(n, out)
	return true
}

// evaluated computes a node of constants; nil if that cannot be done.
func evaluated(n *graph.Node, opset int64, operands []*graph.Tensor) []*graph.Tensor {
	in := make([]*reference.Tensor, len(operands))
	for k, t := range operands {
		if t == nil {
			continue
		}
		var err error
		if in[k], err = reference.FromGraph(t); err != nil {
			return nil
		}
	}
	out, err := reference.Eval(n, opset, in)
	if err != nil {
		return nil
	}
	tensors := make([]*graph.Tensor, len(n.Outputs))
	for i, name := range n.Outputs {
		if tensors[i], err = out[i].Graph(name); err != nil {
			return nil
		}
	}
	return tensors
}

// keep enters a node's results as constants.
func (w *work) keep(n *graph.Node, tensors []*graph.Tensor) {
	for i, name := range n.Outputs {
		if name == "" {
			continue
		}
		w.enter(name, tensors[i], n)
	}
}

// enter makes a result of a node a constant.
func (w *work) enter(name string, t *graph.Tensor, n *graph.Node) {
	w.consts[name] = t
	w.facts[name] = constFact(t)
	w.made[name] = n
	for _, in := range n.Inputs {
		w.addRoots(name, in)
	}
}

// passesOn is the operand that a node gives on unchanged, "" if it does not.
func (w *work) passesOn(n *graph.Node) string {
	if !readable(n) || len(n.Inputs) == 0 || len(n.Outputs) != 1 {
		return ""
	}
	if w.keepsAll(n) && (w.consts[n.Inputs[0]] == nil || n.OpType == "CastLike") {
		return n.Inputs[0]
	}
	return w.neutral(n)
}

// keepsAll reports whether the result of a node is its first operand.
func (w *work) keepsAll(n *graph.Node) bool {
	x, y := w.facts[n.Inputs[0]], w.facts[n.Outputs[0]]
	same := x.shape[0] != nil && y.shape[0] != nil && slices.Equal(x.shape[0], y.shape[0]) && slices.Equal(x.shape[1], y.shape[1])
	switch n.OpType {
	case "Identity":
		return true
	case "Cast", "CastLike":
		return x.typ != graph.Undefined && x.typ == y.typ
	case "Concat", "Sum", "Max", "Min", "Mean":
		return len(n.Inputs) == 1
	case "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Expand", "Tile":
		return same
	case "Pad":
		return same && w.padsNothing(n)
	case "Slice":
		return same && w.goesForward(n)
	case "Clip":
		return w.unbounded(n, 1) && w.unbounded(n, 2)
	}
	return false
}

// unbounded reports whether a Clip has no bound as operand k: none at all, or the infinite
// or largest number that exporters write in its place.
func (w *work) unbounded(n *graph.Node, k int) bool {
	if k >= len(n.Inputs) || n.Inputs[k] == "" {
		return true
	}
	v, ok := w.scalar(n.Inputs[k])
	return ok && (k == 1 && v <= -math.MaxFloat32 || k == 2 && v >= math.MaxFloat32)
}

// boundless leaves the bounds of a Clip out that are none.
func boundless(w *work, n *graph.Node) bool {
	for k := 1; k < len(n.Inputs); k++ {
		if n.Inputs[k] != "" && w.unbounded(n, k) {
			c := w.copyOf(n)
			c.Inputs[k] = ""
			w.replace(c, n)
			return true
		}
	}
	return false
}

// goesForward reports whether a slice takes elements in their order.
func (w *work) goesForward(n *graph.Node) bool {
	if len(n.Inputs) < 5 || n.Inputs[4] == "" {
		return true
	}
	steps, ok := w.fixedInts(n, 4)
	return ok && !slices.ContainsFunc(steps, func(s int64) bool { return s < 0 })
}

// padsNothing reports whether all pads are 0: those of one axis may also cancel.
func (w *work) padsNothing(n *graph.Node) bool {
	pads, ok := w.fixedPads(n, w.rank(n.Inputs[0]))
	return ok && !slices.ContainsFunc(pads, func(p int64) bool { return p != 0 })
}

// neutral is the operand that a node leaves as it is because the other is 1 or 0, or for
// the larger and the smaller of two −∞ and +∞.
func (w *work) neutral(n *graph.Node) string {
	if len(n.Inputs) != 2 {
		return ""
	}
	one := map[string]float64{"Mul": 1, "Div": 1, "Add": 0, "Sub": 0, "Max": math.Inf(-1), "Min": math.Inf(1)}
	want, ok := one[n.OpType]
	if !ok {
		return ""
	}
	x, c := n.Inputs[0], n.Inputs[1]
	if w.consts[x] != nil && n.OpType != "Div" && n.OpType != "Sub" {
		x, c = c, x
	}
	v, isNumber := w.scalar(c)
	if w.consts[x] != nil || !isNumber || v != want || len(w.roots[c]) > 0 && !math.IsInf(want, 0) {
		return ""
	}
	if !slices.Equal(w.dims(x), w.dims(n.Outputs[0])) || w.dims(x) == nil {
		return ""
	}
	return x
}

// scalar is a constant of one number.
func (w *work) scalar(name string) (float64, bool) {
	t := w.consts[name]
	if t == nil {
		return 0, false
	}
	if n, err := t.Len(); err != nil || n != 1 {
		return 0, false
	}
	v, err := t.Float32s()
	if err != nil {
		return 0, false
	}
	return float64(v[0]), true
}

// dropUnread takes out the nodes whose results nobody reads, and gives the file's nodes
// that this concerns.
func (w *work) dropUnread() (dropped []*graph.Node) {
	read := map[string]bool{}
	markRead(read, nil, w.outputs)
	var kept []*graph.Node
	for _, n := range slices.Backward(w.nodes) {
		if !slices.ContainsFunc(n.Outputs, func(out string) bool { return read[out] }) {
			dropped = append(dropped, w.from[n]...)
			continue
		}
		markRead(read, []*graph.Node{n}, nil)
		kept = append(kept, n)
	}
	slices.Reverse(kept)
	w.nodes = kept
	return dropped
}

// markRead marks all names that nodes and outputs read, also those that graphs inside nodes
// read: they may be values from around them.
func markRead(read map[string]bool, nodes []*graph.Node, outputs []*graph.Value) {
	for _, n := range nodes {
		for _, in := range n.Inputs {
			read[in] = true
		}
		for _, a := range n.Attrs {
			if inner, ok := a.Value.(*graph.Graph); ok {
				markRead(read, inner.Nodes, inner.Outputs)
			}
		}
	}
	for _, v := range outputs {
		read[v.Name] = true
	}
}
