package graph

import (
	"fmt"
	"math"
	"reflect"

	"google.golang.org/protobuf/encoding/protowire"
)

// Read reads a model from the bytes of an ONNX file. Tensors keep referring to
// b, which must not change afterwards. A model with external data is refused:
// ReadFile reads it from its folder.
//
// Nodes that are not in an order in which they run are sorted, which Model.Notes tells.
//
// Functions of the model are inlined: the nodes of one stand in the place of the
// node that calls it, named after both, as in conv1/Pad.
func Read(b []byte) (*Model, error) { return read(b, nil) }

func read(b []byte, external func(externalRef, int64) ([]byte, error)) (*Model, error) {
	if int64(len(b)) > MaxFileSize {
		return nil, fmt.Errorf("the model is %d bytes long, at most %d are allowed", len(b), MaxFileSize)
	}
	d := newDecoder(len(b))
	d.external = external
	m, functions, err := d.model(b)
	if err == nil {
		err = d.sort(m)
	}
	if err == nil {
		err = d.inline(m, functions)
	}
	if err != nil {
		return nil, err
	}
	m.Notes = d.notes
	return m, nil
}

func (d *decoder) model(b []byte) (*Model, []*function, error) {
	f := d.scan(&modelProto, b)
	m := &Model{
		IRVersion:       f.int(1),
		Producer:        f.name(2),
		ProducerVersion: f.name(3),
		Domain:          f.name(4),
		ModelVersion:    f.int(5),
		Doc:             f.text(6),
	}
	m.Opsets = plain(&f, messages(&f, 8, d.opset))
	m.Metadata = plain(&f, messages(&f, 14, d.meta))
	f.charge(costDefined * int64(len(m.Opsets)+len(m.Metadata)))
	if f.has(7) && f.err == nil {
		g, err := d.graph(f.bytes(7))
		m.Graph = g
		f.fail(err)
	}
	return m, messages(&f, 25, d.function), f.err
}

// plain turns a list of pointers into one of values.
func plain[T any](f *fields, list []*T) []T {
	if len(list) == 0 || !f.charge(int64(len(list))*int64(reflect.TypeFor[T]().Size())) {
		return nil
	}
	values := make([]T, len(list))
	for i, v := range list {
		values[i] = *v
	}
	return values
}

func (d *decoder) opset(i int, b []byte) (*Opset, error) {
	f := d.scan(&opsetProto, b)
	o := &Opset{Domain: f.name(1), Version: f.int(2)}
	return o, within(&f, "opset_import", i, 1)
}

func (d *decoder) meta(i int, b []byte) (*Meta, error) {
	f := d.scan(&entryProto, b)
	e := &Meta{Key: f.name(1), Value: f.text(2)}
	return e, within(&f, "metadata_props", i, 1)
}

// within puts the place of f, a kind of part with its index and the name that
// stands in field num, in front of its error.
func within(f *fields, kind string, i int, num protowire.Number) error {
	if f.err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", label(kind, i, f.peek(num)), f.err)
}

func (d *decoder) graph(b []byte) (*Graph, error) {
	f := d.scan(&graphProto, b)
	d.nesting++
	defer func() { d.nesting-- }()
	if d.nesting > MaxNesting {
		f.failf("graphs stand more than %d deep inside each other", MaxNesting)
	}
	if d.nodes += f.count[1]; d.nodes > MaxNodes {
		f.failf("the model has more than %d nodes", MaxNodes)
	}
	if d.initializers += f.count[5]; d.initializers > MaxInitializers {
		f.failf("the model has more than %d initializers", MaxInitializers)
	}
	g := &Graph{
		Name:         f.name(2),
		Doc:          f.text(10),
		Initializers: messages(&f, 5, d.initializer),
		Inputs:       messages(&f, 11, d.value("input")),
		Outputs:      messages(&f, 12, d.value("output")),
		ValueInfo:    messages(&f, 13, d.value("value_info")),
		Nodes:        messages(&f, 1, d.node),
	}
	f.charge(costDefined * int64(len(g.Initializers)+len(g.Inputs)))
	if f.err != nil {
		return nil, fmt.Errorf("graph %q: %w", f.peek(2), f.err)
	}
	return g, nil
}

func (d *decoder) initializer(i int, b []byte) (*Tensor, error) {
	f := d.scan(&tensorProto, b)
	t := d.tensor(&f)
	return t, within(&f, "initializer", i, 8)
}

func (d *decoder) node(i int, b []byte) (*Node, error) {
	f := d.scan(&nodeProto, b)
	if f.count[5] > MaxAttributes {
		f.failf("it has %d attributes, at most %d are allowed", f.count[5], MaxAttributes)
	}
	n := &Node{
		Inputs:  f.names(1, 0),
		Outputs: f.names(2, costDefined),
		Name:    f.name(3),
		OpType:  f.name(4),
		Doc:     f.text(6),
		Domain:  f.name(7),
		Attrs:   messages(&f, 5, d.attr),
	}
	n.Metadata = plain(&f, messages(&f, 9, d.meta))
	if overload := f.name(8); overload != "" {
		f.charge(costDefined)
		d.overloads[n] = overload
	}
	for j, a := range n.Attrs {
		if n.Attr(a.Name) != a {
			f.failf("attribute %d %q is there twice", j, a.Name)
		}
	}
	if f.err != nil {
		return nil, fmt.Errorf("node %d %q (%s): %w", i, f.peek(3), f.peek(4), f.err)
	}
	return n, nil
}

// attrFields gives the field of AttributeProto that holds the value of a kind.
var attrFields = [...]protowire.Number{
	KindFloat: 2, KindInt: 3, KindString: 4, KindTensor: 5, KindGraph: 6,
	KindFloats: 7, KindInts: 8, KindStrings: 9, KindType: 14,
}

func (d *decoder) attr(_ int, b []byte) (*Attr, error) {
	f := d.scan(&attributeProto, b)
	a := &Attr{Name: f.name(1)}
	if a.Name == "" {
		f.failf("it has no name")
	}
	if ref := f.name(21); ref != "" {
		a.Value = d.attrRef(&f, ref)
	} else {
		a.Value = d.attrValue(&f, f.attrKind())
	}
	if f.err != nil {
		return nil, fmt.Errorf("attribute %q: %w", f.peek(1), f.err)
	}
	return a, nil
}

// attrKind is the kind that an attribute says it has. A value of another kind
// beside it is refused.
func (f *fields) attrKind() AttrKind {
	v := f.int(20)
	if v <= 0 || v >= int64(len(attrFields)) || attrFields[v] == 0 {
		f.failf("its type, %s, is missing or not read", AttrKind(min(max(v, 0), math.MaxInt32)))
		return KindUndefined
	}
	kind := AttrKind(v)
	for k, num := range attrFields {
		if num != 0 && AttrKind(k) != kind && f.has(num) {
			f.failf("its type is %s, but it has a value in field %s", kind, attributeProto.fields[num].name)
		}
	}
	return kind
}

// attrValue reads the value of an attribute. A number or string that is absent
// is 0 or empty: writers of proto3 leave those out.
func (d *decoder) attrValue(f *fields, kind AttrKind) any {
	f.charge(costString)
	if num := attrFields[kind]; (kind == KindTensor || kind == KindGraph || kind == KindType) && !f.has(num) {
		f.failf("its type is %s, but it has no value in field %s", kind, attributeProto.fields[num].name)
	}
	if f.err != nil {
		return nil
	}
	switch kind {
	case KindFloat:
		return f.float(2)
	case KindInt:
		return f.int(3)
	case KindString:
		f.charge(stringCost(f.bytes(4)))
		return string(f.bytes(4))
	case KindTensor:
		inner := d.scan(&tensorProto, f.bytes(5))
		t := d.tensor(&inner)
		f.fail(inner.err)
		return t
	case KindGraph:
		g, err := d.graph(f.bytes(6))
		f.fail(err)
		return g
	case KindFloats:
		return f.floats(7)
	case KindInts:
		return f.ints(8)
	case KindStrings:
		return f.byteStrings(9)
	case KindType:
		v := &Value{}
		f.fail(d.typed(v, f.bytes(14)))
		return v
	}
	return nil
}
