package rewrite

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// mergeRule looks at one node and what is before it. It makes one node of several, or
// gives a node its usual form, and reports whether it has.
type mergeRule func(w *work, n *graph.Node) bool

// merges are the rules by the operator of the node that gives the result, in the order in
// which they are tried.
var merges = map[string][]mergeRule{
	"Add":         {constantBehind, mergeGemmBias, mergeBatchNorm, mergeConvBias},
	"AveragePool": {mergePad, averageOfAll},
	"Clip":        {boundless, clipOfRelu},
	"Conv":        {mergePad},
	"Div":         {divToSoftmax, averageOfSum},
	"Exp":         {expOfLogSoftmax},
	"Gemm":        {plainGemm},
	"Log":         {logOfSoftmax},
	"MatMul":      {matMulToGemm},
	"MaxPool":     {mergePad, maxOfAll},
	"Mul":         {constantBehind, constantOutside, mergeBatchNormBare},
	"ReduceMax":   {globalMax},
	"ReduceMean":  {globalAverage},
	"Sub":         {mergeSubBias},
	"Sum":         {sumOfTwo},
}

// merge applies the rules until none of them finds anything. Each takes a node away or
// brings it nearer to its usual form, so there is an end; the bound guards against a rule
// that undoes another.
func (w *work) merge() {
	w.ahead = map[*graph.Node][]*graph.Node{}
	for range mostRounds {
		w.index()
		changed := false
		for i := range w.nodes {
			changed = w.mergeAt(i) || changed
		}
		w.compact()
		if !changed {
			break
		}
	}
	w.folded = append(w.folded, w.dropUnread()...) // they computed shapes
}

// mostRounds bounds how often all nodes are looked at. Exports need three or four.
const mostRounds = 32

// mergeAt applies the rules to the node at place i while they find something.
func (w *work) mergeAt(i int) (changed bool) {
	for range mostRounds {
		n := w.nodes[i]
		if n == nil || !readable(n) || len(n.Outputs) != 1 || !slices.ContainsFunc(merges[n.OpType], func(rule mergeRule) bool { return rule(w, n) }) {
			return changed
		}
		changed = true
	}
	return changed
}

// compact closes the gaps that rules have left, and puts nodes ahead of others.
func (w *work) compact() {
	var nodes []*graph.Node
	for _, n := range w.nodes {
		if n == nil {
			continue
		}
		nodes = append(append(nodes, w.ahead[n]...), n)
	}
	w.nodes = nodes
	clear(w.ahead)
}

// replace puts a node in the place of last, whose result it gives, and takes the others
// away.
func (w *work) replace(by, last *graph.Node, others ...*graph.Node) {
	w.like(by, append([]*graph.Node{last}, others...)...)
	by.Outputs = last.Outputs[:1]
	if by.Name == "" {
		by.Name = last.Name
	}
	at := w.place[last]
	var ahead []*graph.Node
	for _, n := range append(others, last) {
		ahead = append(ahead, w.ahead[n]...)
		w.remove(n)
	}
	w.nodes[at] = by
	w.ahead[by] = slices.DeleteFunc(ahead, func(n *graph.Node) bool { return w.maker[firstOutput(n)] != n })
	w.link(by, at)
}

// remove takes a node away. Its place stays empty until the round is over.
func (w *work) remove(n *graph.Node) {
	if at := w.place[n]; w.nodes[at] == n {
		w.nodes[at] = nil
	} else { // it stands ahead of the one at its place
		first := w.nodes[at]
		w.ahead[first] = slices.DeleteFunc(w.ahead[first], func(a *graph.Node) bool { return a == n })
	}
	delete(w.ahead, n)
	w.unlink(n)
}

// inner is the node that makes a value which nothing but one node reads, if it has the
// operator op; else nil.
func (w *work) inner(value, op string) *graph.Node {
	n := w.maker[value]
	if n == nil || n.OpType != op || !readable(n) || w.uses[value] != 1 || len(n.Outputs) != 1 {
		return nil
	}
	return n
}

// isFloat reports whether a value is of FLOATs, which all layers take: some operators take
// integers, and what they become does not.
func (w *work) isFloat(value string) bool { return w.facts[value].typ == graph.Float }

// is reports whether a value is a constant of one number that is v.
func (w *work) is(value string, v float64) bool {
	got, ok := w.scalar(value)
	return ok && got == v
}

// constantAndRest splits the two operands of a node into a constant and the other.
func (w *work) constantAndRest(n *graph.Node) (constant, rest string, ok bool) {
	if len(n.Inputs) != 2 {
		return "", "", false
	}
	a, b := n.Inputs[0], n.Inputs[1]
	switch {
	case w.consts[b] != nil && w.consts[a] == nil:
		return b, a, true
	case w.consts[a] != nil && w.consts[b] == nil:
		return a, b, true
	}
	return "", "", false
}

// constantBehind puts the constant of a sum or product behind the other operand.
func constantBehind(w *work, n *graph.Node) bool {
	if len(n.Inputs) == 2 && w.consts[n.Inputs[0]] != nil && w.consts[n.Inputs[1]] == nil {
		c := w.copyOf(n)
		c.Inputs[0], c.Inputs[1] = n.Inputs[1], n.Inputs[0]
		w.replace(c, n)
		return true
	}
	return false
}

// sumOfTwo: Sum of two operands is Add.
func sumOfTwo(w *work, n *graph.Node) bool {
	if len(n.Inputs) != 2 {
		return false
	}
	w.replace(&graph.Node{OpType: "Add", Inputs: n.Inputs}, n)
	return true
}

// perChannel reports whether a constant has one value for each channel of x, which is its
// axis 1.
func (w *work) perChannel(constant, x string) bool {
	shape := w.dims(x)
	t := w.consts[constant]
	if len(shape) < 2 || shape[1] < 1 || t == nil || len(t.Dims) > len(shape) || t.Type != graph.Float {
		return false
	}
	for i, d := range t.Dims {
		if axis := len(shape) - len(t.Dims) + i; d != 1 && (axis != 1 || int(d) != shape[1]) {
			return false
		}
	}
	return volume(toInts(t.Dims)) == shape[1]
}

// vector is a constant with one value for each channel as a tensor of one axis.
func (w *work) vector(constant string) string {
	if t := w.consts[constant]; len(t.Dims) != 1 {
		flat := *t
		n, _ := t.Len()
		flat.Dims = []int64{int64(n)}
		to := w.constant(&flat, constant, constant)
		w.origin[to] = constant
		return to
	}
	return constant
}

// constantOutside turns a·(b·c) with a constant c into (a·b)·c: TensorFlow moves the scale
// of a normalisation into the product in front of it.
func constantOutside(w *work, n *graph.Node) bool {
	if len(n.Inputs) != 2 {
		return false
	}
	for k := range 2 {
		a := n.Inputs[1-k]
		inner := w.inner(n.Inputs[k], "Mul")
		if inner == nil || w.consts[a] != nil {
			continue
		}
		c, b, ok := w.constantAndRest(inner)
		whole := w.sizes(n.Outputs[0])
		if !ok || whole == nil || !slices.Equal(w.sizes(a), whole) || !slices.Equal(w.sizes(b), whole) {
			continue
		}
		product, outer := w.copyOf(inner), w.copyOf(n)
		product.Inputs = []string{a, b}
		product.Outputs[0] = w.unique(inner.Outputs[0])
		w.facts[product.Outputs[0]] = w.facts[inner.Outputs[0]]
		outer.Inputs = []string{product.Outputs[0], c}
		w.replace(outer, n, inner)
		w.from[outer], w.from[product] = w.from[n], w.from[inner]
		w.ahead[outer] = append(w.ahead[outer], product) // behind both of its operands
		w.link(product, w.place[outer])
		return true
	}
	return false
}
