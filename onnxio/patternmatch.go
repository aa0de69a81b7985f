package onnxio

import (
	"maps"
	"math"
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/nn/activation"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
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
	numeric bool
	values  []float32
	dims    nn.Shape
	factor  float32 // the values are those of the activation times this; 0 is 1
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
func (f *activationFinder) match(root *graph.Node, fn *activation.Func, s *spelling) *match {
	result := s.node("y")
	if result.op != operatorOf(root) {
		return nil
	}
	t := &trial{finder: f, s: s, match: match{fn: fn}, bound: map[string]string{}}
	if t.node(result, root, nil) {
		return &t.match
	}
	return nil
}

// trial is one attempt at a match. Its methods go on until the whole spelling is found;
// where one gives false, what it has noted down does not count.
type trial struct {
	finder *activationFinder
	s      *spelling
	bound  map[string]string // name in the spelling → value in the graph
	match
}

// goal is an operand of a spelling and the value of the graph that it must be.
type goal struct{ want, value string }

// node holds one statement against one node, and then what remains to be found. Where the
// operands commute it tries both orders.
func (t *trial) node(want *spelledNode, n *graph.Node, rest []goal) bool {
	if n == nil || operatorOf(n) != want.op || !t.named(want, n) ||
		len(n.Inputs) != len(want.in) || len(n.Outputs) != 1 || t.finder.claimed[n] || !t.attributes(want, n) {
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
	if len(t.nodes) == 0 || !t.finder.asWritten {
		return true
	}
	return n.Name == t.nodes[0].Name+"."+want.out
}

// solve finds the operands that are still to be found, one after the other.
func (t *trial) solve(goals []goal) bool {
	if len(goals) == 0 {
		return t.finder.closed(t.nodes) && t.parameter()
	}
	want, value, rest := goals[0].want, goals[0].value, goals[1:]
	if want == "" || value == "" { // left out
		return want == value && t.solve(rest)
	}
	constant := t.finder.consts[value] != nil
	if constant {
		t.fixed = append(t.fixed, value)
	}
	if v, isNumber := number(want); isNumber {
		got, ok := t.finder.scalar(value)
		return ok && t.finder.sameNumber(got, v) && t.solve(rest)
	}
	if earlier, ok := t.bound[want]; ok {
		return (earlier == value || t.sameConstant(earlier, value)) && t.solve(rest)
	}
	t.bound[want] = value
	switch inner := t.s.node(want); {
	case inner != nil:
		return !constant && t.node(inner, t.finder.Maker[value], rest)
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
	x, y := t.finder.consts[a], t.finder.consts[b]
	if x == nil || y == nil || x.Type != graph.Float || y.Type != graph.Float || !slices.Equal(x.Dims, y.Dims) {
		return false
	}
	v, err1 := x.Float32s()
	w, err2 := y.Float32s()
	return err1 == nil && err2 == nil && slices.Equal(v, w)
}

// sameNumber reports whether a constant is the number of a spelling: exporters round what
// they compute, such as 1/√2, in their own ways, and files of fewer bits to these.
func (f *activationFinder) sameNumber(got, want float32) bool {
	return math.Abs(float64(got)-float64(want)) <= f.rounding*math.Abs(float64(want))
}

// parameter checks what was found for the parameter: a learned one is a tensor of
// the file, a fixed one a number.
func (t *trial) parameter() bool {
	switch t.fn.Arg {
	case activation.Learned:
		// A number without axes is not learned, except as the slope of a PRelu.
		return t.finder.trainable(t.param) || t.nodes[0].OpType == "PRelu" && len(t.finder.clean.Roots[t.param]) > 0 && t.finder.consts[t.param].Type == graph.Float
	case activation.Fixed:
		if t.value == nil && t.param == "" {
			t.value = t.fn.Default
			return t.value != nil
		}
		if t.param != "" {
			v, ok := t.finder.scalar(t.param)
			v /= t.times
			t.value = &v
			return ok && finite(v)
		}
		return finite(*t.value)
	}
	return true
}
