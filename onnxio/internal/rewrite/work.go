package rewrite

import (
	"fmt"
	"slices"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// Opset is the version of ONNX's operators that a cleaned graph is written in, unless the
// file's is later.
const Opset = 20

// work is a graph under the passes' hands. Nodes and tensors of the file are never
// changed: a pass that needs another node makes one and says where it comes from.
type work struct {
	file    *graph.Model
	opset   int64 // of the file
	target  int64 // that the cleaned graph is written in
	nodes   []*graph.Node
	inputs  []*graph.Value
	outputs []*graph.Value

	consts map[string]*graph.Tensor
	roots  map[string][]string           // initializers that a constant comes from
	made   map[string]*graph.Node        // the node that gave a folded constant
	origin map[string]string             // the constant whose elements one has in another order
	from   map[*graph.Node][]*graph.Node // the file's nodes behind a node
	at     map[*graph.Node]int           // the place of each in the file
	facts  map[string]fact
	taken  map[string]bool // names of values
	maker  map[string]*graph.Node
	reads  map[string]int // how many operands and outputs a value is

	inputOrder, outputOrder []int
	folded, moved           []*graph.Node
	guessed                 []string // results of batch normalisations, see batchnorm.go
}

func newWork(m *graph.Model) *work {
	w := &work{
		file: m, opset: m.Opset(""), target: max(m.Opset(""), Opset), nodes: m.Graph.Nodes, outputs: m.Graph.Outputs,
		consts: map[string]*graph.Tensor{}, roots: map[string][]string{}, made: map[string]*graph.Node{}, origin: map[string]string{},
		from: map[*graph.Node][]*graph.Node{}, at: map[*graph.Node]int{}, facts: map[string]fact{}, taken: map[string]bool{},
	}
	for _, t := range m.Graph.Initializers {
		w.consts[t.Name] = t
		w.roots[t.Name] = []string{t.Name}
	}
	for _, v := range m.Graph.Inputs {
		w.taken[v.Name] = true
		if w.consts[v.Name] == nil { // before IR 4 initializers were inputs too
			w.inputs = append(w.inputs, v)
		}
	}
	for name := range w.consts {
		w.taken[name] = true
	}
	for i, n := range m.Graph.Nodes {
		w.from[n], w.at[n] = []*graph.Node{n}, i
		for _, out := range n.Outputs {
			w.taken[out] = true
		}
	}
	return w
}

// own tells whether a node's operator is of ONNX's own domain.
func own(n *graph.Node) bool { return n.Domain == "" || n.Domain == "ai.onnx" }

// like makes a node in the place of others: it stands for all of the file's nodes that
// they stand for.
func (w *work) like(n *graph.Node, others ...*graph.Node) *graph.Node {
	var all []*graph.Node
	for _, o := range others {
		all = append(all, w.from[o]...)
	}
	w.from[n] = w.inOrder(all)
	return n
}

// inOrder sorts nodes of the file as they stand in it, each once.
func (w *work) inOrder(nodes []*graph.Node) []*graph.Node {
	if len(nodes) < 2 {
		return nodes
	}
	slices.SortStableFunc(nodes, func(a, b *graph.Node) int { return w.at[a] - w.at[b] })
	return slices.Compact(nodes)
}

// unique gives a name that no value has.
func (w *work) unique(name string) string {
	for base, i := name, 2; w.taken[name]; i++ {
		name = fmt.Sprintf("%s_%d", base, i)
	}
	w.taken[name] = true
	return name
}

// constant enters a constant that comes from others, under a name like the given one.
func (w *work) constant(t *graph.Tensor, name string, others ...string) string {
	name = w.unique(name)
	t.Name = name
	w.consts[name] = t
	w.facts[name] = constFact(t)
	for _, o := range others {
		w.addRoots(name, o)
	}
	return name
}

// addRoots says that a constant was computed from another.
func (w *work) addRoots(name, from string) {
	for _, r := range w.roots[from] {
		if !slices.Contains(w.roots[name], r) {
			w.roots[name] = append(w.roots[name], r)
		}
	}
}

// ints enters a list of integers as a constant.
func (w *work) ints(name string, v ...int) string {
	t := graph.Int64Tensor("", []int64{int64(len(v))}, toInt64s(v))
	return w.constant(t, name)
}

func toInt64s(v []int) []int64 {
	out := make([]int64, len(v))
	for i, x := range v {
		out[i] = int64(x)
	}
	return out
}

// index finds who makes each value and how often it is read.
func (w *work) index() {
	w.maker, w.reads = map[string]*graph.Node{}, map[string]int{}
	for _, n := range w.nodes {
		for _, out := range n.Outputs {
			w.maker[out] = n
		}
		for _, in := range n.Inputs {
			w.reads[in]++
		}
	}
	for _, v := range w.outputs {
		w.reads[v.Name]++
	}
}
