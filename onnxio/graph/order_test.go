package graph

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// ops are nodes written as "name: read read -> given".
func ops(lines ...string) (nodes []*Node) {
	for _, line := range lines {
		name, rest, _ := strings.Cut(line, ":")
		in, out, _ := strings.Cut(rest, "->")
		nodes = append(nodes, &Node{Name: name, OpType: "Sum", Inputs: strings.Fields(in), Outputs: strings.Fields(out)})
	}
	return nodes
}

func namesOf(nodes []*Node) string {
	var names []string
	for _, n := range nodes {
		names = append(names, n.Name)
	}
	return strings.Join(names, " ")
}

// inside is a node with a graph.
func inside(name, out string, g *Graph) *Node {
	return &Node{Name: name, OpType: "If", Inputs: []string{"x"}, Outputs: []string{out}, Attrs: []*Attr{{"then_branch", g}}}
}

// What is early enough keeps its place, and what is late comes in front of its first reader.
func TestReadSortsNodes(t *testing.T) {
	then := &Graph{Name: "then", Nodes: ops("b: s late -> t", "a: x -> s"), Outputs: []*Value{{Name: "t"}}}
	tests := []struct {
		name  string
		nodes []*Node
		want  string // the order
		note  string
	}{
		{"in order", ops("a: x -> a", "b: a -> b", "c: x -> y"), "a b c", ""},
		{"last is first", ops("a: x0 -> a", "b: a -> y", "c: x -> x0"), "c a b", `node "a" (Sum) stood before node "c" (Sum)`},
		{"reversed", ops("a: b -> y", "b: c c -> b", "c: x -> c"), "c b a", `node "a" (Sum) stood before node "b" (Sum)`},
		{"two that are late", ops("a: x -> a", "b: a d e -> b", "c: b -> y", "d: x -> d", "e: d -> e"), "a d e b c", `node "b" (Sum) stood before node "d" (Sum)`},
		{"read by a graph inside", []*Node{inside("if", "y", then), ops("c: x -> late")[0]}, "c if", `node "b" (Sum) stood before node "a" (Sum)`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m, err := Read(tiny(func(m *Model) { m.Graph.Nodes = test.nodes }).Bytes())
			if err != nil {
				t.Fatal(err)
			}
			if got := namesOf(m.Graph.Nodes); got != test.want {
				t.Errorf("the nodes are %s, want %s", got, test.want)
			}
			if test.note == "" && m.Notes != nil || test.note != "" && !slices.ContainsFunc(m.Notes, func(n string) bool { return strings.Contains(n, test.note) }) {
				t.Errorf("the notes are %q, want %q", m.Notes, test.note)
			}
		})
	}
}

func TestReadSortsNodesOfFunctions(t *testing.T) {
	file := calling(callOf(names(1, "x"), names(2, "y")), fn("f", ports("a", "b"), op("Neg", "c", "b"), op("Abs", "a", "c")))
	m, err := Read(file)
	if err != nil {
		t.Fatal(err)
	}
	if n := m.Graph.Nodes; len(n) != 2 || n[0].OpType != "Abs" || n[1].OpType != "Neg" || len(m.Notes) != 1 {
		t.Errorf("nodes %v with notes %q, want Abs and Neg", n, m.Notes)
	}
}

func TestReadRefusesCycles(t *testing.T) {
	tests := []struct {
		nodes []*Node
		want  string
	}{
		{ops("a: y -> y"), `graph "g": node "a" (Sum) reads its own result`},
		{ops("z: x -> z", "a: z c -> y", "b: y -> b", "c: b -> c"), `the last one of the first: node "a" (Sum), node "c" (Sum), node "b" (Sum)`},
		{ops("a: y x nowhere -> a", "b: a -> y"), "nodes form a cycle"},
		{ops("a: b nowhere -> y", "b: x -> b"), `node 1 "a" (Sum): input 1 "nowhere": no graph input, initializer or node defines it`},
	}
	for _, test := range tests {
		m, err := Read(tiny(func(m *Model) { m.Graph.Nodes = test.nodes }).Bytes())
		mustFail(t, m, err, test.want)
	}
	long := tiny(func(m *Model) {
		m.Graph.Nodes = nil
		for i := range 1000 {
			m.Graph.Nodes = append(m.Graph.Nodes, ops(fmt.Sprintf("n%d: v%d -> v%d", i, (i+1)%1000, i))...)
		}
	})
	m, err := Read(long.Bytes())
	mustFail(t, m, err, `node "n5" (Sum), 994 more`)
}

// The worst order: a chain from the end, of which each node also reads the last, twice.
func TestSortingIsLinear(t *testing.T) {
	const n = 4000
	nodes, reads := make([]*Node, n), 0
	for i := range n {
		in := []string{"x"}
		if i < n-1 {
			in = []string{fmt.Sprint("v", i+1), fmt.Sprint("v", n-1), fmt.Sprint("v", n-1)}
		}
		nodes[i] = &Node{OpType: "Sum", Inputs: in, Outputs: []string{fmt.Sprint("v", i)}}
		reads += len(in)
	}
	s := newSorter(nodes)
	sorted, err := s.sort()
	if err != nil {
		t.Fatal(err)
	}
	if most := n + reads; s.steps > most {
		t.Errorf("%d steps for %d nodes that read %d names, want at most %d", s.steps, n, reads, most)
	}
	if first, last := sorted[0].Outputs[0], sorted[n-1].Outputs[0]; len(sorted) != n || first != fmt.Sprint("v", n-1) || last != "v0" {
		t.Errorf("the first of %d nodes gives %s, the last %s", len(sorted), first, last)
	}
}
