package report

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"reflect"
	"slices"
	"strings"

	"github.com/gonn-toolkit/gonn/onnxio/parity"
)

// WriteJSON writes a report as indented JSON. JSON has no numbers for NaN and the infinities:
// these become the strings "NaN", "Infinity" and "-Infinity", as in the JSON form of protocol
// buffers. All else is as encoding/json writes it.
func WriteJSON(w io.Writer, r Report) error {
	var e encoder
	if err := e.value(reflect.ValueOf(r)); err != nil {
		return err
	}
	var text bytes.Buffer
	if err := json.Indent(&text, e.Bytes(), "", "  "); err != nil {
		return err
	}
	text.WriteByte('\n')
	_, err := text.WriteTo(w)
	return err
}

// encoder writes values of the kinds that reports are made of.
type encoder struct{ bytes.Buffer }

var marshaler = reflect.TypeFor[json.Marshaler]()

func (e *encoder) value(v reflect.Value) error {
	if !v.IsValid() {
		return e.leaf(nil)
	}
	if v.Type().Implements(marshaler) {
		return e.leaf(v.Interface())
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		return e.value(v.Elem())
	case reflect.Struct:
		return e.object(v)
	case reflect.Map:
		return e.table(v)
	case reflect.Array, reflect.Slice:
		return e.list(v)
	case reflect.Float32, reflect.Float64:
		if f := v.Float(); math.IsNaN(f) || math.IsInf(f, 0) {
			return e.leaf(parity.Number(f))
		}
	}
	return e.leaf(v.Interface())
}

// leaf writes what has no floats of ours inside.
func (e *encoder) leaf(v any) error {
	enc := json.NewEncoder(e)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	if err == nil {
		e.Truncate(e.Len() - 1) // the newline
	}
	return err
}

// object writes the fields of a struct, and those of structs that are embedded in it.
func (e *encoder) object(v reflect.Value) error {
	e.WriteByte('{')
	first := true
	for _, f := range reflect.VisibleFields(v.Type()) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous || !f.IsExported() || name == "-" {
			continue
		}
		if name == "" {
			name = f.Name
		}
		x, err := v.FieldByIndexErr(f.Index)
		if err != nil || options == "omitempty" && empty(x) { // the error is an embedded nil
			continue
		}
		if !first {
			e.WriteByte(',')
		}
		first = false
		if err := e.member(name, x); err != nil {
			return err
		}
	}
	e.WriteByte('}')
	return nil
}

// empty reports whether omitempty leaves a value out.
func empty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Map, reflect.Slice, reflect.String:
		return v.Len() == 0
	case reflect.Struct:
		return false
	}
	return v.IsZero()
}

func (e *encoder) member(name string, v reflect.Value) error {
	if err := e.leaf(name); err != nil {
		return err
	}
	e.WriteByte(':')
	return e.value(v)
}

// table writes a map of strings, in the order of its keys.
func (e *encoder) table(v reflect.Value) error {
	if v.IsNil() {
		return e.leaf(nil)
	}
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	e.WriteByte('{')
	for i, key := range keys {
		if i > 0 {
			e.WriteByte(',')
		}
		if err := e.member(key.String(), v.MapIndex(key)); err != nil {
			return err
		}
	}
	e.WriteByte('}')
	return nil
}

func (e *encoder) list(v reflect.Value) error {
	if v.Kind() == reflect.Slice && v.IsNil() {
		return e.leaf(nil)
	}
	e.WriteByte('[')
	for i := range v.Len() {
		if i > 0 {
			e.WriteByte(',')
		}
		if err := e.value(v.Index(i)); err != nil {
			return err
		}
	}
	e.WriteByte(']')
	return nil
}
