package graph

import "fmt"

// Attr is a named setting of a node (AttributeProto). Value holds one of
//
//	float32  int64  string  *Tensor  *Graph  []float32  []int64  []string
//
// or, for an attribute of kind TYPE_PROTO, a *Value without a name. ONNX's
// strings are bytes; they need not be UTF-8.
type Attr struct {
	Name  string
	Value any
}

// AttrKind is the kind of an attribute's value, with ONNX's numbers
// (AttributeProto.AttributeType).
type AttrKind int32

// The kinds that ONNX has. The reader refuses the list kinds of tensors, graphs
// and types, and sparse tensors, which no operator of ONNX's own domain uses
// apart from Constant's sparse_value.
const (
	KindUndefined     AttrKind = 0
	KindFloat         AttrKind = 1
	KindInt           AttrKind = 2
	KindString        AttrKind = 3
	KindTensor        AttrKind = 4
	KindGraph         AttrKind = 5
	KindFloats        AttrKind = 6
	KindInts          AttrKind = 7
	KindStrings       AttrKind = 8
	KindTensors       AttrKind = 9
	KindGraphs        AttrKind = 10
	KindSparseTensor  AttrKind = 11
	KindSparseTensors AttrKind = 12
	KindType          AttrKind = 13
	KindTypes         AttrKind = 14
)

var attrKindNames = [...]string{"UNDEFINED", "FLOAT", "INT", "STRING", "TENSOR", "GRAPH", "FLOATS", "INTS",
	"STRINGS", "TENSORS", "GRAPHS", "SPARSE_TENSOR", "SPARSE_TENSORS", "TYPE_PROTO", "TYPE_PROTOS"}

// String is the kind's name in ONNX, such as INTS.
func (k AttrKind) String() string {
	if k < 0 || int(k) >= len(attrKindNames) {
		return fmt.Sprintf("AttrKind(%d)", int32(k))
	}
	return attrKindNames[k]
}

// Kind tells what Value holds: KindUndefined if it is none of the types that an
// attribute may have.
func (a *Attr) Kind() AttrKind { return kindOf(a.Value) }

// IsRef reports whether the attribute refers to one of the function around it, as in
// Model.Uncalled, and so has no value.
func (a *Attr) IsRef() bool {
	_, ref := a.Value.(attrRef)
	return ref
}

func kindOf(value any) AttrKind {
	switch v := value.(type) {
	case attrRef:
		return v.kind
	case float32:
		return KindFloat
	case int64:
		return KindInt
	case string:
		return KindString
	case *Tensor:
		return KindTensor
	case *Graph:
		return KindGraph
	case []float32:
		return KindFloats
	case []int64:
		return KindInts
	case []string:
		return KindStrings
	case *Value:
		return KindType
	}
	return KindUndefined
}

// IntAttr makes an attribute of kind INT.
func IntAttr(name string, v int64) *Attr { return &Attr{name, v} }

// IntsAttr makes an attribute of kind INTS.
func IntsAttr(name string, v ...int64) *Attr { return &Attr{name, v} }

// FloatAttr makes an attribute of kind FLOAT.
func FloatAttr(name string, v float32) *Attr { return &Attr{name, v} }

// StringAttr makes an attribute of kind STRING.
func StringAttr(name, v string) *Attr { return &Attr{name, v} }

// TensorAttr makes an attribute of kind TENSOR.
func TensorAttr(name string, v *Tensor) *Attr { return &Attr{name, v} }

// Attr is the node's attribute of that name, nil if it has none.
func (n *Node) Attr(name string) *Attr {
	for _, a := range n.Attrs {
		if a.Name == name {
			return a
		}
	}
	return nil
}

// Int is the value of an INT attribute, def if the node has none of that name.
// An attribute of another kind is an error that names node and attribute.
func (n *Node) Int(name string, def int64) (int64, error) { return attrValue(n, name, def) }

// Ints is Int for kind INTS. The slice is the node's own, and not nil if the node has the
// attribute, though it may be of no numbers.
func (n *Node) Ints(name string, def []int64) ([]int64, error) {
	v, err := attrValue(n, name, def)
	if v == nil && err == nil && n.Attr(name) != nil {
		v = []int64{}
	}
	return v, err
}

// Float is Int for kind FLOAT.
func (n *Node) Float(name string, def float32) (float32, error) { return attrValue(n, name, def) }

// String is Int for kind STRING.
func (n *Node) String(name, def string) (string, error) { return attrValue(n, name, def) }

func attrValue[T any](n *Node, name string, def T) (T, error) {
	a := n.Attr(name)
	if a == nil {
		return def, nil
	}
	v, ok := a.Value.(T)
	if !ok {
		return v, fmt.Errorf("%s: attribute %q is of kind %s, it must be %s", n.Label(), name, a.Kind(), kindOf(def))
	}
	return v, nil
}
