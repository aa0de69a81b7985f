package fuse

import (
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
	"github.com/gonn-toolkit/gonn/onnxio/internal/ir"
	"github.com/gonn-toolkit/gonn/onnxio/internal/schema"
)

// fuser is a graph whose nodes are being fused.
type fuser struct {
	*ir.Graph
	ahead map[*graph.Node][]*graph.Node // nodes that are put in front of another once the round is over
}

// rule looks at one node and what is before it. It makes one node of several, or
// gives a node its usual form, and reports whether it has.
type rule func(f *fuser, n *graph.Node) bool

// rules are the rules by the operator of the node that gives the result, in the order in
// which they are tried.
var rules = map[string][]rule{
	"Add":         {constantBehind, fuseGemmBias, fuseBatchNorm, fuseConvBias},
	"AveragePool": {fusePad, averageOfAll},
	"Clip":        {boundless, clipOfRelu},
	"Conv":        {fusePad, fuseChannelOrder},
	"Div":         {divToSoftmax, averageOfSum},
	"Exp":         {expOfLogSoftmax},
	"Gemm":        {plainGemm},
	"Log":         {logOfSoftmax},
	"MatMul":      {matMulToGemm},
	"MaxPool":     {fusePad, maxOfAll},
	"Mul":         {constantBehind, constantOutside, fuseBatchNormBare},
	"ReduceMax":   {globalMax},
	"ReduceMean":  {globalAverage},
	"Sub":         {fuseSubBias},
	"Sum":         {sumOfTwo},
}

// Run applies the rules until none of them finds anything. Each takes a node away or
// brings it nearer to its usual form, so there is an end; the bound guards against a rule
// that undoes another.
func Run(g *ir.Graph) {
	f := &fuser{g, map[*graph.Node][]*graph.Node{}}
	for range mostRounds {
		f.Index()
		changed := false
		for i := range f.Nodes {
			changed = f.fuseAt(i) || changed
		}
		f.compact()
		if !changed {
			break
		}
	}
	f.Folded = append(f.Folded, f.DropUnread()...) // they computed shapes
}

// mostRounds bounds how often all nodes are looked at. Exports need three or four.
const mostRounds = 32

// fuseAt applies the rules to the node at place i while they find something.
func (f *fuser) fuseAt(i int) (changed bool) {
	for range mostRounds {
		n := f.Nodes[i]
		if n == nil || !schema.Readable(n) || len(n.Outputs) != 1 || !slices.ContainsFunc(rules[n.OpType], func(rule rule) bool { return rule(f, n) }) {
			return changed
		}
		changed = true
	}
	return changed
}

// compact closes the gaps that rules have left, and puts nodes ahead of others.
func (f *fuser) compact() {
	var nodes []*graph.Node
	for _, n := range f.Nodes {
		if n == nil {
			continue
		}
		nodes = append(append(nodes, f.ahead[n]...), n)
	}
	f.Nodes = nodes
	clear(f.ahead)
}

// replace puts a node in the place of last, whose result it gives, and takes the others
// away.
func (f *fuser) replace(by, last *graph.Node, others ...*graph.Node) {
	f.Like(by, append([]*graph.Node{last}, others...)...)
	by.Outputs = last.Outputs[:1]
	if by.Name == "" {
		by.Name = last.Name
	}
	at := f.Place[last]
	var ahead []*graph.Node
	for _, n := range append(others, last) {
		ahead = append(ahead, f.ahead[n]...)
		f.remove(n)
	}
	f.Nodes[at] = by
	f.ahead[by] = slices.DeleteFunc(ahead, func(n *graph.Node) bool { return f.Maker[schema.FirstOutput(n)] != n })
	f.Link(by, at)
}

// remove takes a node away. Its place stays empty until the round is over.
func (f *fuser) remove(n *graph.Node) {
	if at := f.Place[n]; f.Nodes[at] == n {
		f.Nodes[at] = nil
	} else { // it stands ahead of the one at its place
		first := f.Nodes[at]
		f.ahead[first] = slices.DeleteFunc(f.ahead[first], func(a *graph.Node) bool { return a == n })
	}
	delete(f.ahead, n)
	f.Unlink(n)
}

// inner is the node that makes a value which nothing but one node reads, if it has the
// operator op; else nil.
func (f *fuser) inner(value, op string) *graph.Node {
	n := f.Maker[value]
	if n == nil || n.OpType != op || !schema.Readable(n) || f.Uses[value] != 1 || len(n.Outputs) != 1 {
		return nil
	}
	return n
}
