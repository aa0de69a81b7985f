package graph

import (
	"math"
	"reflect"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protowire"
)

// bytes is the content of a single string or message, a part of the file.
func (f *fields) bytes(num protowire.Number) []byte {
	if f.err != nil || !f.has(num) {
		return nil
	}
	return content(length, f.b[f.at[num]:])
}

// int is a single integer, 0 if absent.
func (f *fields) int(num protowire.Number) int64 {
	if f.err != nil || !f.has(num) {
		return 0
	}
	v, _ := protowire.ConsumeVarint(f.b[f.at[num]:])
	return int64(v)
}

// float is a single float, 0 if absent.
func (f *fields) float(num protowire.Number) float32 {
	if f.err != nil || !f.has(num) {
		return 0
	}
	v, _ := protowire.ConsumeFixed32(f.b[f.at[num]:])
	return math.Float32frombits(v)
}

// text is a single string of any length.
func (f *fields) text(num protowire.Number) string { return f.string(num, f.bytes(num)) }

// name is a single string of limited length.
func (f *fields) name(num protowire.Number) string {
	b := f.bytes(num)
	f.checkName(num, b)
	return f.string(num, b)
}

// peek is a name for use in a message about f, whatever else is wrong with f.
func (f *fields) peek(num protowire.Number) string {
	if !f.has(num) {
		return ""
	}
	b := content(length, f.b[f.at[num]:])
	return string(b[:min(len(b), 100)])
}

func (f *fields) checkName(num protowire.Number, b []byte) {
	if len(b) > MaxNameLen {
		f.failf("%s is %d bytes long, at most %d are allowed", f.m.fields[num].name, len(b), MaxNameLen)
	}
}

func (f *fields) string(num protowire.Number, b []byte) string {
	if !utf8.Valid(b) {
		f.failf("%s is not UTF-8 text", f.m.fields[num].name)
	}
	if !f.charge(stringCost(b)) {
		return ""
	}
	return string(b)
}

// stringCost is what a copy of b takes: memory comes in steps of 8 bytes.
func stringCost(b []byte) int64 { return int64(len(b)+7) &^ 7 }

// names is a repeated string of limited length; each costs extra bytes besides
// its own.
func (f *fields) names(num protowire.Number, extra int64) []string {
	if !f.has(num) || !f.charge(int64(f.count[num])*(costString+extra)) {
		return nil
	}
	list := make([]string, 0, f.count[num])
	for _, b := range f.values(num) {
		f.checkName(num, b)
		list = append(list, f.string(num, b))
	}
	return list
}

// byteStrings is a repeated bytes field: strings that need not be UTF-8.
func (f *fields) byteStrings(num protowire.Number) []string {
	if !f.has(num) || !f.charge(int64(f.count[num])*costString) {
		return nil
	}
	list := make([]string, 0, f.count[num])
	for _, b := range f.values(num) {
		if f.charge(stringCost(b)) {
			list = append(list, string(b))
		}
	}
	return list
}

// ints is a repeated integer.
func (f *fields) ints(num protowire.Number) []int64 {
	n := 0
	for _, b := range f.values(num) {
		n += f.varints(num, b)
	}
	if n == 0 || !f.charge(8*int64(n)) {
		return nil
	}
	list := make([]int64, 0, n)
	for _, b := range f.values(num) {
		for len(b) > 0 {
			v, size := protowire.ConsumeVarint(b)
			list, b = append(list, int64(v)), b[size:]
		}
	}
	return list
}

// varints counts the integers packed in b.
func (f *fields) varints(num protowire.Number, b []byte) (n int) {
	for len(b) > 0 {
		_, size := protowire.ConsumeVarint(b)
		if size < 0 {
			f.failf("%s holds a broken integer: the file is damaged", f.m.fields[num].name)
			return n
		}
		n, b = n+1, b[size:]
	}
	return n
}

// floats is a repeated float.
func (f *fields) floats(num protowire.Number) []float32 {
	size := 0
	for _, b := range f.values(num) {
		if len(b)%4 != 0 {
			f.failf("%s holds %d bytes, not a multiple of 4: the file is damaged", f.m.fields[num].name, len(b))
		}
		size += len(b)
	}
	if size == 0 || !f.charge(int64(size)) {
		return nil
	}
	list := make([]float32, 0, size/4)
	for _, b := range f.values(num) {
		for len(b) > 0 {
			v, n := protowire.ConsumeFixed32(b)
			list, b = append(list, math.Float32frombits(v)), b[n:]
		}
	}
	return list
}

// joined is the content of all values of field num in a row. A single one,
// which is what writers make, is a part of the file and not a copy.
func (f *fields) joined(num protowire.Number) []byte {
	size := 0
	for _, b := range f.values(num) {
		if f.count[num] == 1 {
			return b
		}
		size += len(b)
	}
	if size == 0 || !f.charge(int64(size)) {
		return nil
	}
	all := make([]byte, 0, size)
	for _, b := range f.values(num) {
		all = append(all, b...)
	}
	return all
}

// messages reads a repeated message into a list of T.
func messages[T any](f *fields, num protowire.Number, read func(i int, b []byte) (*T, error)) []*T {
	size := int64(reflect.TypeFor[T]().Size())
	size += size / 8 // steps of the allocator
	if !f.has(num) || !f.charge(int64(f.count[num])*(costPointer+size)) {
		return nil
	}
	list := make([]*T, 0, f.count[num])
	for i, b := range f.values(num) {
		v, err := read(i, b)
		if err != nil {
			f.fail(err)
			return nil
		}
		list = append(list, v)
	}
	return list
}
