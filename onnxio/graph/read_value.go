package graph

import (
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// value reads a ValueInfoProto of a list that messages call kind.
func (d *decoder) value(kind string) func(i int, b []byte) (*Value, error) {
	return func(i int, b []byte) (*Value, error) {
		f := d.scan(&valueProto, b)
		v := &Value{Name: f.name(1)}
		if f.has(2) && f.err == nil {
			f.fail(d.typed(v, f.bytes(2)))
		}
		return v, within(&f, kind, i, 1)
	}
}

// typed reads the TypeProto b into v.
func (d *decoder) typed(v *Value, b []byte) error {
	f := d.scan(&typeProto, b)
	if f.err != nil || !f.has(1) {
		return f.err
	}
	t := d.scan(&tensorTypeProto, f.bytes(1))
	v.Type = t.dataType(1)
	if t.err != nil || !t.has(2) {
		return t.err
	}
	s := d.scan(&shapeProto, t.bytes(2))
	v.HasShape = true
	if s.count[1] > MaxRank {
		s.failf("the shape has %d dimensions, at most %d are allowed", s.count[1], MaxRank)
	}
	if !s.charge(int64(s.count[1]) * costDim) {
		return s.err
	}
	v.Shape = make([]Dim, 0, s.count[1])
	for i, b := range s.values(1) {
		dim, err := d.dim(i, b)
		s.fail(err)
		v.Shape = append(v.Shape, dim)
	}
	return s.err
}

// dim reads one dimension. A dim_value of −1, which older exporters write for
// the batch, is an unknown size.
func (d *decoder) dim(i int, b []byte) (Dim, error) {
	f := d.scan(&dimProto, b)
	dim := Dim{Size: -1, Param: f.name(2)}
	if f.has(1) {
		if dim.Size = f.int(1); dim.Size < -1 {
			f.failf("dimension %d has size %d", i, dim.Size)
		}
		if f.has(2) {
			f.failf("dimension %d has both a size and a symbol", i)
		}
	}
	return dim, f.err
}

// dataType is an element type, Undefined if absent.
func (f *fields) dataType(num protowire.Number) DataType {
	v := f.int(num)
	if v < 0 || v > math.MaxInt32 || !DataType(v).known() {
		f.failf("%s %d is not known: it is not ONNX, or newer than IR version 14", f.m.fields[num].name, v)
		return Undefined
	}
	return DataType(v)
}
