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

	consts  map[string]*graph.Tensor
	roots   map[string][]string           // initializers that a constant comes from
	made    map[string]*graph.Node        // the node that gave a folded constant
	origin  map[string]string             // the constant whose elements one has in another order
	orders  map[string]order              // how it was brought into that order, if it was by layout
	from    map[*graph.Node][]*graph.Node // the file's nodes behind a node
	at      map[*graph.Node]int           // the place of each in the file
	facts   map[string]fact
	taken   map[string]bool               // names of values
	read    map[string]bool               // values that the file reads, once isRead was asked
	maker   map[string]*graph.Node        // of values, as far as index or fold has gone
	readers map[string][]*graph.Node      // of values; some may have been taken away since
	uses    map[string]int                // how many operands and outputs a value is
	place   map[*graph.Node]int           // of nodes in nodes
	ahead   map[*graph.Node][]*graph.Node // nodes that merge puts in front of another

	alias     map[string]string // values that were passed on unchanged, and what from
	views     map[string]view   // how the file's values lie in the cleaned ones
	regrouped map[string]view   // cleaned values that were made anew with their features in another order

	left    budget
	numbers map[string]int // the next number for a name that is asked for again

	inputOrder, outputOrder []int
	folded, moved           []*graph.Node
	notes                   []string
}

func newWork(m *graph.Model) *work {
	w := &work{
		file: m, opset: m.Opset(""), target: max(m.Opset(""), Opset), nodes: m.Graph.Nodes, outputs: m.Graph.Outputs,
		consts: map[string]*graph.Tensor{}, roots: map[string][]string{}, made: map[string]*graph.Node{}, origin: map[string]string{}, orders: map[string]order{},
		from: map[*graph.Node][]*graph.Node{}, at: map[*graph.Node]int{}, facts: map[string]fact{}, taken: map[string]bool{}, numbers: map[string]int{},
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
	w.allow()
	for i, n := range m.Graph.Nodes {
		w.from[n], w.at[n] = []*graph.Node{n}, i
		for _, out := range n.Outputs {
			w.taken[out] = true
		}
	}
	return w
}

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
	for base := name; w.taken[name]; {
		w.numbers[base]++
		name = fmt.Sprintf("%s_%d", base, w.numbers[base]+1)
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

// mostRoots bounds the initializers that are told of a constant: one that sums up a file
// has as many as the file.
const mostRoots = 16

// addRoots says that a constant was computed from another.
func (w *work) addRoots(name, from string) {
	for _, r := range w.roots[from] {
		if len(w.roots[name]) < mostRoots && !slices.Contains(w.roots[name], r) {
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

// index finds who makes each value and who reads it, and where each node stands.
func (w *work) index() {
	w.maker, w.readers, w.uses, w.place = map[string]*graph.Node{}, map[string][]*graph.Node{}, map[string]int{}, map[*graph.Node]int{}
	for i, n := range w.nodes {
		w.link(n, i)
	}
	for _, v := range w.outputs {
		w.uses[v.Name]++
	}
}

// link enters a node in the index, at a place.
func (w *work) link(n *graph.Node, place int) {
	w.place[n] = place
	for _, out := range n.Outputs {
		w.maker[out] = n
	}
	for _, in := range n.Inputs {
		w.readers[in] = append(w.readers[in], n)
		w.uses[in]++
	}
}

// unlink takes a node out of the index. Its results have no maker until another is linked.
func (w *work) unlink(n *graph.Node) {
	delete(w.place, n)
	for _, out := range n.Outputs {
		if w.maker[out] == n {
			delete(w.maker, out)
		}
	}
	for _, in := range n.Inputs {
		w.uses[in]--
	}
}

// linked reports whether a node is in the index.
func (w *work) linked(n *graph.Node) bool {
	_, ok := w.place[n]
	return ok
}
