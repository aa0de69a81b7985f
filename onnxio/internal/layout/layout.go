package layout

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
	"github.com/gonn-toolkit/gonn/onnxio/internal/schema"
)

// Run gives a copy of a graph in which what only moves axes is not carried out but remembered
// with each value, and the map of where the values lie. Where the input is a picture it may be
// kept as (N, C, H, W) though the file gives it as (N, H, W, C): what leaves fewer moves wins.
// input, if it is not nil, says instead how the axes of the file's one input lie in the
// copy's: axis i is axis input[i]. One that does not have so many axes, or whose sizes are not
// known, is left to Run.
func Run(g *ir.Graph, input []int) (*ir.Graph, *Map) {
	g.Index()
	if input != nil && len(g.Inputs) == 1 && len(g.ReshapableSizes(g.Inputs[0].Name)) == len(input) {
		l := layOut(g, input)
		return l.Graph, &l.Map
	}
	l := layOut(g, nil)
	if (l.moves > 0 || l.Output != nil) && len(g.Inputs) == 1 && len(g.ReshapableSizes(g.Inputs[0].Name)) == 4 {
		channelsFirst := layOut(g, []int{0, 2, 3, 1})
		if channelsFirst.moves < l.moves || channelsFirst.moves == l.moves && channelsFirst.Output == nil {
			l = channelsFirst
		}
	}
	return l.Graph, &l.Map
}

// layouter builds the graph of one attempt.
type layouter struct {
	*ir.Graph // the copy: Nodes are those emitted so far, Links those of the graph that is laid out
	Map
	orderer
	shuffled map[string]string // values that had to be moved, by what they were moved to
	moves    int               // nodes that move axes and had to be left
	emitted  map[string]*graph.Node
	gone     map[*graph.Node]bool // emitted nodes that others have taken the place of
}

// layOut lays a copy of the graph out. input says how the file's axes of the input lie
// in the copy's; nil as in the file. Axes of the copy's between them have one element.
func layOut(g *ir.Graph, input []int) *layouter {
	c := g.Clone()
	l := &layouter{Graph: c, orderer: orderer{c, map[string]string{}}, Map: Map{Input: input, maps: map[string]axisMap{}, regrouped: map[string]axisMap{}},
		shuffled: map[string]string{}, emitted: map[string]*graph.Node{}, gone: map[*graph.Node]bool{}}
	for i, v := range l.Inputs {
		name, shape := v.Name, l.ReshapableSizes(v.Name)
		if shape == nil {
			continue
		}
		if input == nil {
			l.maps[name] = identityMap(name, shape)
			continue
		}
		c := *v
		rank := slices.Max(input) + 1
		c.Shape = slices.Repeat([]graph.Dim{{Size: 1}}, rank)
		stored := slices.Repeat([]ir.Size{ir.Unit}, rank)
		for i, a := range input {
			c.Shape[a], stored[a] = v.Shape[i], shape[i]
		}
		l.Inputs = slices.Clone(l.Inputs)
		l.Inputs[i] = &c
		l.Describe(name, stored)
		l.maps[name] = identityMap(name, stored).transposed(input)
	}
	nodes := l.Nodes
	l.Nodes = nil
	for _, n := range nodes {
		l.node(n)
	}
	l.Nodes = slices.DeleteFunc(l.Nodes, func(n *graph.Node) bool { return l.gone[n] })
	l.Output = l.finish()
	return l
}

// node lays one node out by the rule of its operator, or as the file has it.
func (l *layouter) node(n *graph.Node) {
	rule := rules[n.OpType]
	if rule == nil || !schema.Readable(n) || len(n.Outputs) != 1 || !l.known(n) || !rule(l, n) {
		l.asFile(n)
	}
}

// known reports whether the shapes of a node's results and of all its operands are known.
func (l *layouter) known(n *graph.Node) bool {
	for _, in := range n.Inputs {
		if _, ok := l.maps[in]; in != "" && !ok && l.Consts[in] == nil {
			return false
		}
	}
	return l.ReshapableSizes(n.Outputs[0]) != nil
}

// emit adds a node that stands for the file's node n and for the moves on the way to its
// operands.
func (l *layouter) emit(n *graph.Node, file *graph.Node, operands ...axisMap) {
	all := slices.Clone(l.From[file])
	for _, v := range operands {
		all = append(all, *v.moves...)
		*v.moves = nil
	}
	l.From[n] = l.InFileOrder(all)
	l.Nodes = append(l.Nodes, n)
	l.emitted[n.Outputs[0]] = n
}

// asFile emits a node on operands that lie as in the file.
func (l *layouter) asFile(n *graph.Node) {
	c := l.CopyOf(n)
	var operands []axisMap
	for k, in := range c.Inputs {
		if v, ok := l.maps[in]; ok {
			c.Inputs[k] = l.materialized(v, n)
			operands = append(operands, v)
		}
	}
	l.emit(c, n, operands...)
	for _, out := range c.Outputs {
		if shape := l.ReshapableSizes(out); shape != nil {
			l.maps[out] = identityMap(out, shape)
		}
	}
}

// finish gives the outputs as the file has them, but that one output may keep its axes in
// another order, which is returned.
func (l *layouter) finish() (order []int) {
	l.Outputs = slices.Clone(l.Outputs)
	for i, out := range l.Outputs {
		v, ok := l.maps[out.Name]
		if !ok || v.plain() && v.name == out.Name {
			continue
		}
		c := *out
		c.Name = v.name
		if o, ok := v.asOrder(); ok && len(l.Outputs) == 1 && !v.plain() {
			order = o
			c.Shape, c.HasShape = reordered(out.Shape, o, len(v.groups))
		} else {
			c.Name = l.materialized(v, nil)
		}
		if l.IsInput(c.Name) && len(*v.moves) > 0 { // the file only moves its axes
			c.Name = l.Unique(out.Name + ".same")
			same := &graph.Node{OpType: "Identity", Inputs: []string{v.name}, Outputs: []string{c.Name}}
			l.Facts[c.Name] = l.Facts[v.name]
			l.emit(same, nil, v)
		}
		l.Moved = append(l.Moved, *v.moves...)
		l.Outputs[i] = &c
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
