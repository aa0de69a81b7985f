package onnxio

import (
	"maps"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/rewrite"
)

// match is a spelling found in a graph.
type match struct {
	fn    *activation.Func
	nodes []*graph.Node // all nodes of it, the one that gives the result first
	x     string        // the value that goes in
	param string        // the constant that holds the parameter, if it is a tensor
	times float32       // the constant is the parameter times this
	fixed []string      // all constants of it
	value *float32      // the parameter, if it is a number

	// Of an activation that was recognised by its values, a parameter is here.
	judged bool
	values []float32
	dims   nn.Shape
	factor float32 // the values are those of the activation times this; 0 is 1
}

// index finds who makes and who reads each value.
func (im *importer) index() {
	im.readers, im.maker, im.at = map[string][]*graph.Node{}, map[string]*graph.Node{}, map[*graph.Node]int{}
	for i, n := range im.model.Graph.Nodes {
		im.at[n] = i
		for _, in := range n.Inputs {
			im.readers[in] = append(im.readers[in], n)
		}
		for _, out := range n.Outputs {
			im.maker[out] = n
		}
	}
}

// findActivations claims the nodes of every activation. It goes backwards and takes
// the largest spelling at each result, so that the Tanh inside a Mish is not taken
// for an activation of its own.
func (im *importer) findActivations() {
	nodes := im.model.Graph.Nodes
	for i := len(nodes) - 1; i >= 0; i-- {
		root := nodes[i]
		if im.claimed[root] {
			continue
		}
		if m := im.layerAt(root); m != nil {
			im.registered[root] = m
			for _, n := range m.nodes[1:] {
				im.claimed[n] = true
			}
			continue
		}
		if m := im.activationAt(root); m != nil {
			im.matches[root] = m
			for _, n := range m.nodes[1:] {
				im.claimed[n] = true
			}
		}
	}
}

// activationAt is the activation whose result a node gives, nil if there is none. Of
// several the smallest is taken that leaves nothing unknown in front of it: two activations
// one behind the other may compute what one does, but stay two. Fixed numbers in front are
// known too, but a larger activation that has them in it comes before these.
func (im *importer) activationAt(root *graph.Node) *match {
	if m, known := im.found[root]; known {
		return m
	}
	im.found[root] = nil // what is in front of a node does not lead back to it
	var best, rescaled *match
	for _, m := range im.candidates(root) {
		if best == nil {
			best = m
		}
		if im.leavesLayer(m.x) {
			best, rescaled = m, nil
			break
		}
		if n := im.maker[m.x]; rescaled == nil && im.withConstant(n) {
			rescaled = m
		}
	}
	if rescaled != nil {
		best = rescaled
	}
	im.found[root] = best
	return best
}

// candidates are the activations that a node may end: the one that is spelled so, and in
// files of others those that its islands compute, the smaller first. If there are none, they
// are those that its islands compute up to a factor.
func (im *importer) candidates(root *graph.Node) (all []*match) {
	var multiples []*match
	spelled := im.largestMatch(root)
	if spelled != nil {
		all = append(all, spelled)
	}
	if im.asWritten || !root.Standard() || len(root.Outputs) != 1 {
		return all
	}
	for _, is := range im.islands(root) {
		if spelled == nil || len(is.nodes) > len(spelled.nodes) {
			switch m := im.behaves(is); {
			case m == nil:
			case m.factor == 0:
				all = append(all, m)
			case !im.isScale(root):
				multiples = append(multiples, m)
			}
		}
	}
	if all == nil {
		return multiples
	}
	return all
}

// leavesLayer reports whether a value comes from a layer or an activation, rather than from
// arithmetic that would be left over.
func (im *importer) leavesLayer(value string) bool {
	n := im.maker[value]
	if n == nil || !rewrite.Elementwise(n.OpType) {
		return true
	}
	if layerByOp(n.OpType) != nil && len(im.computed(n)) == len(n.Inputs) {
		return true // a sum or product of layers
	}
	return im.activationAt(n) != nil
}

func (im *importer) largestMatch(root *graph.Node) *match {
	var best *match
	for _, row := range allSpellings() {
		for _, s := range row.spellings {
			if m := im.match(root, row.fn, s); m != nil && m.better(best) {
				best = m
			}
		}
	}
	return best
}

// better reports whether a match is of more nodes, or of as many but with a parameter that
// is learned: a tensor of the file may be one.
func (m *match) better(than *match) bool {
	if than == nil || len(m.nodes) != len(than.nodes) {
		return than == nil || len(m.nodes) > len(than.nodes)
	}
	return m.fn.Arg == activation.Learned && than.fn.Arg == activation.Fixed
}

// match tries a spelling at the node that would give its result.
func (im *importer) match(root *graph.Node, fn *activation.Func, s *spelling) *match {
	result := s.node("y")
	if result.op != operatorOf(root) {
		return nil
	}
	t := &trial{im: im, s: s, match: match{fn: fn}, bound: map[string]string{}}
	if t.node(result, root, nil) {
		return &t.match
	}
	return nil
}

// trial is one attempt at a match. Its methods go on until the whole spelling is found;
// where one gives false, what it has noted down does not count.
type trial struct {
	im    *importer
	s     *spelling
	bound map[string]string // name in the spelling → value in the graph
	match
}

// goal is an operand of a spelling and the value of the graph that it must be.
type goal struct{ want, value string }

// node holds one statement against one node, and then what remains to be found. Where the
// operands commute it tries both orders.
func (t *trial) node(want *spelledNode, n *graph.Node, rest []goal) bool {
	if n == nil || operatorOf(n) != want.op || !t.named(want, n) ||
		len(n.Inputs) != len(want.in) || len(n.Outputs) != 1 || t.im.claimed[n] || !t.attributes(want, n) {
		return false
	}
	t.nodes = append(t.nodes, n)
	t.bound[want.out] = n.Outputs[0]
	goals := make([]goal, 0, len(want.in)+len(rest))
	for k, operand := range want.in {
		goals = append(goals, goal{operand, n.Inputs[k]})
	}
	goals = append(goals, rest...)
	if !commutes[want.op] || len(want.in) != 2 {
		return t.solve(goals)
	}
	before := *t
	before.bound = maps.Clone(t.bound)
	if t.solve(goals) {
		return true
	}
	*t = before
	goals[0].value, goals[1].value = goals[1].value, goals[0].value
	return goals[0].value != goals[1].value && t.solve(goals)
}

// attributes holds the settings of a statement against those of a node.
func (t *trial) attributes(want *spelledNode, n *graph.Node) bool {
	for _, a := range n.Attrs {
		if !want.knows(a.Name) {
			return false // a setting that the spelling knows nothing of
		}
	}
	for _, a := range want.attrs {
		v := attrOf(n, a.name)
		if literal := a.literal(); literal != nil {
			if v != literal {
				return false
			}
			continue
		}
		number, ok := v.(float32) // @alpha
		if !ok {
			return false
		}
		t.value = &number
	}
	return true
}

// named reports whether a node may be an inner one of the match by its name. In gonn's own
// files it must be called after the layer, as the exporter does: two layers, such as a
// sigmoid and a product, can be the same nodes as one.
func (t *trial) named(want *spelledNode, n *graph.Node) bool {
	if len(t.nodes) == 0 || !t.im.asWritten {
		return true
	}
	return n.Name == t.nodes[0].Name+"."+want.out
}

// solve finds the operands that are still to be found, one after the other.
func (t *trial) solve(goals []goal) bool {
	if len(goals) == 0 {
		return t.closed() && t.parameter()
	}
	want, value, rest := goals[0].want, goals[0].value, goals[1:]
	if want == "" || value == "" { // left out
		return want == value && t.solve(rest)
	}
	constant := t.im.consts[value] != nil
	if constant {
		t.fixed = append(t.fixed, value)
	}
	if v, isNumber := number(want); isNumber {
		got, ok := t.scalar(value)
		return ok && t.im.sameNumber(got, v) && t.solve(rest)
	}
	if earlier, ok := t.bound[want]; ok {
		return (earlier == value || t.sameConstant(earlier, value)) && t.solve(rest)
	}
	t.bound[want] = value
	switch inner := t.s.node(want); {
	case inner != nil:
		return !constant && t.node(inner, t.im.maker[value], rest)
	case want == "x":
		t.x = value
		return !constant && t.solve(rest)
	}
	t.param, t.times = value, timesOf(want)
	return constant && t.solve(rest)
}

// sameConstant reports whether two constants hold the same: exporters write a parameter once
// for each use.
func (t *trial) sameConstant(a, b string) bool {
	x, y := t.im.consts[a], t.im.consts[b]
	if x == nil || y == nil || x.Type != graph.Float || y.Type != graph.Float || !slices.Equal(x.Dims, y.Dims) {
		return false
	}
	v, err1 := x.Float32s()
	w, err2 := y.Float32s()
	return err1 == nil && err2 == nil && slices.Equal(v, w)
}

func (t *trial) scalar(value string) (float32, bool) {
	c := t.im.consts[value]
	if c == nil || c.Type != graph.Float {
		return 0, false
	}
	if n, err := c.Len(); err != nil || n != 1 {
		return 0, false
	}
	v, err := c.Float32s()
	if err != nil {
		return 0, false
	}
	return v[0], true
}

// closed reports whether the inner values are read by the match alone, so that
// nothing is lost when its nodes become one layer.
func (t *trial) closed() bool {
	for _, n := range t.nodes[1:] {
		for _, r := range t.im.readers[n.Outputs[0]] {
			if !slices.Contains(t.nodes, r) {
				return false
			}
		}
		for _, out := range t.im.model.Graph.Outputs {
			if out.Name == n.Outputs[0] {
				return false
			}
		}
	}
	return true
}

// sameNumber reports whether a constant is the number of a spelling: exporters round what
// they compute, such as 1/√2, in their own ways, and files of fewer bits to these.
func (im *importer) sameNumber(got, want float32) bool {
	return math.Abs(float64(got)-float64(want)) <= im.rounding*math.Abs(float64(want))
}

// parameter checks what was found for the parameter: a learned one is a tensor of
// the file, a fixed one a number.
func (t *trial) parameter() bool {
	switch t.fn.Arg {
	case activation.Learned:
		// A number without axes is not learned, except as the slope of a PRelu.
		return t.im.trainable(t.param) || t.nodes[0].OpType == "PRelu" && len(t.im.clean.Roots[t.param]) > 0 && t.im.consts[t.param].Type == graph.Float
	case activation.Fixed:
		if t.value == nil && t.param == "" {
			t.value = t.fn.Default
			return t.value != nil
		}
		if t.param != "" {
			v, ok := t.scalar(t.param)
			v /= t.times
			t.value = &v
			return ok && finite(v)
		}
		return finite(*t.value)
	}
	return true
}
