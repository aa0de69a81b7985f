package onnxio

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/gonn-toolkit/gonn/nn"
	"github.com/gonn-toolkit/gonn/onnxio/graph"
)

// LayerFormat says how the layers of one kind are written as ONNX nodes and read back.
type LayerFormat struct {
	// Layer is any layer of the kind.
	Layer nn.Layer
	// Operators are those of the node that gives the layer's result: "Conv" is one of ONNX's
	// own, "com.example.LayerScale" is LayerScale of the domain com.example. Read is given
	// the nodes that have one of them.
	Operators []string
	// Version is that of the operators outside ONNX's own domain; 0 is 1. A file imports
	// each domain in the highest version that its layers ask for.
	Version int64
	// Unwritten are exported fields of the layer that a file does not carry, such as what its
	// parameters started from. All others must come back from Read as they were.
	Unwritten []string
	// Write writes the nodes of a layer.
	Write func(w *LayerWriter) error
	// Read makes the layer of a node. It returns nil and no error for a node that it leaves
	// to others, and an error that says what is wrong with one that can only be its own.
	//
	// Read is called more than once, first to find out which nodes belong to the layer, and
	// must not keep anything between the calls. The file may come from anybody: all that it
	// says must be checked.
	Read func(n *LayerReader) (*FoundLayer, error)
}

// registered are the layers and activations from outside the module, in the order in which they
// came.
var registered struct {
	sync.RWMutex
	formats   []*LayerFormat
	spellings []spelled
}

// RegisterLayer adds a kind of layer to those that Encode writes and Import reads. It is
// meant for the init function of the package that has the layer.
//
// Operators of ONNX's own domain may be those of other layers too. Their nodes are given to
// the formats in the order in which these were registered, and then to the layers of package
// nn/layer. Activations are registered by RegisterActivation. What reads a file as a graph, such
// as package onnxio/reference, does not learn of an operator by this.
//
// RegisterLayer panics if the format is not complete, if a layer or an activation of the same
// kind has ONNX nodes already, or if another format has the same operator of a domain that is
// not ONNX's own.
func RegisterLayer(f LayerFormat) {
	registered.Lock()
	defer registered.Unlock()
	if err := f.check(); err != nil {
		panic("onnxio: RegisterLayer: " + err.Error())
	}
	f.Operators = slices.Clone(f.Operators)
	f.Unwritten = slices.Clone(f.Unwritten)
	registered.formats = append(registered.formats[:len(registered.formats):len(registered.formats)], &f)
}

// check is an error if a format cannot be registered.
func (f *LayerFormat) check() error {
	if f.Layer == nil {
		return fmt.Errorf("the format has no Layer")
	}
	kind := f.Layer.Kind()
	switch {
	case kind == "":
		return fmt.Errorf("the kind of %T is empty", f.Layer)
	case f.Write == nil || f.Read == nil:
		return fmt.Errorf("%s has no Write or no Read", kind)
	case len(f.Operators) == 0:
		return fmt.Errorf("%s has no Operators", kind)
	case f.Version < 0:
		return fmt.Errorf("%s has version %d", kind, f.Version)
	case formatIn(layers, kind) != nil || formatIn(registered.formats, kind) != nil || activationNamed(kind):
		return fmt.Errorf("%s is registered already", kind)
	}
	for _, op := range f.Operators {
		domain, name := splitOperator(op)
		if name == "" || strings.HasPrefix(op, ".") || domain == "ai.onnx" {
			return fmt.Errorf("%s has the operator %q; need a name like Conv, or com.example.LayerScale", kind, op)
		}
		if domain == "" {
			continue
		}
		for _, other := range registered.formats {
			if slices.Contains(other.Operators, op) {
				return fmt.Errorf("operator %s of %s is registered already, by %s", op, kind, other.Layer.Kind())
			}
		}
	}
	t := reflect.TypeOf(f.Layer)
	for _, name := range f.Unwritten {
		if t.Kind() != reflect.Struct {
			return fmt.Errorf("%s is no struct that could have the field %s", kind, name)
		}
		if field, ok := t.FieldByName(name); !ok || !field.IsExported() {
			return fmt.Errorf("%s has no exported field %s", kind, name)
		}
	}
	return nil
}

// splitOperator gives the domain and the name of an operator; the domain is "" for ONNX's own.
func splitOperator(op string) (domain, name string) {
	i := strings.LastIndex(op, ".")
	return op[:max(i, 0)], op[i+1:]
}

// operatorOf is a node's operator as a LayerFormat names it.
func operatorOf(n *graph.Node) string {
	if n.Standard() {
		return n.OpType
	}
	return n.Operator()
}

// formatIn finds the format of a kind of layers; nil if there is none.
func formatIn(formats []*LayerFormat, kind string) *LayerFormat {
	i := slices.IndexFunc(formats, func(f *LayerFormat) bool { return f.Layer.Kind() == kind })
	if i < 0 {
		return nil
	}
	return formats[i]
}

// registeredFormats are the formats from outside the module.
func registeredFormats() []*LayerFormat {
	registered.RLock()
	defer registered.RUnlock()
	return registered.formats
}

// registeredFor lists the formats from outside the module that may read a node.
func registeredFor(n *graph.Node) (formats []*LayerFormat) {
	for _, f := range registeredFormats() {
		if slices.Contains(f.Operators, operatorOf(n)) {
			formats = append(formats, f)
		}
	}
	return formats
}

// layerByKind finds the format of a kind of layers; nil if there is none.
func layerByKind(kind string) *LayerFormat {
	if f := formatIn(layers, kind); f != nil {
		return f
	}
	return formatIn(registeredFormats(), kind)
}

// layerByOp finds the format of package nn/layer's that reads an operator; nil if there is
// none.
func layerByOp(op string) *LayerFormat {
	i := slices.IndexFunc(layers, func(f *LayerFormat) bool { return slices.Contains(f.Operators, op) })
	if i < 0 {
		return nil
	}
	return layers[i]
}
