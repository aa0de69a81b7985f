package graph

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Some writers append nodes at the end that are to run earlier: ONNX Runtime's float16
// converter does so with its Casts. Which order is meant follows from the names.

// errUndefined is in the error of a node that reads a name which is not defined before it.
var errUndefined = errors.New("not defined")

// sort puts the nodes of a model, and of the graphs inside its nodes, into an order in which
// they run, if they are not in one.
func (d *decoder) sort(m *Model) error {
	err := m.Check()
	if !errors.Is(err, errUndefined) {
		return err
	}
	if err := d.sortGraph(m.Graph); err != nil {
		return err
	}
	return m.Check()
}

func (d *decoder) sortGraph(g *Graph) error { return inGraph(g, d.sortNodes(g)) }

// sortNodes sorts those of a graph, and notes which was first to read what a later one gives.
func (d *decoder) sortNodes(g *Graph) error {
	s := newSorter(g.Nodes)
	for i, n := range g.Nodes {
		for _, a := range n.Attrs {
			if inner, ok := a.Value.(*Graph); ok {
				if err := d.sortGraph(inner); err != nil {
					return inNode(i, n, fmt.Errorf("attribute %q: %w", a.Name, err))
				}
			}
		}
	}
	if err := d.charge(costDefined*int64(len(s.maker)) + costOrdered*int64(len(g.Nodes))); err != nil {
		return err
	}
	sorted, err := s.sort()
	if err != nil {
		return err
	}
	if s.early != nil {
		d.notes = append(d.notes, fmt.Sprintf("the nodes were not in an order in which they run, and were sorted: %s stood before %s, whose result it reads", s.early.Label(), s.late.Label()))
		g.Nodes = sorted
	}
	return nil
}

// sorter puts nodes into an order in which they run. A node stays where it is in the file,
// but that those it reads from are put in front of the first that needs them.
type sorter struct {
	nodes []*Node
	maker map[string]int // the node that gives a value
	state []nodeState
	seen  []int // one more than the node that a node was last found to be read by

	early, late *Node // the first that reads from a later one, and that
	steps       int   // how often a node was looked at: at most once for each name that is read, and once for itself
}

func newSorter(nodes []*Node) *sorter {
	s := &sorter{nodes: nodes, maker: map[string]int{}, state: make([]nodeState, len(nodes)), seen: make([]int, len(nodes))}
	for i, n := range nodes {
		for _, name := range n.Outputs {
			if _, twice := s.maker[name]; name != "" && !twice {
				s.maker[name] = i
			}
		}
	}
	return s
}

type nodeState uint8

const (
	waiting nodeState = iota
	entered           // what it reads is being put in front of it
	placed
)

// reader is a node on the way, and the nodes that it still waits for.
type reader struct {
	node int
	from []int
}

func (s *sorter) sort() ([]*Node, error) {
	sorted := make([]*Node, 0, len(s.nodes))
	for i := range s.nodes {
		if s.state[i] != waiting {
			continue
		}
		path := []reader{s.enter(i)}
		for len(path) > 0 {
			s.steps++
			top := &path[len(path)-1]
			if len(top.from) == 0 {
				s.state[top.node] = placed
				sorted = append(sorted, s.nodes[top.node])
				path = path[:len(path)-1]
				continue
			}
			next := top.from[0]
			top.from = top.from[1:]
			switch s.state[next] {
			case entered:
				return nil, s.cycle(path, next)
			case waiting:
				if s.early == nil && next > top.node {
					s.early, s.late = s.nodes[top.node], s.nodes[next]
				}
				path = append(path, s.enter(next))
			}
		}
	}
	return sorted, nil
}

// enter lists the nodes that node i waits for, each once.
func (s *sorter) enter(i int) reader {
	s.state[i] = entered
	r := reader{node: i}
	s.nodes[i].eachRead(func(name string) {
		if from, ok := s.maker[name]; ok && s.state[from] != placed && s.seen[from] != i+1 {
			s.seen[from] = i + 1
			r.from = append(r.from, from)
		}
	})
	return r
}

// eachRead calls f with all names that a node reads, also those that graphs inside it do.
func (n *Node) eachRead(f func(name string)) {
	for _, name := range n.Inputs {
		f(name)
	}
	for _, a := range n.Attrs {
		if g, ok := a.Value.(*Graph); ok {
			for _, inner := range g.Nodes {
				inner.eachRead(f)
			}
			for _, v := range g.Outputs {
				f(v.Name)
			}
		}
	}
}

// mostNamed bounds the nodes of a cycle that are named.
const mostNamed = 6

// cycle names the nodes that wait for each other.
func (s *sorter) cycle(path []reader, first int) error {
	path = path[slices.IndexFunc(path, func(r reader) bool { return r.node == first }):]
	var names []string
	for _, r := range path[:min(len(path), mostNamed)] {
		names = append(names, s.nodes[r.node].Label())
	}
	if more := len(path) - len(names); more > 0 {
		names = append(names, fmt.Sprintf("%d more", more))
	}
	if len(path) == 1 {
		return fmt.Errorf("%s reads its own result", names[0])
	}
	return fmt.Errorf("nodes form a cycle, each reading a result of the next and the last one of the first: %s", strings.Join(names, ", "))
}
