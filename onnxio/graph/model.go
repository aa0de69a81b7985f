package graph

import (
	"fmt"
	"strconv"
	"strings"
)

// Model is an ONNX model (ModelProto): a graph and the operator sets that give
// its nodes their meaning.
type Model struct {
	IRVersion       int64 // version of the file format, such as 8
	Producer        string
	ProducerVersion string
	Domain          string
	ModelVersion    int64
	Doc             string
	Opsets          []Opset
	Graph           *Graph
	Metadata        []Meta
	// Uncalled are the functions that Read found and no node calls, each as a model of its own
	// operator sets. An attribute may refer to one of the function: it has a kind and no value.
	// They are not written.
	Uncalled []*Model
	// Notes say what Read had to change to make the model one that can be run, one sentence
	// each. They are not written.
	Notes []string
}

// Opset says which version of a domain's operators a model uses. ONNX's own
// domain is "", also spelled "ai.onnx".
type Opset struct {
	Domain  string
	Version int64
}

// Meta is one entry of a model's metadata_props.
type Meta struct{ Key, Value string }

// Opset is the version of domain's operators that m uses, 0 for a domain that
// m does not import.
func (m *Model) Opset(domain string) int64 {
	for _, o := range m.Opsets {
		if canonicalDomain(o.Domain) == canonicalDomain(domain) {
			return o.Version
		}
	}
	return 0
}

func canonicalDomain(domain string) string {
	if domain == "ai.onnx" {
		return ""
	}
	return domain
}

// ofONNX reports whether a domain is one of ONNX's own.
func ofONNX(domain string) bool {
	switch canonicalDomain(domain) {
	case "", "ai.onnx.ml", "ai.onnx.preview", "ai.onnx.preview.training", "ai.onnx.training":
		return true
	}
	return false
}

// Graph is a computation (GraphProto): nodes in an order in which they can be
// run, and the values that they start from.
type Graph struct {
	Name         string
	Doc          string
	Nodes        []*Node
	Initializers []*Tensor // constants, by name
	Inputs       []*Value
	Outputs      []*Value
	ValueInfo    []*Value // types of inner values, where known
}

// Node is one use of an operator (NodeProto). Inputs and Outputs are names of
// values; "" stands for an optional one that is left out.
type Node struct {
	Name    string
	OpType  string
	Domain  string // of the operator; "" is ONNX's own
	Doc     string
	Inputs  []string
	Outputs []string
	Attrs   []*Attr
	// Metadata is what the writer says of the node's origin, such as the module of PyTorch
	// that it comes from. It does not change what the node computes.
	Metadata []Meta
}

// Standard reports whether the operator is one of ONNX's own domain.
func (n *Node) Standard() bool { return canonicalDomain(n.Domain) == "" }

// Operator is the operator's name, behind that of its domain if the node states one.
func (n *Node) Operator() string {
	if n.Domain == "" {
		return n.OpType
	}
	return n.Domain + "." + n.OpType
}

// Label names the node in messages: node "conv1" (Conv), or by its first
// output if it has no name.
func (n *Node) Label() string {
	if n.Name == "" && len(n.Outputs) > 0 {
		return fmt.Sprintf("node (%s) with output %q", n.OpType, n.Outputs[0])
	}
	return fmt.Sprintf("node %q (%s)", n.Name, n.OpType)
}

// Value is the name and type of a value (ValueInfoProto). Type is Undefined
// where the file gives none. Without HasShape not even the rank is known.
type Value struct {
	Name     string
	Type     DataType
	Shape    []Dim
	HasShape bool
}

// ShapeText is the shape as in (N, 3, 28, 28), "of unknown shape" if the file does not say.
// It has no control characters, whatever the file's symbols are.
func (v *Value) ShapeText() string {
	if !v.HasShape {
		return "of unknown shape"
	}
	parts := make([]string, len(v.Shape))
	for i, d := range v.Shape {
		parts[i] = d.String()
	}
	text := "(" + strings.Join(parts, ", ") + ")"
	if quoted := strconv.Quote(text); quoted != `"`+text+`"` {
		return quoted
	}
	return text
}

// Dim is one dimension of a shape: a size; or a symbol, such as N for the batch
// (Param, Size is then not looked at); or unknown (Size below 0).
type Dim struct {
	Size  int64
	Param string
}

// Known reports whether the dimension is a plain size.
func (d Dim) Known() bool { return d.Param == "" && d.Size >= 0 }

// String gives the size, the symbol, or "?".
func (d Dim) String() string {
	switch {
	case d.Param != "":
		return d.Param
	case d.Size < 0:
		return "?"
	}
	return fmt.Sprint(d.Size)
}

// label names a part of a file in messages: input 0 "x".
func label(kind string, i int, name string) string {
	return fmt.Sprintf("%s %d %q", kind, i, name)
}
