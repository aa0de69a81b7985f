package graph

import (
	"fmt"
	"reflect"
	"strconv"
)

// call is one use of a function while its body is copied.
type call struct {
	f      *function
	node   *Node             // as it stands in the flat graph
	prefix string            // of all names that are made
	names  map[string]string // of values: in the function → in the flat graph
	bound  map[string]string // names of the call's outputs, for the values that they are
	graphs int               // nested graphs open around the place being copied
}

// body gives the nodes that stand for the call n of f.
func (x *inliner) body(n *Node, f *function) ([]*Node, error) {
	c, err := x.bind(n, f)
	if err != nil {
		return nil, err
	}
	nodes, err := x.nodes(f.nodes, c)
	if err == nil {
		nodes, err = x.passed(nodes, c)
	}
	if err != nil {
		return nil, fmt.Errorf("function %q: %w", f.id, err)
	}
	return nodes, nil
}

// bind gives the function's inputs, outputs and attributes what the call has. An
// input that the call leaves out is left out in the body too.
func (x *inliner) bind(n *Node, f *function) (*call, error) {
	if len(n.Inputs) > len(f.inputs) {
		return nil, fmt.Errorf("it has %d inputs, but function %q only %d", len(n.Inputs), f.id, len(f.inputs))
	}
	if len(n.Outputs) > len(f.outputs) {
		return nil, fmt.Errorf("it has %d outputs, but function %q only %d", len(n.Outputs), f.id, len(f.outputs))
	}
	for _, a := range n.Attrs {
		if _, ok := f.params[a.Name]; !ok {
			return nil, fmt.Errorf("attribute %q is not known: function %q has none of that name", a.Name, f.id)
		}
	}
	if err := x.d.charge(costDefined * int64(len(f.inputs)+len(f.outputs))); err != nil {
		return nil, err
	}
	c := &call{f: f, node: n, prefix: callName(n), names: make(map[string]string, len(f.inputs)), bound: map[string]string{}}
	for i, name := range f.inputs {
		c.names[name] = ""
		if i < len(n.Inputs) {
			c.names[name] = n.Inputs[i]
		}
	}
	for i, name := range n.Outputs {
		inner := f.outputs[i]
		_, input := c.names[inner]
		if name != "" && !input && c.bound[inner] == "" {
			c.bound[inner] = name
		}
	}
	return c, nil
}

// passed appends an Identity for each output of the call that is no new value of
// the body: an input of the function, or the same value as another output.
func (x *inliner) passed(nodes []*Node, c *call) ([]*Node, error) {
	for i, name := range c.node.Outputs {
		from := c.names[c.f.outputs[i]]
		switch {
		case name == "" || name == from:
			continue
		case from == "":
			return nil, fmt.Errorf("output %d %q passes on an input that the call leaves out", i, c.f.outputs[i])
		case x.versions[""] == 0:
			return nil, fmt.Errorf("output %d %q passes on %q, which takes an Identity, but ONNX's own domain is not in opset_import", i, c.f.outputs[i], from)
		}
		label, err := x.path(c, c.f.outputs[i], "")
		if err == nil {
			err = x.d.charge(costNode + 2*costString)
		}
		if err != nil {
			return nil, err
		}
		nodes = append(nodes, &Node{Name: label, OpType: "Identity", Inputs: []string{from}, Outputs: []string{name}})
	}
	return nodes, nil
}

// costNode is what a node costs in memory besides its lists and strings.
var costNode = costPointer + 2*int64(reflect.TypeFor[Node]().Size())

// callName is what names inside a call begin with.
func callName(n *Node) string {
	if n.Name != "" {
		return n.Name
	}
	for _, output := range n.Outputs {
		if output != "" {
			return output
		}
	}
	return n.OpType
}

// path is the name of a part of a function at a call, with an ending.
func (x *inliner) path(c *call, name, ending string) (string, error) {
	size := len(c.prefix) + len("/") + len(name) + len(ending)
	if size > MaxNameLen {
		return "", fmt.Errorf("%q: its name with those of the calls around it is more than %d bytes long", name, MaxNameLen)
	}
	if err := x.d.charge(int64(size) + costString); err != nil {
		return "", err
	}
	return c.prefix + "/" + name + ending, nil
}

// define gives a value that is new in the body a name that is new in the model.
func (x *inliner) define(c *call, name string) (string, error) {
	if bound := c.bound[name]; bound != "" && c.graphs == 0 {
		c.names[name] = bound
		return bound, nil
	}
	base, err := x.path(c, name, "")
	full := base
	for n, taken := x.used[base]; taken && err == nil; _, taken = x.used[full] {
		n++
		x.used[base] = n
		full, err = x.path(c, name, "_"+strconv.Itoa(n))
	}
	if err == nil {
		err = x.d.charge(2 * costDefined)
	}
	x.used[full] = 0
	c.names[name] = full
	return full, err
}
