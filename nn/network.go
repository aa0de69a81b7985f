package nn

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/gonn-toolkit/gonn/nn/internal/exec"
	"github.com/gonn-toolkit/gonn/nn/op"
)

// InputName is the name of the network's input, if NewBuilder was given its shape.
const InputName = "input"

// Network is a directed acyclic graph of named layers, with one or more named inputs and
// outputs. Its structure never changes after Builder.Build. The values of its parameters may be
// changed through Param.Data.
//
// Any number of goroutines may run a network at once as long as none changes its
// parameters.
type Network struct {
	inputs    []Port
	outputs   []int // indices of nodes
	nodes     []*Node
	byName    map[string]*Node
	params    []*Param
	flat      []float32 // the values of all parameters, one after the other
	inferrers sync.Pool // of type *inferrer
	options   atomic.Pointer[options]
}

// Port is an input or an output of a network.
type Port struct {
	Name  string
	Shape Shape // of one sample
}

// Node is a layer in a network.
type Node struct {
	Name   string
	Layer  Layer
	Inputs []string // names of layers, or of inputs of the network
	Shape  Shape    // of the output, for one sample
	Params []*Param

	op      op.Op
	weights op.Weights
	at      int          // index in Network.nodes
	in      []exec.Value // by Inputs
	first   int          // index of its first parameter in Network.params
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

// Inputs returns the inputs.
func (n *Network) Inputs() []Port { return n.inputs }

// Outputs returns the outputs, named by their layers.
func (n *Network) Outputs() []Port {
	ports := make([]Port, len(n.outputs))
	for i, o := range n.outputs {
		ports[i] = Port{n.nodes[o].Name, n.nodes[o].Shape}
	}
	return ports
}

// InputShape is the shape of one sample of the first input.
func (n *Network) InputShape() Shape { return n.inputs[0].Shape }

// OutputShape is the shape of one sample of the first output.
func (n *Network) OutputShape() Shape { return n.output().Shape }

// output is the layer of the first output.
func (n *Network) output() *Node { return n.nodes[n.outputs[0]] }

// CheckSingle returns an error unless the network has one input and one output. An Executor runs
// other networks.
func (n *Network) CheckSingle() error {
	if len(n.inputs) == 1 && len(n.outputs) == 1 {
		return nil
	}
	return fmt.Errorf("the network has inputs %s and outputs %s: need one of each; run it by an Executor",
		portNames(n.inputs), portNames(n.Outputs()))
}

func portNames(ports []Port) string {
	names := make([]string, len(ports))
	for i, p := range ports {
		names[i] = p.Name
	}
	return strings.Join(names, ", ")
}

// shapeOf is the shape of a value.
func (n *Network) shapeOf(v exec.Value) Shape {
	if v < 0 {
		return n.inputs[-1-v].Shape
	}
	return n.nodes[v].Shape
}

// Nodes returns the layers in topological order.
func (n *Network) Nodes() []*Node { return n.nodes }

// Node returns the layer of that name, or nil.
func (n *Network) Node(name string) *Node { return n.byName[name] }

// Params returns all parameters in the order of their layers, including running statistics and
// constants.
func (n *Network) Params() []*Param { return n.params }

// Param returns the parameter of that full name, such as "conv1.weight", or nil.
func (n *Network) Param(fullName string) *Param {
	for i := range fullName { // names may have points in them
		if fullName[i] != '.' {
			continue
		}
		if node := n.byName[fullName[:i]]; node != nil {
			for _, p := range node.Params {
				if p.Name == fullName[i+1:] {
					return p
				}
			}
		}
	}
	return nil
}

// NumParams is the number of values of parameters that have gradients, frozen or not.
func (n *Network) NumParams() int { return n.count(Role.Trained) }

// NumStatistics is the number of values of running means and variances.
func (n *Network) NumStatistics() int {
	return n.count(func(r Role) bool { return r == Statistic })
}

// NumConstants is the number of values of constants, such as those of layer.Rescaling.
func (n *Network) NumConstants() int {
	return n.count(func(r Role) bool { return r == Constant })
}

// count is the number of values of parameters with some roles.
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
	c.SetFastConv(n.FastConv())
	return c
}

// CheckBatch returns an error if a layer cannot train on batches of so many samples.
func (n *Network) CheckBatch(samples int) error {
	for _, node := range n.nodes {
		l, ok := node.Layer.(op.BatchChecker)
		if !ok {
			continue
		}
		if err := l.CheckBatch(node.Shape, samples); err != nil {
			return fmt.Errorf("layer %q (%s), batch of %d: %w", node.Name, node.Layer.Kind(), samples, err)
		}
	}
	return nil
}

// CopyParams copies the values of other's parameters, which must have the same names and
// shapes, in the same order.
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
	if err := cmp.Or(n.checkData(), other.checkData()); err != nil {
		return fmt.Errorf("copy parameters: %w", err)
	}
	copy(n.flat, other.flat)
	return nil
}

// hasInput reports whether there is an input of that name.
func (n *Network) hasInput(name string) bool {
	return slices.ContainsFunc(n.inputs, func(p Port) bool { return p.Name == name })
}
