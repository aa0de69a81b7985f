package strictjson

import (
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"sync"
)

// walker walks a text that is known to be JSON beside the type that it is decoded into.
type walker struct {
	b    []byte
	at   int
	heap int64 // bytes of memory that may still be taken
}

// member is a field of a struct as JSON has it.
type member struct {
	index int
	kind  reflect.Type
}

var (
	unmarshaler     = reflect.TypeFor[json.Unmarshaler]()
	textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()
)

// place is a field in messages, by its name and that of the object around it.
type place struct{ parent, name string }

func (p place) String() string {
	switch {
	case p.name == "":
		return "the file"
	case p.parent == "":
		return p.name
	}
	return p.parent + "." + p.name
}

// value walks a value of type t.
func (w *walker) value(t reflect.Type, at place) error {
	first := w.next()
	if first == 'n' && nullable(t) {
		w.skip()
		return nil
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
		if err := w.charge(int64(t.Size())); err != nil {
			return err
		}
	}
	from := w.at
	switch kind := t.Kind(); {
	case reflect.PointerTo(t).Implements(unmarshaler), reflect.PointerTo(t).Implements(textUnmarshaler):
		n := w.members()
		return w.charge(int64(w.at-from) + n*memberSize)
	case kind == reflect.Interface:
		w.skip()
		return w.charge(64 * int64(w.at-from)) // the smallest value, in a map or slice that grows
	case kind == reflect.Struct && first == '{':
		return w.object(t, at)
	case kind == reflect.Map && first == '{':
		return w.entries(t, at)
	case (kind == reflect.Slice || kind == reflect.Array) && first == '[':
		return w.elements(t, at)
	}
	return w.scalar(t, at)
}

// memberSize is what a type that decodes itself takes for each member of an object, beside its
// text: its name and a number.
const memberSize = 24

// members passes over a value and counts the members of an object.
func (w *walker) members() (n int64) {
	if w.next() != '{' {
		w.skip()
		return 0
	}
	for w.open('{'); w.more('}'); n++ {
		w.text()
		w.pass(':')
		w.skip()
	}
	return n
}

func nullable(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface:
		return true
	}
	return false
}

// scalar walks a text, number or bool.
func (w *walker) scalar(t reflect.Type, at place) error {
	kind := w.kind()
	from := w.at
	w.skip()
	text := w.b[from:w.at]
	ok := false
	var err error
	switch t.Kind() {
	case reflect.String:
		ok = kind == "string" || kind == "number" && t == reflect.TypeFor[json.Number]()
	case reflect.Bool:
		ok = kind == "bool"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		ok = kind == "number"
		_, err = strconv.ParseInt(string(text), 10, t.Bits())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		ok = kind == "number"
		_, err = strconv.ParseUint(string(text), 10, t.Bits())
	case reflect.Float32, reflect.Float64:
		ok = kind == "number"
		_, err = strconv.ParseFloat(string(text), t.Bits())
	}
	if ok && err != nil {
		return fmt.Errorf("line %d: %s cannot be a JSON number %.40s", line(w.b, int64(from)+1), at, text)
	}
	if !ok {
		return fmt.Errorf("line %d: %s cannot be a JSON %s", line(w.b, int64(from)+1), at, kind)
	}
	return w.charge(int64(len(text)))
}

func (w *walker) object(t reflect.Type, at place) error {
	members := membersOf(t)
	seen := make([]bool, len(members))
	inner := place{}
	if at.name != "" {
		inner.parent = at.String()
	}
	for w.open('{'); w.more('}'); {
		name := unquote(w.text())
		m, ok := members[name]
		if !ok {
			return fmt.Errorf("line %d: unknown field %.100q", w.line(), name)
		}
		if seen[m.index] {
			return fmt.Errorf("line %d: field %q is there twice", w.line(), name)
		}
		seen[m.index] = true
		inner.name = name
		w.pass(':')
		if err := w.value(m.kind, inner); err != nil {
			return err
		}
	}
	return nil
}

// entries walks an object that becomes a map, which has up to four times the room that its
// entries need while it grows.
func (w *walker) entries(t reflect.Type, at place) error {
	seen := map[string]bool{}
	each := 4 * int64(t.Key().Size()+t.Elem().Size()+reflect.TypeFor[string]().Size())
	for w.open('{'); w.more('}'); {
		name := unquote(w.text())
		if seen[name] {
			return fmt.Errorf("line %d: field %.100q is there twice", w.line(), name)
		}
		seen[name] = true
		w.pass(':')
		if err := w.charge(each + 2*int64(len(name))); err != nil {
			return err
		}
		if err := w.value(t.Elem(), place{at.String(), name}); err != nil {
			return err
		}
	}
	return nil
}

// elements walks an array. A slice that grows leaves its shorter forms behind.
func (w *walker) elements(t reflect.Type, at place) error {
	n, each := 0, int64(0)
	if t.Kind() == reflect.Slice {
		each = 3 * int64(t.Elem().Size())
	}
	for w.open('['); w.more(']'); n++ {
		if err := w.charge(each); err != nil {
			return err
		}
		if err := w.value(t.Elem(), at); err != nil {
			return err
		}
	}
	if t.Kind() == reflect.Array && n != t.Len() {
		return fmt.Errorf("line %d: %s has %d values, need %d", w.line(), at, n, t.Len())
	}
	return nil
}

func (w *walker) charge(n int64) error {
	if w.heap -= n; w.heap < 0 {
		return errors.New("reading it would take far more memory than the file is large: the file is damaged or made to exhaust memory")
	}
	return nil
}

var knownMembers sync.Map // what membersOf gave, by type

// membersOf lists the fields of a struct, and those of structs embedded in it, by the names
// that they have in JSON.
func membersOf(t reflect.Type) map[string]member {
	if m, ok := knownMembers.Load(t); ok {
		return m.(map[string]member)
	}
	members := map[string]member{}
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if !f.IsExported() || name == "-" || f.Anonymous && name == "" {
			continue
		}
		if name == "" {
			name = f.Name
		}
		members[name] = member{len(members), f.Type}
	}
	knownMembers.Store(t, members)
	return members
}
