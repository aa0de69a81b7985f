package graph

import (
	"strconv"

	"google.golang.org/protobuf/encoding/protowire"
)

// Bytes writes the model in ONNX's wire format: the content of a .onnx file.
// The same model gives the same bytes. Fields stand in the order of their
// numbers; lists of numbers are not packed (as in onnx's own files); tensors
// that were not read from integer fields use raw_data. What is not checked here,
// such as an Attr whose Value has another type than Attr allows, Read refuses.
func (m *Model) Bytes() []byte { return m.bytes(nil) }

func (m *Model) bytes(external *layout) []byte {
	e := &encoder{buf: make([]byte, 0, m.size(external)), external: external}
	e.model(m)
	return e.buf
}

// size is the number of bytes that the model is written with.
func (m *Model) size(external *layout) int64 {
	e := &encoder{counting: true, external: external}
	e.model(m)
	return e.n
}

func (e *encoder) model(m *Model) {
	e.int(1, m.IRVersion)
	e.text(2, m.Producer)
	e.text(3, m.ProducerVersion)
	e.text(4, m.Domain)
	if m.ModelVersion != 0 {
		e.int(5, m.ModelVersion)
	}
	e.text(6, m.Doc)
	if m.Graph != nil {
		e.message(7, func() { e.graph(m.Graph) })
	}
	for _, o := range m.Opsets {
		e.message(8, func() {
			e.bytes(1, o.Domain) // onnx writes "" too
			e.int(2, o.Version)
		})
	}
	e.metadata(14, m.Metadata)
}

// metadata writes names with values (StringStringEntryProto): metadata_props, external_data.
func (e *encoder) metadata(num protowire.Number, list []Meta) {
	for _, p := range list {
		e.message(num, func() {
			e.bytes(1, p.Key)
			e.bytes(2, p.Value)
		})
	}
}

func (e *encoder) graph(g *Graph) {
	for _, n := range g.Nodes {
		e.message(1, func() { e.node(n) })
	}
	e.text(2, g.Name)
	for _, t := range g.Initializers {
		e.message(5, func() { e.tensor(t) })
	}
	e.text(10, g.Doc)
	e.values(11, g.Inputs)
	e.values(12, g.Outputs)
	e.values(13, g.ValueInfo)
}

func (e *encoder) node(n *Node) {
	for _, name := range n.Inputs {
		e.bytes(1, name)
	}
	for _, name := range n.Outputs {
		e.bytes(2, name)
	}
	e.text(3, n.Name)
	e.text(4, n.OpType)
	for _, a := range n.Attrs {
		e.message(5, func() { e.attr(a) })
	}
	e.text(6, n.Doc)
	e.text(7, n.Domain)
	e.metadata(9, n.Metadata)
}

func (e *encoder) attr(a *Attr) {
	e.text(1, a.Name)
	switch v := a.Value.(type) {
	case float32:
		e.float(2, v)
	case int64:
		e.int(3, v)
	case string:
		e.bytes(4, v)
	case *Tensor:
		e.message(5, func() { e.tensor(v) })
	case *Graph:
		e.message(6, func() { e.graph(v) })
	case []float32:
		for _, x := range v {
			e.float(7, x)
		}
	case []int64:
		for _, x := range v {
			e.int(8, x)
		}
	case []string:
		for _, s := range v {
			e.bytes(9, s)
		}
	case *Value:
		e.message(14, func() { e.valueType(v) })
	}
	e.int(20, int64(a.Kind()))
}

func (e *encoder) values(num protowire.Number, list []*Value) {
	for _, v := range list {
		e.message(num, func() {
			e.text(1, v.Name)
			if v.Type != Undefined || v.HasShape {
				e.message(2, func() { e.valueType(v) })
			}
		})
	}
}

func (e *encoder) valueType(v *Value) {
	e.message(1, func() {
		if v.Type != Undefined {
			e.int(1, int64(v.Type))
		}
		if v.HasShape {
			e.message(2, func() {
				for _, d := range v.Shape {
					e.message(1, func() { e.dim(d) })
				}
			})
		}
	})
}

func (e *encoder) dim(d Dim) {
	switch {
	case d.Param != "":
		e.text(2, d.Param)
	case d.Size >= 0:
		e.int(1, d.Size)
	}
}

func (e *encoder) tensor(t *Tensor) {
	for _, d := range t.Dims {
		e.int(1, d)
	}
	e.int(2, int64(t.Type))
	typed := t.Type.known() && len(t.packed) > 0 && len(t.Raw) == 0
	if typed && dataTypes[t.Type].field < 8 {
		e.raw(dataTypes[t.Type].field, t.packed)
	}
	for _, s := range t.Strings {
		e.bytes(tensorStringData, s)
	}
	e.text(8, t.Name)
	if e.externalData(t) {
		return
	}
	if len(t.Raw) > 0 {
		e.raw(tensorRawData, t.Raw)
	}
	if typed && dataTypes[t.Type].field > 8 {
		e.raw(dataTypes[t.Type].field, t.packed)
	}
}

// externalData writes where the data of t lies outside the model, if it does.
func (e *encoder) externalData(t *Tensor) bool {
	if e.external == nil {
		return false
	}
	offset, ok := e.external.at[t]
	if !ok {
		return false
	}
	e.metadata(13, []Meta{ // external_data
		{"location", e.external.location},
		{"offset", strconv.FormatInt(offset, 10)},
		{"length", strconv.Itoa(len(t.Raw))},
		{"checksum", e.external.sum},
	})
	e.int(14, 1) // data_location EXTERNAL
	return true
}
