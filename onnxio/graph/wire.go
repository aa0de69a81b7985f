package graph

import (
	"errors"
	"fmt"
	"iter"

	"google.golang.org/protobuf/encoding/protowire"
)

// decoder carries what the reading of one file has used up so far.
type decoder struct {
	heap         int64 // bytes of memory that may still be taken
	nodes        int
	initializers int
	nesting      int // graphs open around the place being read

	inside    *function        // whose nodes are being read; nil for those of the model
	overloads map[*Node]string // of the nodes that have one: it chooses a function
	notes     []string         // what is said of the model, see Model.Notes

	// external loads a tensor's external data; nil where there is no folder.
	external func(ref externalRef, size int64) ([]byte, error)
}

func newDecoder(size int) *decoder {
	return &decoder{heap: heapPerByte*int64(size) + heapBase, overloads: map[*Node]string{}}
}

// fields is one message of the file, walked once: framing, wire types, unknown
// and refused fields are checked, and the single fields are found. Its methods
// do nothing once err is set, so that a message is read in one go and err is
// looked at in the end.
type fields struct {
	d     *decoder
	m     *message
	b     []byte
	count [maxField + 1]int // how often each field is there
	at    [maxField + 1]int // offset of its last value in b
	err   error
}

// scan walks the message b of kind m.
func (d *decoder) scan(m *message, b []byte) fields {
	f := fields{d: d, m: m, b: b}
	for at := 0; at < len(b) && f.err == nil; {
		num, wire, n := protowire.ConsumeTag(b[at:])
		if n < 0 {
			f.err = fmt.Errorf("%s: byte %d is not the start of a field: the file is damaged or not ONNX", m.name, at)
			break
		}
		if f.err = m.check(num, wire); f.err != nil {
			break
		}
		at += n
		n = protowire.ConsumeFieldValue(num, wire, b[at:])
		if n < 0 {
			f.err = fmt.Errorf("%s: field %s is cut off: the file is truncated or damaged", m.name, m.fields[num].name)
			break
		}
		if f.count[num]++; f.count[num] > 1 && !m.fields[num].many {
			f.err = fmt.Errorf("%s: field %s is there twice", m.name, m.fields[num].name)
		}
		f.at[num] = at
		at += n
	}
	return f
}

// check reports whether the message may have field num in this wire type.
func (m *message) check(num protowire.Number, wire protowire.Type) error {
	if num > maxField || m.fields[num].name == "" {
		return fmt.Errorf("%s: field number %d is not known: the file is not ONNX, or newer than IR version 14", m.name, num)
	}
	spec := &m.fields[num]
	packed := spec.many && wire == length
	if wire != spec.wire && !packed {
		return fmt.Errorf("%s: field %s has wire type %d, it must be %d: the file is damaged or not ONNX", m.name, spec.name, wire, spec.wire)
	}
	if spec.refuse != "" {
		return fmt.Errorf("%s: %s", spec.name, spec.refuse)
	}
	return nil
}

// fail keeps the first error of the message.
func (f *fields) fail(err error) {
	if f.err == nil {
		f.err = err
	}
}

func (f *fields) failf(format string, args ...any) {
	if f.err == nil {
		f.err = fmt.Errorf(format, args...)
	}
}

// charge takes n bytes of the file's memory budget.
func (f *fields) charge(n int64) bool {
	if f.err != nil {
		return false
	}
	f.err = f.d.charge(n)
	return f.err == nil
}

// charge takes n bytes of the file's memory budget.
func (d *decoder) charge(n int64) error {
	if d.heap -= n; d.heap < 0 {
		return errors.New("reading it would take far more memory than the file is large: the file is damaged or made to exhaust memory")
	}
	return nil
}

func (f *fields) has(num protowire.Number) bool { return f.count[num] > 0 }

// values walks the values of field num: the content of strings and messages,
// else the bytes of a number or of several that are packed.
func (f *fields) values(num protowire.Number) iter.Seq2[int, []byte] {
	return func(yield func(int, []byte) bool) {
		i := 0
		for at := 0; at < len(f.b) && f.err == nil && i < f.count[num]; {
			n, wire, size := protowire.ConsumeTag(f.b[at:])
			at += size
			end := at + protowire.ConsumeFieldValue(n, wire, f.b[at:])
			if n == num {
				if !yield(i, content(wire, f.b[at:end:end])) {
					return
				}
				i++
			}
			at = end
		}
	}
}

// content strips the length of a value that has one.
func content(wire protowire.Type, value []byte) []byte {
	if wire == length {
		value, _ = protowire.ConsumeBytes(value)
	}
	return value[:len(value):len(value)]
}
