package onnxio

import (
	"slices"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// match is a spelling found in a graph.
type match struct {
	fn    *nn.ActFunc
	nodes []*graph.Node // all nodes of it, the one that gives the result first
	x     string        // the value that goes in
	param string        // the constant that is the parameter, if it is a tensor
	fixed []string      // all constants of it
	value *float32      // the parameter, if it is a number
}

// index finds who makes and who reads each value.
func (im *importer) index() {
	im.readers, im.maker = map[string][]*graph.Node{}, map[string]*graph.Node{}
	for _, n := range im.model.Graph.Nodes {
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
		if im.claimed[root] || im.isConstant(root) {
			continue
		}
		if m := im.largestMatch(root); m != nil {
			im.matches[root] = m
			for _, n := range m.nodes[1:] {
				im.claimed[n] = true
			}
		}
	}
}

func (im *importer) largestMatch(root *graph.Node) *match {
	var best *match
	for _, row := range spellings {
		for _, s := range row.spellings {
			if best == nil || len(s.nodes) > len(best.nodes) {
				if m := im.match(root, row.fn, s); m != nil {
					best = m
				}
			}
		}
	}
	return best
}

// match tries a spelling at the node that would give its result, with the operands
// of commuting operators in both orders.
func (im *importer) match(root *graph.Node, fn *nn.ActFunc, s *spelling) *match {
	var swappable []*spelledNode
	for i := range s.nodes {
		if commutes[s.nodes[i].op] {
			swappable = append(swappable, &s.nodes[i])
		}
	}
	for order := range 1 << len(swappable) {
		t := &trial{im: im, s: s, match: match{fn: fn}, bound: map[string]string{}, swapped: map[*spelledNode]bool{}}
		for i, n := range swappable {
			t.swapped[n] = order>>i&1 == 1
		}
		if t.node(s.node("y"), root) && t.closed() && t.parameter() {
			return &t.match
		}
	}
	return nil
}

// trial is one attempt at a match, with a fixed order of operands.
type trial struct {
	im      *importer
	s       *spelling
	bound   map[string]string // name in the spelling → value in the graph
	swapped map[*spelledNode]bool
	match
}

// node holds one statement against one node.
func (t *trial) node(want *spelledNode, n *graph.Node) bool {
	if n == nil || n.OpType != want.op || !ownOperator(n) || !t.named(want, n) ||
		len(n.Inputs) != len(want.in) || len(n.Outputs) != 1 || t.im.claimed[n] {
		return false
	}
	for _, a := range n.Attrs {
		if !want.knows(a.Name) {
			return false // a setting that the spelling knows nothing of
		}
	}
	for _, a := range want.attrs {
		v, ok := attrOf(n, a.name)
		literal, isNumber := number(a.value)
		switch {
		case !ok || isNumber && v != literal:
			return false
		case !isNumber: // @alpha
			t.value = &v
		}
	}
	t.nodes = append(t.nodes, n)
	t.bound[want.out] = n.Outputs[0]
	for k, operand := range want.in {
		if t.swapped[want] {
			k = len(want.in) - 1 - k
		}
		if !t.operand(operand, n.Inputs[k]) {
			return false
		}
	}
	return true
}

// named tells whether a node may be an inner one of the match by its name. In gonn's own
// files it must be called after the layer, as the exporter does: two layers, such as a
// sigmoid and a product, can be the same nodes as one.
func (t *trial) named(want *spelledNode, n *graph.Node) bool {
	if len(t.nodes) == 0 || !t.im.own() {
		return true
	}
	return n.Name == t.nodes[0].Name+"."+want.out
}

// operand holds a name or number of the spelling against a value of the graph.
func (t *trial) operand(want, value string) bool {
	if v, isNumber := number(want); isNumber {
		t.fixed = append(t.fixed, value)
		got, ok := t.scalar(value)
		return ok && got == v
	}
	if earlier, ok := t.bound[want]; ok {
		return earlier == value
	}
	constant := t.im.consts[value] != nil
	if constant {
		t.fixed = append(t.fixed, value)
	}
	t.bound[want] = value
	switch inner := t.s.node(want); {
	case inner != nil:
		return !constant && t.node(inner, t.im.maker[value])
	case want == "x":
		t.x = value
		return !constant && value != ""
	}
	t.param = value
	return constant
}

func (t *trial) scalar(value string) (float32, bool) {
	c := t.im.consts[value]
	if c == nil {
		return 0, false
	}
	v, err := c.Float32s()
	if err != nil || len(v) != 1 || c.Type != graph.Float {
		return 0, false
	}
	return v[0], true
}

// closed tells whether the inner values are read by the match alone, so that
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

// parameter checks what was found for the parameter: a learned one is a tensor of
// the file, a fixed one a number written into the graph.
func (t *trial) parameter() bool {
	switch t.fn.Arg {
	case nn.Learned:
		return t.im.trainable(t.param)
	case nn.Fixed:
		if t.value == nil && t.param == "" {
			t.value = t.fn.Default
			return t.value != nil
		}
		if t.param != "" {
			v, ok := t.scalar(t.param)
			t.value = &v
			return ok && !t.im.trainable(t.param)
		}
	}
	return true
}
