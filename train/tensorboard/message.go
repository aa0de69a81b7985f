package tensorboard

import (
	"math"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"
)

// message is a protocol buffer as it is written, field by field in the order of their numbers.
// Numbers and strings that are zero are left out, as proto3 does, but for members of a oneof
// (the methods with set), of which it must be seen which one is there.
type message []byte

func (m *message) double(num protowire.Number, v float64) {
	if v != 0 {
		m.setDouble(num, v)
	}
}

func (m *message) int(num protowire.Number, v int64) {
	if v != 0 {
		m.setInt(num, v)
	}
}

func (m *message) text(num protowire.Number, s string) {
	if s != "" {
		m.setText(num, s)
	}
}

// doubles writes a list, packed. An empty one is left out.
func (m *message) doubles(num protowire.Number, list []float64) {
	if len(list) == 0 {
		return
	}
	*m = protowire.AppendTag(*m, num, protowire.BytesType)
	*m = protowire.AppendVarint(*m, uint64(8*len(list)))
	for _, v := range list {
		*m = protowire.AppendFixed64(*m, math.Float64bits(v))
	}
}

// ints writes a list, packed.
func (m *message) ints(num protowire.Number, list []int64) {
	var packed message
	for _, v := range list {
		packed = protowire.AppendVarint(packed, uint64(v))
	}
	m.set(num, packed)
}

func (m *message) setDouble(num protowire.Number, v float64) {
	*m = protowire.AppendTag(*m, num, protowire.Fixed64Type)
	*m = protowire.AppendFixed64(*m, math.Float64bits(v))
}

func (m *message) setFloat(num protowire.Number, v float32) {
	*m = protowire.AppendTag(*m, num, protowire.Fixed32Type)
	*m = protowire.AppendFixed32(*m, math.Float32bits(v))
}

func (m *message) setInt(num protowire.Number, v int64) {
	*m = protowire.AppendTag(*m, num, protowire.VarintType)
	*m = protowire.AppendVarint(*m, uint64(v))
}

func (m *message) setBool(num protowire.Number, v bool) {
	m.setInt(num, int64(protowire.EncodeBool(v)))
}

// setText writes a string. Readers refuse a message with one that is not UTF-8, such as a path may
// be.
func (m *message) setText(num protowire.Number, s string) {
	m.set(num, []byte(strings.ToValidUTF8(s, "\ufffd")))
}

// set writes a message or bytes.
func (m *message) set(num protowire.Number, b []byte) {
	*m = protowire.AppendTag(*m, num, protowire.BytesType)
	*m = protowire.AppendBytes(*m, b)
}
