package ir

import (
	"fmt"
	"maps"

	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// names are those of values.
type names struct {
	taken map[string]bool
	next  map[string]int // the number for a name that is asked for again
}

func newNames(g *graph.Graph) names {
	n := names{map[string]bool{}, map[string]int{}}
	for _, v := range g.Inputs {
		n.taken[v.Name] = true
	}
	for _, t := range g.Initializers {
		n.taken[t.Name] = true
	}
	for _, node := range g.Nodes {
		for _, out := range node.Outputs {
			n.taken[out] = true
		}
	}
	return n
}

func (n *names) clone() names { return names{maps.Clone(n.taken), maps.Clone(n.next)} }

// Unique gives a name like the given one that no value has.
func (n *names) Unique(name string) string {
	for base := name; n.taken[name]; {
		n.next[base]++
		name = fmt.Sprintf("%s_%d", base, n.next[base]+1)
	}
	n.taken[name] = true
	return name
}
