package rewrite

import (
	"maps"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// layout goes through the nodes and remembers with each value how it lies, instead of
// carrying out what only moves axes. Where the input is a picture it may be kept as
// (N, C, H, W) though the file gives it as (N, H, W, C): what leaves fewer moves wins. Where
// input is not nil it says how the axes of the file's input lie in the cleaned one's.
func (w *work) layout(input []int) {
	w.index()
	if input != nil && len(w.inputs) == 1 && len(w.laysOut(w.inputs[0].Name)) == len(input) {
		w.take(w.tryLayout(input))
		return
	}
	asFile := w.tryLayout(nil)
	if asFile.moved == 0 && asFile.order == nil || len(w.inputs) != 1 || len(w.laysOut(w.inputs[0].Name)) != 4 {
		w.take(asFile)
		return
	}
	channelsFirst := w.tryLayout([]int{0, 2, 3, 1})
	if channelsFirst.moved < asFile.moved || channelsFirst.moved == asFile.moved && channelsFirst.order == nil {
		w.take(channelsFirst)
	} else {
		w.take(asFile)
	}
}

// laid is the outcome of one attempt at a layout.
type laid struct {
	work  *work
	moved int   // nodes that move axes and had to be left
	order []int // of the output's axes; nil as in the file
}

func (w *work) take(l laid) {
	*w = *l.work
	w.outputOrder = l.order
}

// tryLayout lays a copy of the graph out. input says how the file's axes of the input lie
// in the cleaned one's; nil as in the file. Axes of the cleaned one between them have one
// element.
func (w *work) tryLayout(input []int) laid {
	l := &layouter{work: w.clone(), shuffled: map[string]string{},
		emitted: map[string]*graph.Node{}, gone: map[*graph.Node]bool{}}
	l.views, l.regrouped = map[string]view{}, map[string]view{}
	l.inputOrder = input
	for i, v := range l.inputs {
		name, shape := v.Name, l.laysOut(v.Name)
		if shape == nil {
			continue
		}
		if input == nil {
			l.views[name] = plainView(name, shape)
			continue
		}
		c := *v
		rank := slices.Max(input) + 1
		c.Shape = slices.Repeat([]graph.Dim{{Size: 1}}, rank)
		stored := slices.Repeat([]size{unit}, rank)
		for i, a := range input {
			c.Shape[a], stored[a] = v.Shape[i], shape[i]
		}
		l.inputs = slices.Clone(l.inputs)
		l.inputs[i] = &c
		l.describe(name, stored)
		l.views[name] = plainView(name, stored).transposed(input)
	}
	nodes := l.nodes
	l.nodes = nil
	for _, n := range nodes {
		l.node(n)
	}
	l.nodes = slices.DeleteFunc(l.nodes, func(n *graph.Node) bool { return l.gone[n] })
	order := l.finish()
	return laid{l.work, l.moves, order}
}

// clone copies what passes change.
func (w *work) clone() *work {
	c := *w
	c.consts, c.roots, c.facts = maps.Clone(w.consts), maps.Clone(w.roots), maps.Clone(w.facts)
	c.from, c.taken, c.origin, c.numbers = maps.Clone(w.from), maps.Clone(w.taken), maps.Clone(w.origin), maps.Clone(w.numbers)
	c.orders, c.moved = maps.Clone(w.orders), slices.Clone(w.moved)
	return &c
}

// layouter builds the cleaned graph of one attempt.
type layouter struct {
	*work
	shuffled map[string]string // values that had to be moved, by what they were moved to
	moves    int               // nodes that move axes
	emitted  map[string]*graph.Node
	gone     map[*graph.Node]bool // emitted nodes that others have taken the place of
}

// sizes is the shape of a value under both batches; nil if it is not known.
func (w *work) sizes(name string) []size {
	f := w.facts[name]
	if f.shape[0] == nil || len(f.shape[0]) != len(f.shape[1]) {
		return nil
	}
	s := make([]size, len(f.shape[0]))
	for i := range s {
		s[i] = size{f.shape[0][i], f.shape[1][i]}
	}
	return s
}

// describe enters the shape of a cleaned value.
func (w *work) describe(name string, shape []size) {
	f := w.facts[name]
	f.data = [2]*tensor{}
	for p := range f.shape {
		f.shape[p] = make([]int, len(shape))
		for i, s := range shape {
			f.shape[p][i] = s[p]
		}
	}
	w.facts[name] = f
}

// node lays one node out by the rule of its operator, or as the file has it.
func (l *layouter) node(n *graph.Node) {
	rule := layoutRules[n.OpType]
	if rule == nil || !readable(n) || len(n.Outputs) != 1 || !l.known(n) || !rule(l, n) {
		l.asFile(n)
	}
}

// known reports whether the shapes of a node's results and of all its operands are known.
func (l *layouter) known(n *graph.Node) bool {
	for _, in := range n.Inputs {
		if _, ok := l.views[in]; in != "" && !ok && l.consts[in] == nil {
			return false
		}
	}
	return l.laysOut(n.Outputs[0]) != nil
}

// laysOut are the sizes of a value that can be laid out otherwise than in the file: it has
// axes and elements, and one axis at most depends on the batch, so that a Reshape can leave
// it open.
func (w *work) laysOut(name string) []size {
	shape, open := w.sizes(name), 0
	if len(shape) == 0 {
		return nil
	}
	for _, s := range shape {
		if s[0] != s[1] {
			open++
		}
		if s[0] == 0 || s[1] == 0 || open > 1 {
			return nil
		}
	}
	return shape
}

// emit adds a node that stands for the file's node n and for the moves on the way to its
// operands.
func (l *layouter) emit(n *graph.Node, file *graph.Node, operands ...view) {
	all := slices.Clone(l.from[file])
	for _, v := range operands {
		all = append(all, *v.moves...)
		*v.moves = nil
	}
	l.from[n] = l.inOrder(all)
	l.nodes = append(l.nodes, n)
	l.emitted[n.Outputs[0]] = n
}

// asFile emits a node on operands that lie as in the file.
func (l *layouter) asFile(n *graph.Node) {
	c := l.copyOf(n)
	var operands []view
	for k, in := range c.Inputs {
		if v, ok := l.views[in]; ok {
			c.Inputs[k] = l.settled(v, n)
			operands = append(operands, v)
		}
	}
	l.emit(c, n, operands...)
	for _, out := range c.Outputs {
		if shape := l.laysOut(out); shape != nil {
			l.views[out] = plainView(out, shape)
		}
	}
}

// finish gives the outputs as the file has them, but that one output may keep its axes in
// another order, which is returned.
func (l *layouter) finish() (order []int) {
	l.outputs = slices.Clone(l.outputs)
	for i, out := range l.outputs {
		v, ok := l.views[out.Name]
		if !ok || v.plain() && v.name == out.Name {
			continue
		}
		c := *out
		c.Name = v.name
		if o, ok := v.asOrder(); ok && len(l.outputs) == 1 && !v.plain() {
			order = o
			c.Shape, c.HasShape = reordered(out.Shape, o, len(v.groups))
		} else {
			c.Name = l.settled(v, nil)
		}
		if l.isInput(c.Name) && len(*v.moves) > 0 { // the file only moves its axes
			c.Name = l.unique(out.Name + ".same")
			same := &graph.Node{OpType: "Identity", Inputs: []string{v.name}, Outputs: []string{c.Name}}
			l.facts[c.Name] = l.facts[v.name]
			l.emit(same, nil, v)
		}
		l.moved = append(l.moved, *v.moves...)
		l.outputs[i] = &c
	}
	return order
}

// reordered is the shape of the cleaned value of which the file's has the given shape.
func reordered(file []graph.Dim, order []int, rank int) ([]graph.Dim, bool) {
	if len(file) != len(order) {
		return nil, false
	}
	shape := slices.Repeat([]graph.Dim{{Size: 1}}, rank)
	for i, a := range order {
		if a >= 0 {
			shape[a] = file[i]
		}
	}
	return shape, true
}

// asOrder tells which axis of the cleaned value each axis of the file's value is: −1 for an
// axis of one element that the cleaned value does not have. Axes of the cleaned value that
// are not among them have one element. ok is false where axes were joined or cut.
func (v view) asOrder() (order []int, ok bool) {
	order = []int{}
	stored := v.stored()
	seen := make([]bool, len(stored))
	for i := range v.axes {
		a := v.wholeAxis(i)
		if a == -2 {
			return nil, false
		}
		if a >= 0 {
			seen[a] = true
		}
		order = append(order, a)
	}
	for a, s := range stored {
		if s != unit && !seen[a] {
			return nil, false
		}
	}
	return order, true
}

// wholeAxis is the axis of the cleaned value that has the same elements in the same order
// as axis i of the file's: −1 if that has one element and no axis, −2 if there is none.
func (v view) wholeAxis(i int) int {
	short := func(p int) bool { return v.parts[p] == unit }
	want := slices.DeleteFunc(slices.Clone(v.axes[i]), short)
	for a := range v.groups {
		have := v.partsOf(a)
		if len(want) == 0 && slices.ContainsFunc(have, func(p int) bool { return slices.Contains(v.axes[i], p) }) && v.stored()[a] == unit {
			return a
		}
		if len(want) > 0 && slices.Equal(slices.DeleteFunc(have, short), want) {
			return a
		}
	}
	if len(want) == 0 {
		return -1
	}
	return -2
}

func (w *work) isInput(value string) bool {
	return slices.ContainsFunc(w.inputs, func(v *graph.Value) bool { return v.Name == value })
}
