package graph

import (
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// encoder writes protobuf fields. A message's length stands before its content,
// so each is written twice: first only counted, then for real. Counting a
// message counts what is inside in the same run, so the work per field grows
// with its depth and no buffer but the result is needed.
type encoder struct {
	buf      []byte
	n        int64 // bytes counted
	counting bool
	external *layout // nil if all data is inside
}

// message writes a message whose content body writes.
func (e *encoder) message(num protowire.Number, body func()) {
	if e.counting {
		start := e.n
		body()
		e.n += int64(protowire.SizeTag(num) + protowire.SizeVarint(uint64(e.n-start)))
		return
	}
	e.counting, e.n = true, 0
	body()
	e.counting = false
	e.buf = protowire.AppendTag(e.buf, num, length)
	e.buf = protowire.AppendVarint(e.buf, uint64(e.n))
	body()
}

func (e *encoder) int(num protowire.Number, v int64) {
	if e.counting {
		e.n += int64(protowire.SizeTag(num) + protowire.SizeVarint(uint64(v)))
		return
	}
	e.buf = protowire.AppendTag(e.buf, num, varint)
	e.buf = protowire.AppendVarint(e.buf, uint64(v))
}

func (e *encoder) float(num protowire.Number, v float32) {
	if e.counting {
		e.n += int64(protowire.SizeTag(num) + protowire.SizeFixed32())
		return
	}
	e.buf = protowire.AppendTag(e.buf, num, fixed32)
	e.buf = protowire.AppendFixed32(e.buf, math.Float32bits(v))
}

// text writes a string that is left out when empty.
func (e *encoder) text(num protowire.Number, s string) {
	if s != "" {
		e.bytes(num, s)
	}
}

// bytes writes a string, empty or not.
func (e *encoder) bytes(num protowire.Number, s string) {
	if e.counting {
		e.n += int64(protowire.SizeTag(num) + protowire.SizeBytes(len(s)))
		return
	}
	e.buf = protowire.AppendTag(e.buf, num, length)
	e.buf = protowire.AppendString(e.buf, s)
}

func (e *encoder) raw(num protowire.Number, b []byte) {
	if e.counting {
		e.n += int64(protowire.SizeTag(num) + protowire.SizeBytes(len(b)))
		return
	}
	e.buf = protowire.AppendTag(e.buf, num, length)
	e.buf = protowire.AppendBytes(e.buf, b)
}
