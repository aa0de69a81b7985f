package nn

import (
	"fmt"
	"sync"
	"sync/atomic"
)

// InputName is how layers refer to the network's input.
const InputName = "input"

// Network is a directed acyclic graph of named layers with one input and one
// output. Its structure never changes after Build; the values of its parameters
// do, through Param.Data.
//
// Any number of goroutines may run a network at once as long as none changes its
// parameters.
type Network struct {
	input  Shape
	nodes  []*Node
	byName map[string]*Node
	params []*Param
	flat   []float32 // the values of all parameters, one after the other
	shares sync.Map  // by the size of a team, [][]Op: who does what
	// Reused between calls of inference; *single is nil if the network cannot.
	walkers sync.Pool // *walkers
	alone   sync.Pool // *single
}

// Node is one layer in its place in a network.
type Node struct {
	Name   string
	Layer  Layer
	Inputs []string // names of the layers it reads, or InputName
	Shape  Shape    // of the output, for one sample
	Params []*Param

	op      Op
	weights Weights
	at      int    // index in Network.nodes
	in      []int  // index of each input node; −1 is the network's input
	first   int    // index of its first parameter in Network.params
	back    []bool // for each input, whether its gradient is wanted
	kept    atomic.Pointer[tried]
}

// MACs is the number of multiply–accumulates of the layer for one sample.
func (n *Node) MACs() int { return n.op.MACs() }

// MACs is the number of multiply–accumulates of a forward pass for one sample.
func (n *Network) MACs() int {
	sum := 0
	for _, node := range n.nodes {
		sum += node.MACs()
	}
	return sum
}

// InputShape is the shape of one sample that goes in.
func (n *Network) InputShape() Shape { return n.input }

// OutputShape is the shape of one sample's result.
func (n *Network) OutputShape() Shape { return n.last().Shape }

// Nodes lists the layers so that each stands after those it reads.
func (n *Network) Nodes() []*Node { return n.nodes }

// Node finds a layer by name; nil if there is none.
func (n *Network) Node(name string) *Node { return n.byName[name] }

// Params lists all parameters in the order of their layers, running statistics among
// them.
func (n *Network) Params() []*Param { return n.params }

// Param finds a parameter by its full name ("conv1.weight"); nil if there is none.
func (n *Network) Param(fullName string) *Param {
	for _, p := range n.params {
		if p.FullName() == fullName {
			return p
		}
	}
	return nil
}

// NumParams is the number of trainable values.
func (n *Network) NumParams() int { return n.count(Role.Trained) }

// NumStatistics is the number of values that follow the batches: running means and
// variances.
func (n *Network) NumStatistics() int {
	return n.count(func(r Role) bool { return r == Statistic })
}

// NumConstants is the number of values that nothing changes: those of Rescaling.
func (n *Network) NumConstants() int {
	return n.count(func(r Role) bool { return r == Constant })
}

// count is the number of values of parameters in some roles.
func (n *Network) count(counts func(Role) bool) (count int) {
	for _, p := range n.params {
		if counts(p.Role) {
			count += len(p.Data)
		}
	}
	return count
}

// Clone returns a network of the same structure with its own copy of the
// parameter values.
func (n *Network) Clone() *Network {
	c, err := n.Builder(nil).Build()
	if err != nil {
		panic("nn: a built network does not build again: " + err.Error())
	}
	return c
}

// CopyParams gives n the values of other's parameters, which must have the same
// names and shapes.
func (n *Network) CopyParams(other *Network) error {
	if len(n.params) != len(other.params) {
		return fmt.Errorf("copy parameters: %d of them into a network with %d", len(other.params), len(n.params))
	}
	for i, p := range n.params {
		q := other.params[i]
		if p.FullName() != q.FullName() || !p.Shape.Equal(q.Shape) {
			return fmt.Errorf("copy parameters: %s %v does not fit %s %v", q.FullName(), q.Shape, p.FullName(), p.Shape)
		}
	}
	copy(n.flat, other.flat)
	return nil
}

func (n *Network) last() *Node { return n.nodes[len(n.nodes)-1] }
