package rewrite

import "github.com/gonn-toolkit/gonn/onnxio/graph"

// negation: a product with −1 is Neg.
func negation(w *work, n *graph.Node) bool {
	c, x, ok := w.constantAndRest(n)
	if !ok || !w.is(c, -1) || len(w.dims(x)) != len(w.dims(n.Outputs[0])) {
		return false
	}
	w.replace(&graph.Node{OpType: "Neg", Inputs: []string{x}}, n)
	return true
}

var swapped = map[string]string{"Greater": "Less", "Less": "Greater", "GreaterOrEqual": "LessOrEqual", "LessOrEqual": "GreaterOrEqual"}

// swapComparison puts the constant of a comparison behind the other operand.
func swapComparison(w *work, n *graph.Node) bool {
	if len(n.Inputs) != 2 || w.consts[n.Inputs[0]] == nil || w.consts[n.Inputs[1]] != nil {
		return false
	}
	w.replace(&graph.Node{OpType: swapped[n.OpType], Inputs: []string{n.Inputs[1], n.Inputs[0]}}, n)
	return true
}

// maxOfZero: the larger of x and 0 is Relu.
func maxOfZero(w *work, n *graph.Node) bool {
	c, x, ok := w.constantAndRest(n)
	if !ok || !w.is(c, 0) || len(w.dims(x)) != len(w.dims(n.Outputs[0])) {
		return false
	}
	w.replace(&graph.Node{OpType: "Relu", Inputs: []string{x}}, n)
	return true
}

// whereToRelu: x where it is above 0, else 0, is Relu.
func whereToRelu(w *work, n *graph.Node) bool {
	if len(n.Inputs) != 3 || !w.is(n.Inputs[2], 0) {
		return false
	}
	p, x := w.maker[n.Inputs[0]], n.Inputs[1]
	if p == nil || p.OpType != "Greater" && p.OpType != "GreaterOrEqual" || p.Inputs[0] != x || !w.is(p.Inputs[1], 0) {
		return false
	}
	w.replace(&graph.Node{OpType: "Relu", Inputs: []string{x}}, n)
	return true
}

// whereSoftplus: exporters take x itself where it is so large (20 in PyTorch) that the
// softplus of x is x in float32.
func whereSoftplus(w *work, n *graph.Node) bool {
	if len(n.Inputs) != 3 {
		return false
	}
	p, x, s := w.maker[n.Inputs[0]], n.Inputs[1], w.inner(n.Inputs[2], "Softplus")
	if p == nil || p.OpType != "Greater" || s == nil || s.Inputs[0] != x || p.Inputs[0] != x {
		return false
	}
	if at, ok := w.scalar(p.Inputs[1]); !ok || at < 17 {
		return false
	}
	w.replace(&graph.Node{OpType: "Softplus", Inputs: []string{x}}, n, s)
	return true
}

// logToSoftplus: log(1 + exp(x)) is Softplus.
func logToSoftplus(w *work, n *graph.Node) bool {
	x, nodes, ok := w.onePlusExp(n.Inputs[0])
	if !ok {
		return false
	}
	w.replace(&graph.Node{OpType: "Softplus", Inputs: []string{x}}, n, nodes...)
	return true
}

// onePlusExp finds the x of 1 + exp(x), with the nodes that compute it.
func (w *work) onePlusExp(value string) (x string, nodes []*graph.Node, ok bool) {
	add := w.inner(value, "Add")
	if add == nil {
		return "", nil, false
	}
	c, e, ok := w.constantAndRest(add)
	exp := w.inner(e, "Exp")
	if !ok || exp == nil || !w.is(c, 1) {
		return "", nil, false
	}
	return exp.Inputs[0], []*graph.Node{add, exp}, true
}

// divToSigmoid: 1/(1 + exp(−x)) is Sigmoid.
func divToSigmoid(w *work, n *graph.Node) bool {
	if len(n.Inputs) != 2 || !w.is(n.Inputs[0], 1) {
		return false
	}
	return w.toSigmoid(n, n.Inputs[1])
}

// reciprocalToSigmoid is the same with Reciprocal.
func reciprocalToSigmoid(w *work, n *graph.Node) bool { return w.toSigmoid(n, n.Inputs[0]) }

func (w *work) toSigmoid(n *graph.Node, below string) bool {
	m, nodes, ok := w.onePlusExp(below)
	if !ok {
		return false
	}
	neg := w.inner(m, "Neg")
	if neg == nil {
		return false
	}
	w.replace(&graph.Node{OpType: "Sigmoid", Inputs: neg.Inputs}, n, append(nodes, neg)...)
	return true
}

// sumToWhere: tf2onnx writes Where(p, a, b) as p·a + (not p)·b.
func sumToWhere(w *work, n *graph.Node) bool {
	if len(n.Inputs) != 2 {
		return false
	}
	a, ok1 := w.chosen(n.Inputs[0])
	b, ok2 := w.chosen(n.Inputs[1])
	if !ok1 || !ok2 || a.not == b.not || a.by != b.by {
		return false
	}
	if a.not {
		a, b = b, a
	}
	w.replace(&graph.Node{OpType: "Where", Inputs: []string{a.by, a.value, b.value}}, n, a.product, b.product)
	return true
}

// choice is a value where a condition holds, or where it does not, and 0 elsewhere.
type choice struct {
	value, by string
	not       bool
	product   *graph.Node
}

// chosen finds the value and the condition of value·Cast(condition).
func (w *work) chosen(value string) (choice, bool) {
	mul := w.inner(value, "Mul")
	if mul == nil || len(mul.Inputs) != 2 {
		return choice{}, false
	}
	for k := range 2 {
		cast := w.maker[mul.Inputs[k]]
		if cast == nil || cast.OpType != "Cast" || !readable(cast) || w.facts[cast.Inputs[0]].typ != graph.Bool {
			continue
		}
		c := choice{value: mul.Inputs[1-k], by: cast.Inputs[0], product: mul}
		if not := w.maker[c.by]; not != nil && not.OpType == "Not" {
			c.by, c.not = not.Inputs[0], true
		}
		return c, true
	}
	return choice{}, false
}
